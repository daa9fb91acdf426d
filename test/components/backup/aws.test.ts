import { expect } from "chai";

import { backupTag } from "../../../components/backup";
import { AwsBackup, type AwsBackupArgs } from "../../../components/backup/aws";
import { unknownText, type GraphResource, type ResourceGraph } from "../../../simulator/graph";
import type { FunctionType } from "../../../simulator/resource-type";
import { functionTypes } from "../../../simulator/tables";
import { awsEncryption, region, tagged, tags } from "../../support/aws";
import { contents, json, named, simulateComponent, waitedFor } from "../../support/simulated";

const account = "999999999999";
const copyRegion = "eu-west-1";

const awsBackup = (change: Partial<AwsBackupArgs> = {}): AwsBackup => {
  const encryption = awsEncryption();
  return new AwsBackup("backup", {
    vaultKeyArn: encryption.backupsKeyArn,
    volumesKeyArn: encryption.volumesKeyArn,
    hourlyRetentionHours: 48,
    dailyRetentionDays: 35,
    vaultLock: "none",
    restoreTests: true,
    selectionTag: backupTag(tags),
    protect: true,
    tags,
    ...change,
  });
};
const build = (change: Partial<AwsBackupArgs> = {}): Promise<ResourceGraph> => simulateComponent(() => awsBackup(change));
const output = (graph: ResourceGraph, name: string, property: string): unknown => named(graph, name).outputs[property];
const rules = (graph: ResourceGraph): unknown[] => named(graph, "backup-plan").inputs["rules"] as unknown[];
const held = ({ protect, retainOnDelete }: GraphResource) => ({ protect, retainOnDelete });

