import type * as containerservice from "@pulumi/azure-native/containerservice";
import type * as dataprotection from "@pulumi/azure-native/dataprotection";
import type * as kubernetesconfiguration from "@pulumi/azure-native/kubernetesconfiguration";
import type * as pulumi from "@pulumi/pulumi";

import { digits, row, textInput, type Failure, type Inventory, type PackageTable, type Registration } from "../resource-type";
import { atPath, nameForm, placed, subscription, uuid } from "./ids";
import { lockable } from "./locks";

const bindingType = "azure-native:containerservice:TrustedAccessRoleBinding";
const extensionType = "azure-native:kubernetesconfiguration:Extension";

type Inputs = Readonly<Record<string, unknown>>;
/** What Azure returns as `properties`: what it was given, so that a change can be held against it. */
type Properties<R> = R extends { readonly properties: pulumi.Output<infer T> } ? T : never;

/** Simulated AKS Backup: the vault, and its hand in the cluster. */
export const backupTable: PackageTable = lockable({
  types: {
    [bindingType]: placed<containerservice.TrustedAccessRoleBinding>(
      "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings",
      ["resourceName", "trustedAccessRoleBindingName"],
      {
        // https://learn.microsoft.com/cli/azure/aks/trustedaccess/rolebinding
        check: (inputs) => malformed(inputs, "trustedAccessRoleBindingName", /^[\w-]{1,24}$/, "1 to 24 letters, digits, _ and -"),
      },
    ),
    "azure-native:dataprotection:BackupInstance": placed<dataprotection.BackupInstance>(
      "Microsoft.DataProtection/backupVaults/backupInstances",
      ["vaultName", "backupInstanceName"],
      {
        tags: "tags",
        computed: ({ inputs }) => ({ properties: part(inputs, "properties") as unknown as Properties<dataprotection.BackupInstance> }),
        refuse: (r, inventory) => [...noWayIn(r, inventory), ...changedForGood(r)],
      },
    ),
    "azure-native:dataprotection:BackupPolicy": placed<dataprotection.BackupPolicy>(
      "Microsoft.DataProtection/backupVaults/backupPolicies",
      ["vaultName", "backupPolicyName"],
      {
        computed: ({ inputs }) => ({ properties: part(inputs, "properties") as unknown as Properties<dataprotection.BackupPolicy> }),
        check: policyFailures,
        refuse: changedPolicy,
      },
    ),
    "azure-native:dataprotection:BackupVault": placed<dataprotection.BackupVault>("Microsoft.DataProtection/backupVaults", ["vaultName"], {
      tags: "tags",
      computed: (r) => ({ identity: { type: "SystemAssigned", principalId: uuid(`vault ${r.seed}`), tenantId: uuid("tenant") } }),
      // Its policies and what was set on it; whatever is backed up holds it back.
      takesAlong: ["azure-native:dataprotection:BackupPolicy", "azure-native:monitor:DiagnosticSetting"],
      check: vaultFailures,
    }),
    [extensionType]: atPath(
      row<kubernetesconfiguration.Extension>({
        nameProperty: "extensionName",
        autoName: nameForm,
        id: (r) => `${clusterIdOf(r)}/providers/Microsoft.KubernetesConfiguration/extensions/${extensionName(r)}`,
        computed: (r) => ({
          name: extensionName(r),
          aksAssignedIdentity: { type: "UserAssigned", principalId: uuid(`extension ${r.seed}`), tenantId: uuid("tenant") },
        }),
        refuse: noPlace,
      }),
      "clusterName",
      "clusterResourceName",
      "clusterRp",
      "extensionName",
      "resourceGroupName",
    ),
  },
  functions: {},
});

function part(whole: Inputs | undefined, property: string): Inputs {
  const value = whole?.[property];
  return typeof value === "object" && value !== null ? (value as Inputs) : {};
}

function list(whole: Inputs, property: string): readonly Inputs[] {
  const value = whole[property];
  return Array.isArray(value) ? (value as Inputs[]) : [];
}

function malformed(inputs: Inputs, property: string, form: RegExp, words: string): Failure[] {
  const value = inputs[property];
  return typeof value === "string" && !form.test(value) ? [{ property, reason: `${value} must be ${words}` }] : [];
}

