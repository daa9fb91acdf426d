import { expect } from "chai";

import { SimulatedCloud } from "../../../simulator/cloud";

const vault = "aws:backup/vault:Vault";
const lock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const plan = "aws:backup/plan:Plan";
const testPlan = "aws:backup/restoreTestingPlan:RestoreTestingPlan";
const testSelection = "aws:backup/restoreTestingSelection:RestoreTestingSelection";

const region = "eu-central-1";
const rule = { ruleName: "hourly", schedule: "cron(0 * * * ? *)", startWindow: 60, targetVaultName: "main", lifecycle: { deleteAfter: 2 } };

/** A cloud with one vault. */
function cloudWithVault(): SimulatedCloud {
  const cloud = new SimulatedCloud(region);
  cloud.create({ urn: "urn:main", type: vault, name: "main", inputs: { name: "main" } });
  return cloud;
}
const create = (type: string, inputs: Record<string, unknown>) => () =>
  cloudWithVault().create({ urn: "urn:new", type, name: "new", inputs });

describe("the simulated AWS Backup", () => {
  it("takes what AWS takes", () => {
    expect(create(vault, { name: "main", region: "eu-west-1" })).not.to.throw();
    expect(create(lock, { backupVaultName: "main", minRetentionDays: 1, changeableForDays: 3 })).not.to.throw();
    expect(create(plan, { rules: [rule] })).not.to.throw();
    expect(create(testPlan, { name: "backup_vault_1" })).not.to.throw();
  });

  it("refuses names that AWS refuses", () => {
    expect(create(vault, { name: "main" })).to.throw("aws:backup/vault:Vault main exists already");
    expect(create(vault, { name: "a" })).to.throw("name: a must be 2 to 50");
    expect(create(plan, { rules: [{ ...rule, ruleName: "every hour" }] })).to.throw("rules[0].ruleName: every hour must be");
    expect(create(testPlan, { name: "backup-vault-1" })).to.throw("name: backup-vault-1 must be 1 to 50 letters, digits and underscores");
    expect(create(testSelection, { name: "no-dash", protectedResourceArns: ["*"] })).to.throw("name: no-dash must be");
  });

  it("refuses backups more often than once an hour, and windows that are too short", () => {
    expect(create(plan, { rules: [{ ...rule, schedule: "cron(0/30 * * * ? *)" }] })).to.throw("rules[0].schedule: cron(0/30");
    expect(create(plan, { rules: [{ ...rule, startWindow: 59 }] })).to.throw("rules[0].startWindow: 59 is less than 60");
    expect(create(plan, { rules: [{ ...rule, lifecycle: { deleteAfter: 0 } }] })).to.throw("rules[0].lifecycle.deleteAfter: 0");
    const copyActions = [{ lifecycle: { deleteAfter: 0 } }];
    expect(create(plan, { rules: [{ ...rule, copyActions }] })).to.throw("rules[0].lifecycle.deleteAfter: 0");
  });

  it("refuses a lock that takes hold too soon, or protects nothing", () => {
    expect(create(lock, { backupVaultName: "main", changeableForDays: 2 })).to.throw("changeableForDays: 2 is less than 3");
    expect(create(lock, { backupVaultName: "main", minRetentionDays: 0 })).to.throw("minRetentionDays: 0 is less than 1");
  });

  it("refuses a vault that is not there, or lies in another region", () => {
    expect(create(lock, { backupVaultName: "other" })).to.throw(`there is no vault other in ${region}`);
    expect(create(lock, { backupVaultName: "main", region: "eu-west-1" })).to.throw("there is no vault main in eu-west-1");
    expect(create(plan, { rules: [{ ...rule, targetVaultName: "other" }] })).to.throw("rules[0].targetVaultName: there is no vault other");
  });

  it("refuses a restore test that says what it restores twice, or not at all", () => {
    const cloud = cloudWithVault();
    cloud.create({ urn: "urn:tests", type: testPlan, name: "tests", inputs: { name: "tests" } });
    const select = (more: Record<string, unknown>) => () =>
      cloud.create({ urn: "urn:s", type: testSelection, name: "s", inputs: { name: "s", restoreTestingPlanName: "tests", ...more } });
    expect(select({})).to.throw("either ARNs or conditions");
    expect(select({ protectedResourceArns: ["*"], protectedResourceConditions: {} })).to.throw("either ARNs or conditions");
    expect(select({ protectedResourceArns: ["*"], validationWindowHours: 0 })).to.throw("validationWindowHours: 0 is less than 1");
    expect(select({ protectedResourceArns: ["*"], restoreTestingPlanName: "none" })).to.throw("none does not exist");
    expect(select({ protectedResourceConditions: {}, validationWindowHours: 1 })).not.to.throw();
  });
});