const base = {
  "aws:backup/plan:Plan": ["backup-plan"],
  "aws:backup/restoreTestingPlan:RestoreTestingPlan": ["backup-restore-tests"],
  "aws:backup/restoreTestingSelection:RestoreTestingSelection": ["backup-restore-test-volumes"],
  "aws:backup/selection:Selection": ["backup-selection"],
  "aws:backup/vault:Vault": ["backup-vault"],
  "aws:iam/role:Role": ["backup-backup-role", "backup-restore-role"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["backup-backup-policy", "backup-restore-policy"],
};

for (const preview of [true, false]) {
  describe(`the backup on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsBackup(), { preview });
    });
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("is a vault, a plan with what it selects, weekly restores, and a role for each task; and nothing else", () => {
      expect(contents(graph, "backup")).to.deep.equal(base);
    });

    it("keeps backups under the stack's own key", () => {
      expect(named(graph, "backup-vault").inputs).to.deep.equal({
        kmsKeyArn: later(output(graph, "encryption-backups-key", "arn")),
        forceDestroy: false,
        tags: tagged("backup-vault"),
      });
    });

    it("makes one every hour and one every day, each at its own time, with AWS's shortest window to start in", () => {
      const shared = { targetVaultName: later(output(graph, "backup-vault", "name")), startWindow: 60, recoveryPointTags: tags };
      expect(named(graph, "backup-plan").inputs).to.deep.equal({
        rules: [
          { ...shared, ruleName: "hourly", schedule: "cron(0 * * * ? *)", lifecycle: { deleteAfter: 2 } },
          { ...shared, ruleName: "daily", schedule: "cron(30 2 * * ? *)", lifecycle: { deleteAfter: 35 } },
        ],
        tags: tagged("backup-plan"),
      });
    });

    it("selects this stack's volumes in a way that ignores what the account has opted in to", () => {
      const { inputs } = named(graph, "backup-selection");
      if (!preview) expect(inputs["planId"]).to.match(/^[0-9a-f-]{36}$/);
      expect(inputs).to.deep.equal({
        planId: later(inputs["planId"]),
        iamRoleArn: later(output(graph, "backup-backup-role", "arn")),
        resources: ["arn:aws:ec2:*:*:volume/*"],
        conditions: [{ stringEquals: [{ key: "aws:ResourceTag/backup", value: "rocketchat-test" }] }],
      });
    });

    it("lets AWS Backup alone take the roles, each with AWS's policy for its task", () => {
      for (const [task, policy] of [
        ["backup", "AWSBackupServiceRolePolicyForBackup"],
        ["restore", "AWSBackupServiceRolePolicyForRestores"],
      ] as const) {
        const role = named(graph, `backup-${task}-role`);
        expect(role.inputs, task).to.deep.equal({
          assumeRolePolicy: role.inputs["assumeRolePolicy"],
          tags: tagged(`backup-${task}-role`),
        });
        expect(json(role.inputs["assumeRolePolicy"]), task).to.deep.equal({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
        });
        expect(named(graph, `backup-${task}-policy`).inputs, task).to.deep.equal({
          role: later(role.outputs["name"]),
          policyArn: `arn:aws:iam::aws:policy/service-role/${policy}`,
        });
      }
    });

    it("has permissions before AWS tries them", () => {
      expect(waitedFor(graph, named(graph, "backup-selection"))).to.deep.equal([
        "backup-backup-policy",
        "backup-backup-role",
        "backup-plan",
      ]);
      expect(waitedFor(graph, named(graph, "backup-restore-test-volumes"))).to.deep.equal([
        "backup-restore-policy",
        "backup-restore-role",
        "backup-restore-tests",
        "encryption-volumes-key",
      ]);
    });

    it("restores this stack's volumes every week, under their own key, and deletes them after an hour", () => {
      const name = String(output(graph, "backup-vault", "name")).replaceAll("-", "_");
      expect(named(graph, "backup-restore-tests").inputs).to.deep.equal({
        name: later(name),
        scheduleExpression: "cron(0 5 ? * SUN *)",
        recoveryPointSelection: {
          algorithm: "RANDOM_WITHIN_WINDOW",
          includeVaults: [later(output(graph, "backup-vault", "arn"))],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: 7,
        },
        tags: tagged("backup-restore-tests"),
      });
      expect(named(graph, "backup-restore-test-volumes").inputs).to.deep.equal({
        name: "volumes",
        restoreTestingPlanName: later(name),
        iamRoleArn: later(output(graph, "backup-restore-role", "arn")),
        protectedResourceType: "EBS",
        protectedResourceConditions: { stringEquals: [{ key: "aws:ResourceTag/backup", value: "rocketchat-test" }] },
        restoreMetadataOverrides: { kmsKeyId: later(output(graph, "encryption-volumes-key", "arn")) },
        validationWindowHours: 1,
      });
      if (!preview) expect(name).to.match(/^[0-9A-Za-z_]{1,50}$/);
    });

    it("hands out its vault and the role to restore with", () => {
      expect(named(graph, "backup").outputs).to.deep.equal({
        vault: later(output(graph, "backup-vault", "name")),
        restoreRoleArn: later(output(graph, "backup-restore-role", "arn")),
      });
    });
  });
}

describe("the backup on AWS", () => {
  it("refuses to let the vault go, and keeps with it the role that deletes expired backups", async () => {
    const graph = await build({ vaultLock: "governance", copyRegion });
    const kept = graph.resources.filter(({ name, retainOnDelete }) => name.startsWith("backup-") && retainOnDelete);
    expect(Object.fromEntries(kept.map((resource) => [resource.name, resource.protect]))).to.deep.equal({
      "backup-backup-policy": false,
      "backup-backup-role": false,
      "backup-copies-key": true,
      "backup-copies-lock": false,
      "backup-copies-vault": true,
      "backup-lock": false,
      "backup-vault": true,
    });
    const others = graph.resources.filter(({ name, retainOnDelete }) => name.startsWith("backup-") && !retainOnDelete);
    expect(others.filter(({ protect }) => protect).map(({ name }) => name)).to.deep.equal([]);
  });

  it("lets both vaults go with all they hold where the configuration lets data go", async () => {
    const graph = await build({ protect: false, vaultLock: "governance", copyRegion });
    for (const resource of graph.resources.filter(({ name }) => name.startsWith("backup-")))
      expect(held(resource), resource.name).to.deep.equal({ protect: false, retainOnDelete: false });
    for (const name of ["backup-vault", "backup-copies-vault"]) expect(named(graph, name).inputs, name).to.include({ forceDestroy: true });
  });

  it("rounds hours up to the days that AWS counts in", async () => {
    for (const [hours, days] of [
      [24, 1],
      [25, 2],
      [168, 7],
    ] as const)
      expect(rules(await build({ hourlyRetentionHours: hours }))[0], `${hours} h`).to.deep.include({ lifecycle: { deleteAfter: days } });
  });

  it("has a lock that can be lifted, or one that cannot after AWS's three days; neither refuses the plan's own backups", async () => {
    const governance = await build({ vaultLock: "governance" });
    expect(contents(governance, "backup")).to.deep.equal({
      ...base,
      "aws:backup/vaultLockConfiguration:VaultLockConfiguration": ["backup-lock"],
    });
    expect(named(governance, "backup-lock").inputs).to.deep.equal({
      backupVaultName: output(governance, "backup-vault", "name"),
      minRetentionDays: 2,
    });
    const compliance = await build({ vaultLock: "compliance", hourlyRetentionHours: 168, dailyRetentionDays: 7 });
    expect(named(compliance, "backup-lock").inputs).to.deep.equal({
      backupVaultName: output(compliance, "backup-vault", "name"),
      minRetentionDays: 7,
      changeableForDays: 3,
    });
  });

  it("can leave the restores to people, who still find a role for them", async () => {
    const graph = await build({ restoreTests: false });
    const without = Object.entries(base).filter(([type]) => !type.startsWith("aws:backup/restoreTesting"));
    expect(contents(graph, "backup")).to.deep.equal(Object.fromEntries(without));
    expect(named(graph, "backup").outputs["restoreRoleArn"]).to.equal(output(graph, "backup-restore-role", "arn"));
  });

  it("names no other account's volumes", () => {
    expect(backupTag({ project: "chat", stack: "prod", team: "ops" })).to.deep.equal({ key: "backup", value: "chat-prod" });
    expect(backupTag({ stack: "prod" })).to.deep.equal({ key: "backup", value: "prod" });
  });
});

for (const preview of [true, false]) {
  describe(`the backup on AWS with copies, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsBackup({ copyRegion, vaultLock: "compliance" }), { preview });
    });
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("has a second vault with a key of its own, and nothing else beside that", () => {
      expect(contents(graph, "backup")).to.deep.equal({
        ...base,
        "aws:backup/vault:Vault": ["backup-copies-vault", "backup-vault"],
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration": ["backup-copies-lock", "backup-lock"],
        "aws:kms/key:Key": ["backup-copies-key"],
      });
      expect(graph.resources.filter(({ type }) => type === "pulumi:providers:aws")).to.deep.equal([]);
    });

    it("has them all in the second region, under the first vault's name", () => {
      expect(named(graph, "backup-copies-key").inputs).to.deep.equal({
        region: copyRegion,
        description: "Copies of the backups of rocketchat test",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags: tagged("backup-copies-key"),
      });
      expect(named(graph, "backup-copies-vault").inputs).to.deep.equal({
        name: later(output(graph, "backup-vault", "name")),
        region: copyRegion,
        kmsKeyArn: later(output(graph, "backup-copies-key", "arn")),
        forceDestroy: false,
        tags: tagged("backup-copies-vault"),
      });
      expect(named(graph, "backup-copies-lock").inputs).to.deep.equal({
        backupVaultName: later(output(graph, "backup-vault", "name")),
        region: copyRegion,
        minRetentionDays: 35,
        changeableForDays: 3,
      });
      if (!preview) {
        const name = String(output(graph, "backup-vault", "name"));
        expect(output(graph, "backup-vault", "arn")).to.equal(`arn:aws:backup:${region}:${account}:backup-vault:${name}`);
        expect(output(graph, "backup-copies-vault", "arn")).to.equal(`arn:aws:backup:${copyRegion}:${account}:backup-vault:${name}`);
      }
    });

    it("copies the daily backups only, and keeps the copies as long", () => {
      const [hourly, daily] = rules(graph);
      expect(hourly).to.not.have.property("copyActions");
      expect(daily).to.have.deep.property("copyActions", [
        { destinationVaultArn: later(output(graph, "backup-copies-vault", "arn")), lifecycle: { deleteAfter: 35 } },
      ]);
      // A lock takes no backup that it would let go too early.
      expect(waitedFor(graph, named(graph, "backup-copies-lock"))).to.deep.equal(["backup-copies-vault"]);
      expect(waitedFor(graph, named(graph, "backup-plan"))).to.deep.equal(["backup-copies-vault", "backup-vault"]);
    });
  });
}

describe("the backup on AWS, in another partition", () => {
  const table = functionTypes as Map<string, FunctionType>;
  const token = "aws:index/getPartition:getPartition";
  const original = table.get(token);
  before(() => table.set(token, () => ({ id: "aws-cn", partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" })));
  after(() => {
    if (original !== undefined) table.set(token, original);
  });

  it("names volumes and AWS's policies as they are named there", async () => {
    const graph = await build();
    expect(named(graph, "backup-selection").inputs["resources"]).to.deep.equal(["arn:aws-cn:ec2:*:*:volume/*"]);
    expect(named(graph, "backup-backup-policy").inputs["policyArn"]).to.equal(
      "arn:aws-cn:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    );
  });
});
