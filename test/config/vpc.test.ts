import { maxZones } from "../../components/network/address-plan";
import { accepts, certificate, refuses } from "./cases";
import { better, free, overlaps, range } from "./words";

describe("the VPC", () => {
  const sizes = /^A smaller VPC has no room for the nodes, the pods and the load balancer of three zones, and EKS takes no larger one\.$/;
  const otherRegion = "arn:aws:acm:eu-west-1:999999999999:certificate/01234567-89ab-cdef-0123-456789abcdef";
  const ofRegion = { limit: /^It must be a zone of us-east-1, the region of the stack\.$/, cure: /^Name it us-east-1a or the like\.$/ };
  const zones = (...letters: string[]): string[] => letters.map((letter) => `us-east-1${letter}`);
  refuses(
    ["aws"],
    [
      {
        what: "a VPC too small for its subnets",
        change: { "network.create.cidr": "10.0.0.0/21" },
        expected: [{ key: "network.create.cidr", value: '"10.0.0.0/21"', limit: range(16, 20), cure: sizes }],
      },
      {
        what: "a VPC larger than AWS makes one",
        change: { "network.create.cidr": "10.0.0.0/15" },
        expected: [{ key: "network.create.cidr", value: '"10.0.0.0/15"', limit: range(16, 20), cure: sizes }],
      },
      {
        what: "a network that the default range of the Services lies in",
        change: { "network.create.cidr": "172.20.0.0/16" },
        expected: [
          { key: "cluster.serviceCidr", value: '"172.20.0.0/16"', limit: overlaps("network.create.cidr", "172.20.0.0/16"), cure: free },
        ],
      },
      {
        what: "fewer zones than the database has members",
        change: { "network.create.zones": zones("a", "b") },
        expected: [
          {
            key: "network.create.zones",
            value: '["us-east-1a","us-east-1b"]',
            limit: /^It must name at least 3 zones: the database has 3 members/,
            cure: /^Name 3 zones, or, for a trial that survives no node, set rocketchat:mongodb\.members to 1\.$/,
          },
        ],
      },
      {
        what: "a zone twice",
        change: { "network.create.zones": zones("a", "b", "c", "a") },
        expected: [
          {
            key: "network.create.zones",
            value: '["us-east-1a","us-east-1b","us-east-1c","us-east-1a"]',
            limit: /^A zone must not be named twice\.$/,
            cure: /^Name each zone once\.$/,
          },
        ],
      },
      {
        what: "one zone, where a control plane needs two",
        change: { "network.create.zones": zones("a"), "mongodb.members": 1 },
        expected: [
          {
            key: "network.create.zones",
            value: '["us-east-1a"]',
            limit: /^It must be a list of 2 to 4 items: availability zones/,
            cure: better,
          },
        ],
      },
      {
        what: "more zones than the address plan has room for",
        change: { "network.create.zones": zones("a", "b", "c", "d", "e").slice(0, maxZones + 1) },
        expected: [
          {
            key: "network.create.zones",
            value: JSON.stringify(zones("a", "b", "c", "d", "e")),
            limit: /^It must be a list of 2 to 4 items: /,
            cure: better,
          },
        ],
      },
      {
        what: "zones of other regions",
        change: { "network.create.zones": ["us-east-1a", "us-east-2b", "eu-west-1c"] },
        expected: [
          { key: "network.create.zones[1]", value: '"us-east-2b"', ...ofRegion },
          { key: "network.create.zones[2]", value: '"eu-west-1c"', ...ofRegion },
        ],
      },
      {
        what: "a certificate of another region",
        change: { "tls.certificateArn": otherRegion },
        expected: [
          {
            key: "tls.certificateArn",
            value: `${JSON.stringify(otherRegion).slice(0, 77)}...`,
            limit: /^It must be a certificate of us-east-1, the region of the stack: /,
            cure: /^Issue or import the certificate in us-east-1\.$/,
          },
        ],
      },
      ...(
        [
          ["neither certificate nor zone", {}, "{}"],
          [
            "both certificate and zone",
            { hostedZone: "acme.io", certificateArn: certificate },
            `${JSON.stringify({ certificateArn: certificate, hostedZone: "acme.io" }).slice(0, 77)}...`,
          ],
        ] as const
      ).map(([what, tls, value]) => ({
        what,
        change: { tls },
        expected: [
          {
            key: "tls",
            value,
            limit: /^It must hold exactly one of certificateArn and hostedZone\.$/,
            cure: /^Name a certificate that exists, or the Route 53 zone in which one shall be issued\.$/,
          },
        ],
      })),
      {
        what: "an ARN that is no certificate, without calling it missing too",
        change: { "tls.certificateArn": "arn:aws:iam::999999999999:server-certificate/x" },
        expected: [
          {
            key: "tls.certificateArn",
            value: '"arn:aws:iam::999999999999:server-certificate/x"',
            limit: /^It must be the ARN of a certificate in ACM: /,
            cure: better,
          },
        ],
      },
    ],
  );
  accepts(
    ["aws"],
    [
      { what: "the smallest VPC", change: { "network.create.cidr": "10.0.0.0/20" } },
      {
        what: "as many zones as the address plan has room for",
        change: { "network.create.zones": zones("a", "b", "c", "d", "e").slice(0, maxZones) },
      },
      { what: "two zones for one member", change: { "network.create.zones": zones("a", "b"), "mongodb.members": 1 } },
      { what: "a zone of Route 53 in place of a certificate", change: { tls: { hostedZone: "acme.io" } } },
    ],
  );
});
