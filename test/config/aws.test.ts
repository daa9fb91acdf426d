import { accepts, refuses } from "./cases";
import { better } from "./words";

const subnets = (...letters: string[]): string[] => letters.map((letter) => `subnet-0123456789abcde${letter}`);
const use = { vpcId: "vpc-0123456789abcdef0", privateSubnetIds: subnets("a", "b", "c"), publicSubnetIds: subnets("d", "e", "f") };
const role = "arn:aws:iam::999999999999:role/deployer";

describe("where the VPC comes from", () => {
  const both = { create: { cidr: "10.0.0.0/16" }, use };
  const oneOfTwo = {
    limit: /^It must hold exactly one of create and use\.$/,
    cure: /^Let the program make a VPC, or name one that exists\.$/,
  };
  refuses(
    ["aws"],
    [
      {
        what: "a VPC both made and used",
        change: { network: both },
        // What is shown is what the program would go by, defaults filled in.
        expected: [
          { key: "network", value: '{"create":{"cidr":"10.0.0.0/16","natGateways":"per-zone","flowLogRetentionDay...', ...oneOfTwo },
        ],
      },
      { what: "a VPC neither made nor used", change: { network: {} }, expected: [{ key: "network", value: "{}", ...oneOfTwo }] },
      {
        what: "a subnet twice",
        change: { network: { use: { ...use, publicSubnetIds: subnets("d", "d") } } },
        expected: [
          {
            key: "network.use.publicSubnetIds",
            value: JSON.stringify(subnets("d", "d")),
            limit: /^A subnet must not be named twice\.$/,
            cure: /^Name each subnet once\.$/,
          },
        ],
      },
      {
        what: "fewer subnets than the database has members",
        change: { network: { use: { ...use, privateSubnetIds: subnets("a", "b") } } },
        expected: [
          {
            key: "network.use.privateSubnetIds",
            value: JSON.stringify(subnets("a", "b")),
            limit: /^It must name at least 3 subnets, each in a zone of its own: /,
            cure: /^Name 3 subnets, or, for a trial/,
          },
        ],
      },
      {
        what: "ids that are none",
        change: { network: { use: { ...use, vpcId: "vpc-1", publicSubnetIds: ["subnet-1", ...subnets("a")] } } },
        expected: [
          {
            key: "network.use.vpcId",
            value: '"vpc-1"',
            limit: /^It must be the id of a VPC such as vpc-0123456789abcdef0: /,
            cure: better,
          },
          { key: "network.use.publicSubnetIds[0]", value: '"subnet-1"', limit: /^It must be the id of a subnet such as /, cure: better },
        ],
      },
    ],
  );
  accepts(
    ["aws"],
    [
      { what: "a VPC that exists", change: { network: { use } } },
      { what: "a VPC of the program's own with nothing said of it", change: { network: { create: {} } } },
      {
        what: "two subnets for a database of one member",
        change: { network: { use: { ...use, privateSubnetIds: subnets("a", "b") } }, "mongodb.members": 1 },
      },
    ],
  );
});

describe("a second region", () => {
  const second = (path: string) => ({
    key: path,
    value: '"us-east-1"',
    limit: /^It must be another region than us-east-1, the stack's own: copies are for the day on which that is lost\.$/,
    cure: /^Name another region, or remove the key\.$/,
  });
  refuses(
    ["aws"],
    [
      {
        what: "copies in the region that they are to outlive",
        change: { "storage.replication": { region: "us-east-1" }, "backup.copyRegion": "us-east-1" },
        expected: [second("storage.replication.region"), second("backup.copyRegion")],
      },
      {
        what: "what is no region",
        change: { "backup.copyRegion": "Frankfurt" },
        expected: [{ key: "backup.copyRegion", value: '"Frankfurt"', limit: /^It must be a region such as us-west-2: /, cure: better }],
      },
    ],
  );
  accepts(
    ["aws"],
    [{ what: "copies elsewhere", change: { "storage.replication": { region: "us-west-2" }, "backup.copyRegion": "us-west-2" } }],
  );
});

