import type * as aws from "@pulumi/aws";

import {
  digits,
  row,
  textInput,
  type Failure,
  type Inventory,
  type PackageTable,
  type Registration,
  type ResourceType,
} from "../resource-type";
import { arn, autoNamed } from "./ids";

const vaultType = "aws:backup/vault:Vault";
const planType = "aws:backup/plan:Plan";
const testPlanType = "aws:backup/restoreTestingPlan:RestoreTestingPlan";

const vault = autoNamed("name", 50);
const plan = autoNamed("name", 50);
const selection = autoNamed("name", 50);
const testPlan = autoNamed("name", 50);
const testSelection = autoNamed("name", 50);

type Inputs = Readonly<Record<string, unknown>>;

/** Two vaults of one name in two regions are two: the id of the one outside the stack's region says where it is. */
const regional = (name: string, { inputs }: Registration): string => {
  const { region } = inputs;
  return typeof region === "string" ? `${name}@${region}` : name;
};

/** Simulated AWS Backup. */
export const backupTable: PackageTable = {
  types: {
    [planType]: row<aws.backup.Plan>({
      ...plan,
      id: (r) => uuid(r),
      tags: "tags",
      computed: (r) => ({
        name: plan.id(r),
        arn: arn("backup", r.region, `backup-plan:${uuid(r)}`),
        version: digits(32, JSON.stringify(r.inputs)),
      }),
      recomputed: ["version"],
      createOnly: ["name"],
      check: planFailures,
      refuse: (r, inventory) =>
        rulesOf(r.inputs).flatMap(({ targetVaultName }, index) =>
          missingVault(`rules[${index}].targetVaultName`, targetVaultName, r.region, inventory),
        ),
    }),
    [testPlanType]: row<aws.backup.RestoreTestingPlan>({
      ...testPlan,
      tags: "tags",
      computed: (r) => ({ name: testPlan.id(r), arn: arn("backup", r.region, `restore-testing-plan:${testPlan.id(r)}`) }),
      createOnly: ["name"],
      check: restoreTestName,
    }),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": row<aws.backup.RestoreTestingSelection>({
      ...testSelection,
      id: (r) => `${testSelection.id(r)}:${textInput(r, "restoreTestingPlanName")}`,
      computed: (r) => ({ name: testSelection.id(r) }),
      createOnly: ["name", "protectedResourceType", "restoreTestingPlanName"],
      refersTo: { restoreTestingPlanName: testPlanType },
      check: (inputs) => [...restoreTestName(inputs), ...restoreTestResources(inputs)],
    }),
    // AWS has no call to change one: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupSelection.html
    "aws:backup/selection:Selection": row<aws.backup.Selection>({
      ...selection,
      id: (r) => uuid(r),
      computed: (r) => ({ name: selection.id(r) }),
      createOnly: ["name", "planId", "iamRoleArn", "resources", "notResources", "conditions", "selectionTags"],
      refersTo: { planId: planType },
    }),
    [vaultType]: row<aws.backup.Vault>({
      ...vault,
      id: (r) => regional(vault.id(r), r),
      tags: "tags",
      computed: (r) => ({ name: vault.id(r), arn: arn("backup", r.region, `backup-vault:${vault.id(r)}`), recoveryPoints: 0 }),
      createOnly: ["name", "kmsKeyArn", "region"],
      // https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html
      check: ({ name }) => matches("name", name, /^[\w-]{2,50}$/, "2 to 50 letters, digits, dashes and underscores"),
    }),
    // The provider changes nothing of it in place:
    // https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/backup/vault_lock_configuration.go
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": row<aws.backup.VaultLockConfiguration>({
      id: (r) => regional(textInput(r, "backupVaultName"), r),
      computed: (r) => ({ backupVaultArn: arn("backup", r.region, `backup-vault:${textInput(r, "backupVaultName")}`) }),
      createOnly: ["backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays", "region"],
      // It has the vault's ARN, and what names that means the vault.
      outlivedByReferences: true,
      check: lockFailures,
      refuse: (r, inventory) => missingVault("backupVaultName", r.inputs["backupVaultName"], r.region, inventory),
    }),
  } satisfies Record<string, ResourceType>,
  functions: {},
};

function uuid({ seed }: Registration): string {
  const d = digits(32, seed);
  return [d.slice(0, 8), d.slice(8, 12), d.slice(12, 16), d.slice(16, 20), d.slice(20)].join("-");
}

function matches(property: string, value: unknown, form: RegExp, words: string): Failure[] {
  return typeof value !== "string" || form.test(value) ? [] : [{ property, reason: `${value} must be ${words}` }];
}

function atLeast(property: string, value: unknown, least: number): Failure[] {
  return typeof value !== "number" || value >= least ? [] : [{ property, reason: `${value} is less than ${least}` }];
}

function missingVault(property: string, name: unknown, region: string, inventory: Inventory): Failure[] {
  if (typeof name !== "string") return [];
  const there = inventory.all(vaultType).some((candidate) => candidate["arn"] === arn("backup", region, `backup-vault:${name}`));
  return there ? [] : [{ property, reason: `there is no vault ${name} in ${region}` }];
}

function rulesOf({ rules }: Inputs): Inputs[] {
  return Array.isArray(rules) ? (rules as Inputs[]) : [];
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html */
function planFailures(inputs: Inputs): Failure[] {
  return rulesOf(inputs).flatMap(({ ruleName, schedule, startWindow, lifecycle, copyActions }, index) => {
    const at = (property: string): string => `rules[${index}].${property}`;
    const copies = Array.isArray(copyActions) ? (copyActions as Inputs[]) : [];
    const lifecycles = [lifecycle, ...copies.map((copy) => copy["lifecycle"])];
    return [
      ...matches(at("ruleName"), ruleName, /^[\w.-]{1,50}$/, "1 to 50 letters, digits, dashes, underscores and dots"),
      // A minute that is a range or a step is more than one backup an hour.
      ...matches(at("schedule"), schedule, /^cron\(\d+ \S+ \S+ \S+ \S+ \S+\)$/, "a cron expression of six fields, at most once an hour"),
      ...atLeast(at("startWindow"), startWindow, 60),
      ...lifecycles.flatMap((one) => atLeast(at("lifecycle.deleteAfter"), (one as Inputs | undefined)?.["deleteAfter"], 1)),
    ];
  });
}

/** https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/backup/restore_testing_plan.go */
function restoreTestName({ name }: Inputs): Failure[] {
  return matches("name", name, /^\w{1,50}$/, "1 to 50 letters, digits and underscores");
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingSelectionForCreate.html */
function restoreTestResources({ protectedResourceArns, protectedResourceConditions, validationWindowHours }: Inputs): Failure[] {
  const both = (protectedResourceArns === undefined) === (protectedResourceConditions === undefined);
  return [
    ...(both ? [{ property: "protectedResourceArns", reason: "a selection has either ARNs or conditions" }] : []),
    ...atLeast("validationWindowHours", validationWindowHours, 1),
  ];
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html */
function lockFailures({ minRetentionDays, changeableForDays }: Inputs): Failure[] {
  return [...atLeast("minRetentionDays", minRetentionDays, 1), ...atLeast("changeableForDays", changeableForDays, 3)];
}
