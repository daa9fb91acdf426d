import { clouds, refuses } from "./cases";
import { better, free, overlaps, range } from "./words";

describe("the ranges of a network", () => {
  refuses(clouds, [
    {
      what: "bits behind the prefix",
      change: { "network.cidr": "10.0.0.1/16" },
      expected: [
        { key: "network.cidr", value: '"10.0.0.1/16"', limit: /starts at its network address, such as 10\.0\.0\.0\/(16|8)/, cure: better },
      ],
    },
    {
      what: "what is no range",
      change: { "network.cidr": "10.0.0.0", "cluster.serviceCidr": "10.256.0.0/16" },
      expected: [
        { key: "network.cidr", value: '"10.0.0.0"', limit: /an IPv4 range/, cure: better },
        { key: "cluster.serviceCidr", value: '"10.256.0.0/16"', limit: range(12, 24), cure: better },
      ],
    },
    {
      what: "Services inside the network",
      change: { "cluster.serviceCidr": "10.0.128.0/20" },
      expected: [{ key: "cluster.serviceCidr", value: '"10.0.128.0/20"', limit: overlaps("network.cidr", "10.0.0.0/16"), cure: free }],
    },
    {
      what: "a range with too few addresses for Services",
      change: { "cluster.serviceCidr": "10.1.0.0/25" },
      expected: [{ key: "cluster.serviceCidr", value: '"10.1.0.0/25"', limit: range(12, 24), cure: better }],
    },
    {
      what: "a range for Services that Kubernetes is too small for",
      change: { "cluster.serviceCidr": "10.32.0.0/11" },
      expected: [{ key: "cluster.serviceCidr", value: '"10.32.0.0/11"', limit: range(12, 24), cure: better }],
    },
  ]);
});