describe("a zone of Route 53", () => {
  const long = `${"a".repeat(57)}.acme.io`;
  refuses(
    ["aws"],
    [
      {
        what: "one that does not hold the domain",
        change: { tls: { hostedZone: "me.io" } },
        expected: [
          {
            key: "tls.hostedZone",
            value: '"me.io"',
            limit: /^It must hold rocketchat:domain, which is chat\.acme\.io: /,
            cure: /^Name the zone whose name ends the domain's, or change the domain\.$/,
          },
        ],
      },
      {
        what: "a domain too long for a certificate of ACM",
        change: { tls: { hostedZone: "acme.io" }, domain: long },
        expected: [
          {
            key: "domain",
            value: `"${long}"`,
            limit: /^It must have 64 characters at most where the certificate is issued in rocketchat:tls\.hostedZone: /,
            cure: /^Choose a shorter name, or name a certificate of yours /,
          },
        ],
      },
    ],
  );
  accepts(
    ["aws"],
    [
      { what: "one that the domain lies in", change: { tls: { hostedZone: "acme.io" } } },
      { what: "one that is the domain's own", change: { tls: { hostedZone: "chat.acme.io" } } },
    ],
  );
});

describe("an identity of the provider's own", () => {
  const settings = { "aws:assumeRoles": [{ roleArn: role }], "aws:profile": "prod", "aws:accessKey": "AKIA", "aws:region": "us-east-1" };
  const refused = {
    value: "set",
    limit: /^It makes the cluster belong to another identity than the one that the AWS CLI has, .*Unauthorized\.$/,
    cure: /^Set rocketchat:access\.deployerRole to the role that the provider works as, or remove the key/,
  };
  refuses(
    ["aws"],
    [
      {
        what: "it where kubectl would have another",
        change: settings,
        expected: ["aws:assumeRoles", "aws:profile", "aws:accessKey"].map((key) => ({ key, ...refused })),
      },
      {
        what: "a deployer who gets an entry of its own beside the one that it has",
        change: { access: { deployerRole: role, admins: [role], viewers: [] } },
        expected: [
          {
            key: "access.admins",
            value: JSON.stringify(role),
            limit: /^It must not name rocketchat:access\.deployerRole: whoever makes the cluster is its administrator/,
            cure: /^Remove it from the list\.$/,
          },
        ],
      },
    ],
  );
  accepts(["aws"], [{ what: "it with a role for kubectl", change: { ...settings, "access.deployerRole": role } }]);
});

describe("add-ons and nodes on AWS", () => {
  refuses(
    ["aws"],
    [
      {
        what: "spot capacity for the nodes that carry the database",
        change: { "cluster.nodes.spot": true, "cluster.nodes.capacityType": "SPOT" },
        expected: ["spot", "capacityType"].map((name) => ({
          key: `cluster.nodes.${name}`,
          value: name === "spot" ? "true" : '"SPOT"',
          limit:
            /^There is no such key\. Known here: size, min, max, diskGiB\. These nodes carry the database, which never runs on spot capacity\.$/,
          cure: /^Describe a further pool of spot nodes under rocketchat:cluster\.spot, or remove the key\.$/,
        })),
      },
      {
        what: "an add-on that is not the program's, and a version that is none",
        change: { "cluster.addonVersions": { istio: "v1.0.0-eksbuild.1", coredns: "latest" } },
        expected: [
          {
            key: "cluster.addonVersions.istio",
            value: '"v1.0.0-eksbuild.1"',
            limit: /^There is no such key\. Known here: amazon-cloudwatch-observability, .*vpc-cni\.$/,
            cure: /^Correct its name or remove it\.$/,
          },
          {
            key: "cluster.addonVersions.coredns",
            value: '"latest"',
            limit: /a map from .*coredns.* to versions such as v1\.21\.2-eksbuild\.1/,
            cure: better,
          },
        ],
      },
      {
        what: "a network plugin that cuts new nodes off",
        change: { "cluster.addonVersions": { "vpc-cni": "v1.22.0-eksbuild.1" } },
        expected: [
          {
            key: "cluster.addonVersions.vpc-cni",
            value: '"v1.22.0-eksbuild.1"',
            limit: /^It must be v1\.21\.2 or newer, or v1\.22\.1 or newer of its minor: /,
            cure: /^Name a newer version, or none, /,
          },
        ],
      },
    ],
  );
  accepts(["aws"], [{ what: "a pinned add-on", change: { "cluster.addonVersions": { "vpc-cni": "v1.22.1-eksbuild.1" } } }]);
});
