import { expect } from "chai";

import { accepted, certificate, clouds, problemsOf, refuses, expectProblems } from "./cases";
import { add, better } from "./words";

const noSuchKey = /^There is no such key\. Known here: .+\.$/;
const correct = /^Correct its name or remove it\.$/;

describe("the keys of a configuration", () => {
  for (const cloud of clouds) {
    it(`need no more than what has no default on ${cloud}`, () => {
      const config = accepted(cloud, {});
      expect(config.cloud).to.equal(cloud);
      expect(config.region).to.equal(cloud === "aws" ? "us-east-1" : "eastus");
    });
  }

  it("take their defaults from the architecture on aws", () => {
    const config = accepted("aws", {});
    expect(config.cluster).to.deep.include({ version: "1.36", serviceCidr: "172.20.0.0/16", logRetentionDays: 90 });
    expect(config.cluster.nodes).to.deep.equal({ size: "t3.medium", min: 3, max: 4, diskGiB: 30 });
    expect(config.network).to.deep.equal({ create: { cidr: "10.0.0.0/16", natGateways: "per-zone", flowLogRetentionDays: 90 } });
    expect(config.app.replicas).to.deep.equal({ min: 2, max: 5 });
    expect(config.mongodb).to.deep.equal({
      members: 3,
      storageGiB: 20,
      version: "8.0.19-7",
      backup: { retentionDays: 14 },
      passwordRevision: 1,
    });
    expect(config.deletionProtection).to.equal(true);
  });

  it("take their defaults from the architecture on azure", () => {
    const config = accepted("azure", {});
    expect(config.cluster).to.deep.include({ version: "1.36", tier: "Standard", serviceCidr: "10.1.0.0/16", podCidr: "10.244.0.0/16" });
    expect(config.cluster.nodes).to.deep.equal({ size: "Standard_B2s", min: 3, max: 4, diskGiB: 64 });
    expect(config.cluster).to.deep.include({ zones: ["1", "2", "3"] });
    expect(config.network).to.deep.equal({
      create: {
        cidr: "10.0.0.0/16",
        nodeSubnetCidr: "10.0.1.0/24",
        gatewaySubnetCidr: "10.0.2.0/24",
        apiServerSubnetCidr: "10.0.3.0/28",
        watcher: { resourceGroup: "NetworkWatcherRG" },
        flowLogRetentionDays: 90,
      },
    });
  });

  refuses(clouds, [
    {
      what: "a section that does not exist",
      change: { replicas: 3 },
      expected: [{ key: "replicas", value: "a number, not shown", limit: noSuchKey, cure: correct }],
    },
    {
      what: "a misspelt section, and misses the right one",
      change: { alert: { email: "ops@acme.io" }, alerts: undefined },
      expected: [
        { key: "alert", value: "a map, not shown", limit: noSuchKey, cure: correct },
        { key: "alerts", value: undefined, limit: /^It must be a map: who hears of trouble\.$/, cure: add },
      ],
    },
    {
      what: "a misspelt key inside a section",
      change: { "cluster.node": { min: 3 } },
      expected: [{ key: "cluster.node", value: '{"min":3}', limit: /Known here: version, .*nodes/, cure: correct }],
    },
    {
      what: "a misspelt key two maps down",
      change: { "cluster.nodes.minimum": 3 },
      expected: [
        {
          key: "cluster.nodes.minimum",
          value: "3",
          limit: /^There is no such key\. Known here: size, min, max, diskGiB\.$/,
          cure: correct,
        },
      ],
    },
    {
      what: "keys that every JavaScript object has",
      change: { toString: "x", "cluster.constructor": 1 },
      expected: [
        { key: "toString", value: "a text, not shown", limit: noSuchKey, cure: correct },
        { key: "cluster.constructor", value: "1", limit: noSuchKey, cure: correct },
      ],
    },
    {
      what: "a text where a number belongs",
      change: { "cluster.nodes.min": "three" },
      expected: [
        {
          key: "cluster.nodes.min",
          value: '"three"',
          limit: /^It must be a whole number from 1 to 20: fewest nodes over all zones\.$/,
          cure: better,
        },
      ],
    },
    {
      what: "half a node, no node and too many nodes",
      change: { "cluster.nodes.min": 2.5, "cluster.nodes.max": 21, "app.replicas.min": 0 },
      expected: [
        { key: "cluster.nodes.min", value: "2.5", limit: /a whole number from 1 to 20/, cure: better },
        { key: "cluster.nodes.max", value: "21", limit: /a whole number from 1 to 20/, cure: better },
        { key: "app.replicas.min", value: "0", limit: /a whole number from 1 to 20/, cure: better },
      ],
    },
    {
      what: "a text where yes or no belongs",
      change: { deletionProtection: "yes" },
      expected: [{ key: "deletionProtection", value: '"yes"', limit: /^It must be true or false: /, cure: better }],
    },
    {
      what: "a list where a map belongs",
      change: { mongodb: [3], app: ["admin"] },
      expected: [
        { key: "mongodb", value: "a list, not shown", limit: /^It must be a map: the database\.$/, cure: better },
        { key: "app", value: "a list, not shown", limit: /^It must be a map: Rocket\.Chat itself\.$/, cure: better },
      ],
    },
    {
      what: "a map where a list belongs",
      change: { "cluster.apiServerCidrs": { office: "198.18.0.0/24" } },
      expected: [
        {
          key: "cluster.apiServerCidrs",
          value: '{"office":"198.18.0.0/24"}',
          limit: /^It must be a list of at least 1 item: /,
          cure: better,
        },
      ],
    },
    {
      what: "a word that is no choice, a size that is no step",
      change: { "observability.logAgent": "fluentd", "mongodb.members": 2, "observability.logs.storageGiB": 4 },
      expected: [
        { key: "observability.logAgent", value: '"fluentd"', limit: /^It must be "alloy" or "promtail": /, cure: better },
        { key: "mongodb.members", value: "2", limit: /^It must be 1 or 3: members of the replica set/, cure: better },
        { key: "observability.logs.storageGiB", value: "4", limit: /a whole number from 5 to 4096/, cure: better },
      ],
    },
    {
      what: "names that are none",
      change: { domain: "Chat.acme.io", "alerts.email": "ops", "app.version": "latest" },
      expected: [
        { key: "domain", value: '"Chat.acme.io"', limit: /^It must be a DNS name in lower case/, cure: better },
        { key: "alerts.email", value: '"ops"', limit: /^It must be a mail address/, cure: better },
        { key: "app.version", value: '"latest"', limit: /^It must be a release such as 9\.0\.0/, cure: better },
      ],
    },
    {
      what: "a tag that is a number and a tag whose name is none",
      change: { tags: { "cost-center": 4711, "1st": "x" } },
      expected: [
        { key: "tags.cost-center", value: "4711", limit: /^It does not fit rocketchat:tags, which must be a map of texts/, cure: better },
        { key: "tags.1st", value: '"x"', limit: /^It does not fit rocketchat:tags, .*names up to 128/, cure: better },
      ],
    },
    {
      what: "the absence of what has no default",
      change: { domain: undefined, alerts: {}, app: {}, cluster: {} },
      expected: [
        { key: "domain", value: undefined, limit: /^It must be a DNS name/, cure: add },
        { key: "alerts.email", value: undefined, limit: /^It must be a mail address/, cure: add },
        { key: "app.admin", value: undefined, limit: /^It must be a map: the administrator/, cure: add },
        {
          key: "cluster.apiServerCidrs",
          value: undefined,
          limit: /^It must be a list of at least 1 item: who may reach the Kubernetes API/,
          cure: add,
        },
      ],
    },
    {
      what: "a file that says nothing but its cloud and region",
      change: { domain: undefined, alerts: undefined, app: undefined, cluster: undefined },
      expected: ["domain", "alerts", "app", "cluster"].map((key) => ({ key, value: undefined, limit: /^It must be /, cure: add })),
    },
  ]);

  const wrongCloud = (own: string, other: string): RegExp => new RegExp(`belongs to stacks on ${other}; this stack is on ${own}\\.$`);
  const remove = /^Remove it\.$/;

  refuses(
    ["aws"],
    [
      {
        what: "keys of the other cloud",
        change: {
          "tls.keyVaultId": "/subscriptions/1",
          "network.create.nodeSubnetCidr": "10.0.1.0/24",
          "cluster.systemNodes": { count: 2 },
          "cluster.tier": "Free",
          "storage.diskSku": "Premium_LRS",
        },
        expected: [
          { key: "tls.keyVaultId", value: '"/subscriptions/1"', limit: wrongCloud("aws", "azure"), cure: remove },
          { key: "network.create.nodeSubnetCidr", value: '"10.0.1.0/24"', limit: wrongCloud("aws", "azure"), cure: remove },
          { key: "cluster.systemNodes", value: '{"count":2}', limit: wrongCloud("aws", "azure"), cure: remove },
          { key: "cluster.tier", value: '"Free"', limit: wrongCloud("aws", "azure"), cure: remove },
          { key: "storage.diskSku", value: '"Premium_LRS"', limit: wrongCloud("aws", "azure"), cure: remove },
        ],
      },
      {
        what: "principals that are Entra ID's",
        change: { "access.admins": [{ id: "11111111-2222-4333-8444-555555555555", type: "Group" }] },
        expected: [
          {
            key: "access.admins[0]",
            value: '{"id":"11111111-2222-4333-8444-555555555555","type":"Group"}',
            limit: /ARN of an IAM/,
            cure: better,
          },
        ],
      },
    ],
  );

  refuses(
    ["azure"],
    [
      {
        what: "keys of the other cloud",
        change: { "tls.certificateArn": certificate, "network.create.natGateways": "single", "cluster.addonVersions": {} },
        expected: [
          {
            key: "tls.certificateArn",
            value: JSON.stringify(certificate).slice(0, 77) + "...",
            limit: wrongCloud("azure", "aws"),
            cure: remove,
          },
          { key: "network.create.natGateways", value: '"single"', limit: wrongCloud("azure", "aws"), cure: remove },
          { key: "cluster.addonVersions", value: "{}", limit: wrongCloud("azure", "aws"), cure: remove },
        ],
      },
      {
        what: "to be without an administrator, since local accounts are off",
        change: { "access.admins": [] },
        expected: [{ key: "access.admins", value: "[]", limit: /^It must be a list of at least 1 item: who administers/, cure: better }],
      },
      {
        what: "a principal that is half said",
        change: { "access.admins": [{ id: "Ops", type: "Team" }] },
        expected: [
          { key: "access.admins[0].id", value: '"Ops"', limit: /^It must be an object id, a GUID/, cure: better },
          { key: "access.admins[0].type", value: '"Team"', limit: /"Group" or "User" or "ServicePrincipal"/, cure: better },
        ],
      },
    ],
  );
});

