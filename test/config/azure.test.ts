import { accepts, refuses } from "./cases";
import { better } from "./words";

const use = {
  virtualNetworkId:
    "/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub",
  nodeSubnet: "workers",
  gatewaySubnet: "entrance",
  apiServerSubnet: "control",
};

describe("where the virtual network comes from", () => {
  const oneOfTwo = {
    limit: /^It must hold exactly one of create and use\.$/,
    cure: /^Let the program make a network, or name one that exists\.$/,
  };
  refuses(
    ["azure"],
    [
      { what: "a network neither made nor used", change: { network: {} }, expected: [{ key: "network", value: "{}", ...oneOfTwo }] },
      {
        what: "a network both made and used",
        change: { network: { create: {}, use } },
        expected: [
          { key: "network", value: '{"create":{"cidr":"10.0.0.0/16","nodeSubnetCidr":"10.0.1.0/24","gatewaySubnet...', ...oneOfTwo },
        ],
      },
      {
        what: "one subnet for two",
        change: { network: { use: { ...use, gatewaySubnet: "workers" } } },
        expected: [
          {
            key: "network.use.gatewaySubnet",
            value: '"workers"',
            limit: /^It must be a subnet of its own: nodes, gateway and API server cannot share one\.$/,
            cure: /^Name another subnet\.$/,
          },
        ],
      },
      {
        what: "a network by its name alone",
        change: { network: { use: { ...use, virtualNetworkId: "hub" } } },
        expected: [
          {
            key: "network.use.virtualNetworkId",
            value: '"hub"',
            limit: /^It must be the resource id of a virtual network: /,
            cure: better,
          },
        ],
      },
      {
        what: "users to be chosen where the door is somebody else's",
        change: { network: { use }, "loadBalancer.allowedCidrs": ["198.18.0.0/24"] },
        expected: [
          {
            key: "loadBalancer.allowedCidrs",
            value: '["198.18.0.0/24"]',
            limit: /^It must be left out where rocketchat:network\.use names a network that exists: /,
            cure: /^Have the owner allow these ranges to ports 80 and 443, and remove the key\.$/,
          },
        ],
      },
    ],
  );
  accepts(
    ["azure"],
    [
      { what: "a network that exists", change: { network: { use } } },
      { what: "a network of the program's own with nothing said of it", change: { network: { create: {} } } },
      { what: "chosen users where the door is the program's", change: { "loadBalancer.allowedCidrs": ["198.18.0.0/24"] } },
    ],
  );
});

describe("the bounds of the gateway", () => {
  refuses(
    ["azure"],
    [
      {
        what: "a minimum above the maximum",
        change: { "loadBalancer.capacity": { min: 5, max: 4 } },
        expected: [
          {
            key: "loadBalancer.capacity.min",
            value: "5",
            limit: /^It must not be above rocketchat:loadBalancer\.capacity\.max, which is 4\.$/,
            cure: /^Raise max to 5 or more, or lower min\.$/,
          },
        ],
      },
      {
        what: "a version in the name of the certificate's secret",
        change: { "tls.secretName": "chat/0123456789abcdef" },
        expected: [
          {
            key: "tls.secretName",
            value: '"chat/0123456789abcdef"',
            limit: /^It must be 1 to 127 letters, digits and dashes, without a version: /,
            cure: better,
          },
        ],
      },
      {
        what: "spot capacity for the nodes that carry the database",
        change: { "cluster.nodes.spot": true },
        expected: [
          {
            key: "cluster.nodes.spot",
            value: "true",
            limit: /These nodes carry the database, which never runs on spot capacity\.$/,
            cure: /^Describe a further pool of spot nodes under rocketchat:cluster\.spot, or remove the key\.$/,
          },
        ],
      },
    ],
  );
  accepts(["azure"], [{ what: "bounds that meet", change: { "loadBalancer.capacity": { min: 4, max: 4 } } }]);
});
