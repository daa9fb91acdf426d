import { accepts, refuses } from "./cases";
import { better, free, literally, overlaps, range } from "./words";

const wider = /^Choose a wider range \(a smaller number behind the slash\), or fewer nodes\.$/;
const outside = (cidr: string): RegExp =>
  new RegExp(`^It must lie inside rocketchat:network\\.create\\.cidr, which is ${literally(cidr)}\\.$`);
const inside = /^Choose a range inside it, or widen network\.create\.cidr\.$/;

describe("the virtual network", () => {
  refuses(
    ["azure"],
    [
      {
        what: "pods inside the network, and Services among the pods",
        change: { "cluster.podCidr": "10.0.0.0/14", "cluster.serviceCidr": "10.2.0.0/16" },
        expected: [
          { key: "cluster.podCidr", value: '"10.0.0.0/14"', limit: overlaps("network.create.cidr", "10.0.0.0/16"), cure: free },
          { key: "cluster.podCidr", value: '"10.0.0.0/14"', limit: overlaps("cluster.serviceCidr", "10.2.0.0/16"), cure: free },
        ],
      },
      {
        what: "two subnets on the same addresses",
        change: { "network.create.gatewaySubnetCidr": "10.0.1.128/26" },
        expected: [
          {
            key: "network.create.gatewaySubnetCidr",
            value: '"10.0.1.128/26"',
            limit: overlaps("network.create.nodeSubnetCidr", "10.0.1.0/24"),
            cure: free,
          },
        ],
      },
      {
        what: "the API server's subnet among the gateway's addresses",
        change: { "network.create.apiServerSubnetCidr": "10.0.2.16/28" },
        expected: [
          {
            key: "network.create.apiServerSubnetCidr",
            value: '"10.0.2.16/28"',
            limit: overlaps("network.create.gatewaySubnetCidr", "10.0.2.0/24"),
            cure: free,
          },
        ],
      },
      {
        what: "each subnet that lies outside",
        change: {
          "network.create.cidr": "10.0.0.0/22",
          "network.create.gatewaySubnetCidr": "10.0.4.0/24",
          "network.create.apiServerSubnetCidr": "9.0.0.0/28",
        },
        expected: [
          { key: "network.create.gatewaySubnetCidr", value: '"10.0.4.0/24"', limit: outside("10.0.0.0/22"), cure: inside },
          { key: "network.create.apiServerSubnetCidr", value: '"9.0.0.0/28"', limit: outside("10.0.0.0/22"), cure: inside },
        ],
      },
      {
        what: "a network smaller than one of its subnets",
        change: { "network.create.cidr": "10.0.0.0/22", "network.create.nodeSubnetCidr": "10.0.0.0/21" },
        expected: [
          {
            key: "network.create.gatewaySubnetCidr",
            value: '"10.0.2.0/24"',
            limit: overlaps("network.create.nodeSubnetCidr", "10.0.0.0/21"),
            cure: free,
          },
          {
            key: "network.create.apiServerSubnetCidr",
            value: '"10.0.3.0/28"',
            limit: overlaps("network.create.nodeSubnetCidr", "10.0.0.0/21"),
            cure: free,
          },
          { key: "network.create.nodeSubnetCidr", value: '"10.0.0.0/21"', limit: outside("10.0.0.0/22"), cure: inside },
        ],
      },
      {
        what: "a network too small to hold subnets",
        change: { "network.create.cidr": "10.0.0.0/23" },
        expected: [{ key: "network.create.cidr", value: '"10.0.0.0/23"', limit: range(8, 22), cure: better }],
      },
      {
        what: "subnets that are too small",
        change: {
          "network.create.nodeSubnetCidr": "10.0.1.0/28",
          "network.create.gatewaySubnetCidr": "10.0.2.0/27",
          "network.create.apiServerSubnetCidr": "10.0.3.0/29",
        },
        expected: [
          { key: "network.create.nodeSubnetCidr", value: '"10.0.1.0/28"', limit: range(8, 27), cure: better },
          { key: "network.create.gatewaySubnetCidr", value: '"10.0.2.0/27"', limit: range(8, 26), cure: better },
          { key: "network.create.apiServerSubnetCidr", value: '"10.0.3.0/29"', limit: range(8, 28), cure: better },
        ],
      },
      {
        what: "a node subnet too small for the nodes",
        // 3 for the system and 20 for the chat, one more for each of 4 pools, one for the load balancer.
        change: { "network.create.nodeSubnetCidr": "10.0.1.0/27", "cluster.nodes.max": 20, "cluster.systemNodes.count": 3 },
        expected: [
          {
            key: "network.create.nodeSubnetCidr",
            value: '"10.0.1.0/27"',
            limit: /^It must hold 28 addresses .* beside the 5 that Azure keeps; it holds 32\.$/,
            cure: wider,
          },
        ],
      },
      {
        what: "a node subnet too small for the spot nodes",
        change: { "network.create.nodeSubnetCidr": "10.0.1.0/27", "cluster.spot": { sizes: ["Standard_D2s_v5"], max: 18 } },
        // 2, 4 and 18 nodes, one more for each of 5 pools, one for the load balancer.
        expected: [
          {
            key: "network.create.nodeSubnetCidr",
            value: '"10.0.1.0/27"',
            limit: /^It must hold 30 addresses .* the 5 that Azure keeps; it holds 32\.$/,
            cure: wider,
          },
        ],
      },
      {
        what: "too few addresses for the pods",
        change: { "cluster.podCidr": "10.244.0.0/20", "cluster.nodes.max": 7 },
        expected: [
          {
            key: "cluster.podCidr",
            value: '"10.244.0.0/20"',
            limit: /^It must hold 18 blocks of \/24, one for each of at most 9 nodes .*; it holds 16\.$/,
            cure: /^Choose a wider range\.$/,
          },
        ],
      },
      {
        what: "a range of pods that no cluster fits in",
        change: { "cluster.podCidr": "10.244.0.0/21" },
        expected: [{ key: "cluster.podCidr", value: '"10.244.0.0/21"', limit: range(10, 20), cure: better }],
      },
      {
        what: "a zone twice, and then too few",
        change: { "cluster.zones": ["1", "2", "2"] },
        expected: [
          { key: "cluster.zones", value: '["1","2","2"]', limit: /^A zone must not be named twice\.$/, cure: /^Name each zone once\.$/ },
          { key: "cluster.zones", value: '["1","2","2"]', limit: /^It must name at least 3 zones: /, cure: /^Name 3 zones, or/ },
        ],
      },
      {
        what: "zones that are numbers or that Azure does not have",
        change: { "cluster.zones": [1, "2", "3", "4"] },
        expected: [
          { key: "cluster.zones[0]", value: "1", limit: /^It must be "1" or "2" or "3": an availability zone\.$/, cure: better },
          { key: "cluster.zones[3]", value: '"4"', limit: /^It must be "1" or "2" or "3": /, cure: better },
        ],
      },
    ],
  );
  accepts(
    ["azure"],
    [
      {
        what: "a node subnet that is just large enough",
        change: { "network.create.nodeSubnetCidr": "10.0.1.0/27", "cluster.nodes.max": 20 },
      },
      { what: "a range of pods that is just large enough", change: { "cluster.podCidr": "10.244.0.0/20", "cluster.nodes.max": 6 } },
      { what: "the smallest gateway's subnet", change: { "network.create.gatewaySubnetCidr": "10.0.2.0/26" } },
      { what: "one zone for one member", change: { "cluster.zones": ["2"], "mongodb.members": 1 } },
    ],
  );
});