describe("cloud and region", () => {
  for (const [what, value, shown] of [
    ["no cloud", undefined, undefined],
    ["a cloud that is none", "gcp", '"gcp"'],
    ["a cloud in capitals", "AWS", '"AWS"'],
  ] as const) {
    it(`refuse ${what}, and leave the rest for later`, () => {
      expectProblems(problemsOf("aws", { cloud: value, domain: 7 }), [
        { key: "cloud", value: shown, limit: /^It must be "aws" or "azure"\.$/, cure: /every other key depends on it/ },
      ]);
    });
  }

  const awsRegion = {
    key: "aws:region",
    limit: /^It must be a region such as us-east-1\.$/,
    cure: /`pulumi config set aws:region us-east-1`/,
  };
  const azureRegion = {
    key: "azure-native:location",
    limit: /^It must be a region such as eastus\.$/,
    cure: /`pulumi config set azure-native:location eastus`/,
  };
  refuses(
    ["aws"],
    [
      { what: "no region", change: { "aws:region": undefined }, expected: [{ ...awsRegion, value: undefined }] },
      { what: "a zone for a region", change: { "aws:region": "us-east-1a" }, expected: [{ ...awsRegion, value: '"us-east-1a"' }] },
      { what: "a region of Azure", change: { "aws:region": "eastus" }, expected: [{ ...awsRegion, value: '"eastus"' }] },
    ],
  );
  refuses(
    ["azure"],
    [
      { what: "no region", change: { "azure-native:location": undefined }, expected: [{ ...azureRegion, value: undefined }] },
      {
        what: "a region's display name",
        change: { "azure-native:location": "East US" },
        expected: [{ ...azureRegion, value: '"East US"' }],
      },
      { what: "a region of AWS", change: { "azure-native:location": "us-east-1" }, expected: [{ ...azureRegion, value: '"us-east-1"' }] },
    ],
  );
});