function extensionName(resource: Registration): string {
  return textInput(resource, "extensionName", `${resource.name}${digits(nameForm.digits, resource.seed)}`);
}

function clusterIdOf(resource: Registration): string {
  const group = `/subscriptions/${subscription}/resourceGroups/${textInput(resource, "resourceGroupName")}`;
  const path = ["clusterRp", "clusterResourceName", "clusterName"].map((property) => textInput(resource, property));
  return `${group}/providers/${path.join("/")}`;
}

/** https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-using-cli */
function noWayIn({ inputs }: Registration, inventory: Inventory): Failure[] {
  const cluster = String(part(part(inputs, "properties"), "dataSourceInfo")["resourceID"]);
  const trusted = inventory
    .all(bindingType)
    .some(
      ({ resourceName, sourceResourceId }) =>
        cluster.endsWith(`/managedClusters/${String(resourceName)}`) &&
        String(sourceResourceId).endsWith(`/backupVaults/${String(inputs["vaultName"])}`),
    );
  const installed = inventory
    .all(extensionType)
    .some(
      ({ clusterName, extensionType: kind }) =>
        cluster.endsWith(`/managedClusters/${String(clusterName)}`) && kind === "microsoft.dataprotection.kubernetes",
    );
  return [
    ...(trusted ? [] : [{ property: "properties.dataSourceInfo", reason: "the cluster does not trust the vault" }]),
    ...(installed ? [] : [{ property: "properties.dataSourceInfo", reason: "the cluster has no backup extension" }]),
  ];
}

/** https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-support-matrix#limitations */
function changedForGood({ inputs, previous }: Registration): Failure[] {
  if (previous === undefined) return [];
  const fixed = (properties: Inputs): string =>
    JSON.stringify([
      part(properties, "dataSourceInfo"),
      part(part(part(properties, "policyInfo"), "policyParameters"), "dataStoreParametersList"),
    ]);
  if (fixed(part(previous, "properties")) === fixed(part(inputs, "properties"))) return [];
  return [{ property: "properties", reason: "cluster and snapshot group of a backup instance cannot be changed" }];
}

/** As above. */
function changedPolicy({ inputs, previous }: Registration): Failure[] {
  if (previous === undefined || JSON.stringify(previous["properties"]) === JSON.stringify(inputs["properties"])) return [];
  return [{ property: "properties", reason: "a backup policy cannot be changed" }];
}

/** https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-support-matrix: every 4, 6, 8 or 12 hours, or once a day. */
function policyFailures(inputs: Inputs): Failure[] {
  return list(part(inputs, "properties"), "policyRules").flatMap((rule, index) => {
    const { repeatingTimeIntervals } = part(part(rule, "trigger"), "schedule");
    const intervals = Array.isArray(repeatingTimeIntervals) ? (repeatingTimeIntervals as unknown[]) : [];
    return intervals.flatMap((interval) =>
      /^R\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)\/(PT(4|6|8|12)H|P1D)$/.test(String(interval))
        ? []
        : [{ property: `properties.policyRules[${index}].trigger`, reason: `${String(interval)} is no schedule of AKS Backup` }],
    );
  });
}

/** https://learn.microsoft.com/azure/backup/backup-azure-enhanced-soft-delete-about */
function vaultFailures(inputs: Inputs): Failure[] {
  const { retentionDurationInDays: days } = part(part(part(inputs, "properties"), "securitySettings"), "softDeleteSettings");
  return typeof days === "number" && (days < 14 || days > 180)
    ? [{ property: "properties.securitySettings.softDeleteSettings", reason: `${days} days are not 14 to 180` }]
    : [];
}

/** Its pods tolerate no taint: where every pool has one, the installation hangs (https://github.com/Azure/AKS/issues/3359). */
function noPlace({ inputs }: Registration, inventory: Inventory): Failure[] {
  const place = inventory
    .all("azure-native:containerservice:AgentPool")
    .some(
      ({ resourceName, nodeTaints }) => resourceName === inputs["clusterName"] && (!Array.isArray(nodeTaints) || nodeTaints.length === 0),
    );
  return place ? [] : [{ property: "clusterName", reason: "no pool of the cluster is without a taint" }];
}
