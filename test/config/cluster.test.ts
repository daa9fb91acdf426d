import { accepts, clouds, refuses } from "./cases";
import { better, range } from "./words";

const minAboveMax = (max: number): RegExp => new RegExp(`^It must not be above rocketchat:cluster\\.nodes\\.max, which is ${max}: `);
const operators = /^Name the ranges of your operators and of your CI; 0\.0\.0\.0\/0 would open the Kubernetes API to everyone\.$/;

describe("the nodes of the cluster", () => {
  refuses(clouds, [
    {
      what: "fewer nodes than the database has members",
      change: { "cluster.nodes.min": 2 },
      expected: [
        {
          key: "cluster.nodes.min",
          value: "2",
          limit: /^It must be at least 3: the database has 3 members, one to a zone/,
          cure: /^Set it to 3, or, for a trial that survives no node, set rocketchat:mongodb\.members to 1\.$/,
        },
      ],
    },
    {
      what: "a minimum above the maximum",
      change: { "cluster.nodes": { min: 6, max: 5 } },
      expected: [{ key: "cluster.nodes.min", value: "6", limit: minAboveMax(5), cure: /^Raise max to 6 or more, or lower min\.$/ }],
    },
    {
      what: "a minimum above the maximum that holds by default",
      change: { "cluster.nodes.min": 5 },
      expected: [{ key: "cluster.nodes.min", value: "5", limit: minAboveMax(4), cure: /^Raise max to 5 or more, or lower min\.$/ }],
    },
    {
      what: "a disk too small for the images, too large for the cloud",
      change: { "cluster.nodes.diskGiB": 29 },
      expected: [{ key: "cluster.nodes.diskGiB", value: "29", limit: /a whole number from 30 to 1024/, cure: better }],
    },
    {
      what: "spot nodes without a size and without a limit",
      change: { "cluster.spot": { sizes: [] } },
      expected: [
        { key: "cluster.spot.sizes", value: "[]", limit: /a list of at least 1 item/, cure: better },
        { key: "cluster.spot.max", value: undefined, limit: /a whole number from 1 to 20/, cure: /^Add it\.$/ },
      ],
    },
  ]);
  accepts(clouds, [
    { what: "one node at least for one member of the database", change: { "cluster.nodes": { min: 1, max: 3 }, "mongodb.members": 1 } },
    { what: "a minimum that is the maximum", change: { "cluster.nodes": { min: 5, max: 5 } } },
  ]);

  refuses(
    ["aws"],
    [
      {
        what: "a size of Azure",
        change: { "cluster.nodes.size": "Standard_B2s" },
        expected: [{ key: "cluster.nodes.size", value: '"Standard_B2s"', limit: /an EC2 instance type such as t3\.medium/, cure: better }],
      },
    ],
  );
  refuses(
    ["azure"],
    [
      {
        what: "a size of AWS",
        change: { "cluster.nodes.size": "t3.medium" },
        expected: [{ key: "cluster.nodes.size", value: '"t3.medium"', limit: /a virtual machine size such as Standard_B2s/, cure: better }],
      },
      {
        what: "burstable machines for the system pool",
        change: { "cluster.systemNodes.size": "Standard_B2ms" },
        expected: [
          {
            key: "cluster.systemNodes.size",
            value: '"Standard_B2ms"',
            limit: /^It must not be of the B series: /,
            cure: /^Choose a size such as Standard_D2as_v5; the workload's own nodes may stay on the B series\.$/,
          },
        ],
      },
      {
        what: "fewer nodes than zones, each of which has a pool",
        change: {
          "cluster.nodes": { min: 1, max: 1 },
          "app.replicas": { min: 1, max: 2 },
          "cluster.zones": ["1", "3"],
          "mongodb.members": 1,
        },
        expected: [
          {
            key: "cluster.nodes.max",
            value: "1",
            limit: /^It must be at least 2: each of the 2 zones has a pool of its own, /,
            cure: /^Set it to 2 or more, or name fewer zones in rocketchat:cluster\.zones\.$/,
          },
        ],
      },
      {
        what: "one system node",
        change: { "cluster.systemNodes.count": 1 },
        expected: [{ key: "cluster.systemNodes.count", value: "1", limit: /a whole number from 2 to 5/, cure: better }],
      },
    ],
  );
  accepts(
    ["aws"],
    [
      {
        what: "a single node over all zones",
        change: { "cluster.nodes": { min: 1, max: 1 }, "app.replicas": { min: 1, max: 2 }, "mongodb.members": 1 },
      },
    ],
  );
  accepts(
    ["azure"],
    [
      {
        what: "a single node in a single zone",
        change: { "cluster.nodes": { min: 1, max: 1 }, "app.replicas": { min: 1, max: 2 }, "cluster.zones": ["1"], "mongodb.members": 1 },
      },
    ],
  );
});

