import { expect } from "chai";

import type { ResourceGraph } from "../../../simulator/graph";
import { awsEncryption, region, tagged } from "../../support/aws";
import { contents, json, named, simulateComponent, waitedFor } from "../../support/simulated";

const kinds = ["alerts", "backups", "logs", "objects", "secrets", "volumes"] as const;
const account = "999999999999";

/** Leaves the key to the account's own IAM policies. */
const accountStatement = {
  Sid: "AccountPolicies",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: "kms:*",
  Resource: "*",
};
/** What each key says beside that. */
const statements: Readonly<Record<(typeof kinds)[number], readonly unknown[]>> = {
  alerts: [
    {
      Sid: "Senders",
      Effect: "Allow",
      Principal: { Service: ["cloudwatch.amazonaws.com"] },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
  ],
  backups: [],
  logs: [
    {
      Sid: "CloudWatchLogs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${account}:log-group:*` } },
    },
  ],
  objects: [],
  secrets: [],
  volumes: [
    {
      Sid: "Ec2OfThisAccount",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"],
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": `ec2.${region}.amazonaws.com`, "kms:CallerAccount": account } },
    },
  ],
};
const descriptions = {
  alerts: "Alarms on their way",
  backups: "Backup vault",
  logs: "Log groups",
  objects: "Buckets",
  secrets: "Kubernetes secrets",
  volumes: "Disks of nodes and persistent volumes",
} as const;

for (const preview of [true, false]) {
  describe(`the keys of a stack on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsEncryption(), { preview });
    });

    it("are one for each kind of thing, each with an alias, and nothing else", () => {
      expect(contents(graph, "encryption")).to.deep.equal({
        "aws:kms/alias:Alias": kinds.map((kind) => `encryption-${kind}-alias`),
        "aws:kms/key:Key": kinds.map((kind) => `encryption-${kind}-key`),
      });
    });

    for (const kind of kinds) {
      it(`rotate, take a month to be deleted, and admit nobody but who needs them: ${kind}`, () => {
        const { inputs } = named(graph, `encryption-${kind}-key`);
        expect(inputs).to.deep.equal({
          description: `${descriptions[kind]} of rocketchat test`,
          enableKeyRotation: true,
          deletionWindowInDays: 30,
          policy: inputs["policy"],
          tags: tagged(`encryption-${kind}-key`),
        });
        expect(json(inputs["policy"])).to.deep.equal({ Version: "2012-10-17", Statement: [accountStatement, ...statements[kind]] });
      });
    }

    it("are called after project, stack and kind by their aliases", () => {
      for (const kind of kinds) {
        const alias = named(graph, `encryption-${kind}-alias`);
        expect(alias.inputs, kind).to.include({ namePrefix: `alias/rocketchat-test-${kind}-` });
        expect(waitedFor(graph, alias), kind).to.deep.equal([`encryption-${kind}-key`]);
      }
    });

    it("refuse to be deleted, and outlive the stack, where they hold data: volumes, objects and backups", () => {
      for (const kind of kinds) {
        const holdsData = ["backups", "objects", "volumes"].includes(kind);
        expect(named(graph, `encryption-${kind}-key`), kind).to.include({ protect: holdsData, retainOnDelete: holdsData });
        expect(named(graph, `encryption-${kind}-alias`), kind).to.include({ protect: false, retainOnDelete: holdsData });
      }
    });

    it("are handed out by what they are for", () => {
      expect(named(graph, "encryption").outputs).to.have.all.keys(kinds.map((kind) => `${kind}KeyArn`));
      if (preview) return;
      for (const kind of kinds) {
        expect(named(graph, "encryption").outputs[`${kind}KeyArn`], kind).to.equal(named(graph, `encryption-${kind}-key`).outputs["arn"]);
      }
    });
  });
}

describe("the keys of a stack on AWS", () => {
  it("may all go where the configuration lets data go", async () => {
    const graph = await simulateComponent(() => awsEncryption({ protect: false }));
    const held = graph.resources.filter(({ protect, retainOnDelete }) => protect || retainOnDelete);
    expect(held.map(({ name }) => name)).to.deep.equal([]);
    expect(contents(graph, "encryption")["aws:kms/key:Key"]).to.have.lengthOf(kinds.length);
  });
});
