import { clouds, refuses } from "./cases";
import { better, free, overlaps, range } from "./words";

for (const cloud of clouds)
  describe(`the ranges of a network on ${cloud}`, () => {
    const { key, cure } =
      cloud === "aws" ? { key: "network.create.cidr", cure: /^A smaller VPC has no room / } : { key: "network.create.cidr", cure: better };
    refuses(
      [cloud],
      [
        {
          what: "bits behind the prefix",
          change: { [key]: "10.0.0.1/16" },
          expected: [{ key, value: '"10.0.0.1/16"', limit: /starts at its network address, such as 10\.0\.0\.0\/(16|8)/, cure }],
        },
        {
          what: "what is no range",
          change: { [key]: "10.0.0.0", "cluster.serviceCidr": "10.256.0.0/16" },
          expected: [
            { key, value: '"10.0.0.0"', limit: /an IPv4 range/, cure },
            { key: "cluster.serviceCidr", value: '"10.256.0.0/16"', limit: range(12, 24), cure: better },
          ],
        },
        {
          what: "Services inside the network",
          change: { "cluster.serviceCidr": "10.0.128.0/20" },
          expected: [{ key: "cluster.serviceCidr", value: '"10.0.128.0/20"', limit: overlaps(key, "10.0.0.0/16"), cure: free }],
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
      ],
    );
  });