describe("who may reach the Kubernetes API", () => {
  const open = {
    limit: /^It must not be larger than a \/8: that opens the Kubernetes API to everyone\.$/,
    cure: /^Name the ranges of your operators and of your CI, or, .* set rocketchat:cluster\.acknowledgeOpenApi to true\.$/,
  };
  refuses(
    ["aws"],
    [
      {
        what: "everyone, half of everyone at a time too, unless that is acknowledged",
        change: { "cluster.apiServerCidrs": ["198.18.0.0/24", "0.0.0.0/0", "128.0.0.0/1"] },
        expected: [
          { key: "cluster.apiServerCidrs[1]", value: '"0.0.0.0/0"', ...open },
          { key: "cluster.apiServerCidrs[2]", value: '"128.0.0.0/1"', ...open },
        ],
      },
    ],
  );
  accepts(
    ["aws"],
    [{ what: "everyone, acknowledged", change: { "cluster.apiServerCidrs": ["0.0.0.0/0"], "cluster.acknowledgeOpenApi": true } }],
  );
  refuses(
    ["azure"],
    [
      {
        what: "everyone",
        change: { "cluster.apiServerCidrs": ["198.18.0.0/24", "0.0.0.0/0"] },
        expected: [{ key: "cluster.apiServerCidrs[1]", value: '"0.0.0.0/0"', limit: range(8, 32), cure: operators }],
      },
      {
        what: "half of everyone",
        change: { "cluster.apiServerCidrs": ["128.0.0.0/1"] },
        expected: [{ key: "cluster.apiServerCidrs[0]", value: '"128.0.0.0/1"', limit: range(8, 32), cure: operators }],
      },
    ],
  );
  refuses(clouds, [
    {
      what: "nobody",
      change: { "cluster.apiServerCidrs": [] },
      expected: [
        {
          key: "cluster.apiServerCidrs",
          value: "[]",
          limit: /^It must be a list of at least 1 item: who may reach the Kubernetes API/,
          cure: better,
        },
      ],
    },
    {
      what: "an address without a prefix, and a range of IPv6",
      change: { "cluster.apiServerCidrs": ["198.18.0.1", "2001:db8::/32"] },
      expected: [
        {
          key: "cluster.apiServerCidrs[0]",
          value: '"198.18.0.1"',
          limit: /^It must be an IPv4 range from \/[08] to \/32 /,
          cure: operators,
        },
        {
          key: "cluster.apiServerCidrs[1]",
          value: '"2001:db8::/32"',
          limit: /^It must be an IPv4 range from \/[08] to \/32 /,
          cure: operators,
        },
      ],
    },
  ]);
  accepts(clouds, [{ what: "a single address and a /8", change: { "cluster.apiServerCidrs": ["198.18.0.1/32", "11.0.0.0/8"] } }]);
});

describe("the version of Kubernetes", () => {
  refuses(clouds, [
    {
      what: "a number, as YAML reads it without quotes",
      change: { "cluster.version": 1.36 },
      expected: [{ key: "cluster.version", value: "1.36", limit: /^It must be .*1\.36/, cure: /^Write it in quotes: "1\.36"\.$/ }],
    },
    {
      what: "a number that lost its zero",
      change: { "cluster.version": 1.4 },
      expected: [{ key: "cluster.version", value: "1.4", limit: /^It must be .*1\.36/, cure: /^Write it in quotes: "1\.40"\.$/ }],
    },
  ]);
  refuses(
    ["aws"],
    [
      {
        what: "a minor that EKS no longer takes",
        change: { "cluster.version": "1.33" },
        expected: [
          { key: "cluster.version", value: '"1.33"', limit: /^It must be "1\.36" or "1\.35" or "1\.34": Kubernetes minor/, cure: better },
        ],
      },
      {
        what: "a patch, which EKS chooses by itself",
        change: { "cluster.version": "1.36.1" },
        expected: [{ key: "cluster.version", value: '"1.36.1"', limit: /"1\.36" or "1\.35" or "1\.34"/, cure: better }],
      },
    ],
  );
  accepts(
    ["aws"],
    [
      { what: "the oldest supported minor", change: { "cluster.version": "1.34" } },
      { what: "the newest supported minor", change: { "cluster.version": "1.36" } },
    ],
  );
  const floor = { limit: /^It must be 1\.31\.11 or newer\.$/, cure: /^Use "1\.36", for its newest patch\.$/ };
  refuses(
    ["azure"],
    [
      {
        what: "a patch below the floor",
        change: { "cluster.version": "1.31.10" },
        expected: [{ key: "cluster.version", value: '"1.31.10"', ...floor }],
      },
      {
        what: "a minor below the floor",
        change: { "cluster.version": "1.30" },
        expected: [{ key: "cluster.version", value: '"1.30"', ...floor }],
      },
      {
        what: "what is no version",
        change: { "cluster.version": "latest" },
        expected: [
          {
            key: "cluster.version",
            value: '"latest"',
            limit: /^It must be a Kubernetes version from 1\.31\.11 on, such as 1\.36/,
            cure: better,
          },
        ],
      },
    ],
  );
  accepts(
    ["azure"],
    [
      { what: "the floor itself", change: { "cluster.version": "1.31.11" } },
      { what: "the newest patch of the floor's minor", change: { "cluster.version": "1.31" } },
      { what: "an early patch of a newer minor", change: { "cluster.version": "1.32.0" } },
    ],
  );
});
