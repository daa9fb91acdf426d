import type * as storage from "@pulumi/azure-native/storage";

import { digits, textInput, type Failure, type Inventory, type PackageTable, type Registration } from "../resource-type";
import { placed } from "./ids";
import { lockable, lockTable } from "./locks";

const accountType = "azure-native:storage:StorageAccount";

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage */
const accountName = /^[a-z0-9]{3,24}$/;
/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#container-names */
const containerName = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** Simulated storage accounts. */
export const storageTable: PackageTable = lockable({
  types: {
    ...lockTable.types,
    "azure-native:storage:BlobContainer": placed<storage.BlobContainer>(
      "Microsoft.Storage/storageAccounts/blobServices/containers",
      ["accountName", undefined, "containerName"],
      {
        check: (inputs) => malformed(inputs, "containerName", containerName, "3 to 63 lower case letters, digits and single hyphens"),
        refuse: publicInPrivate,
      },
    ),
    "azure-native:storage:BlobServiceProperties": placed<storage.BlobServiceProperties>(
      "Microsoft.Storage/storageAccounts/blobServices",
      ["accountName", "blobServicesName"],
      {
        check: (inputs) => [...onlyDefault(inputs, "blobServicesName"), ...restoreWithoutMeans(inputs)],
        refuse: versionsInHierarchy,
      },
    ),
    "azure-native:storage:ManagementPolicy": placed<storage.ManagementPolicy>(
      "Microsoft.Storage/storageAccounts/managementPolicies",
      ["accountName", "managementPolicyName"],
      // https://github.com/pulumi/pulumi-azure-native/issues/2164
      { check: (inputs) => onlyDefault(inputs, "managementPolicyName") },
    ),
    [accountType]: placed<storage.StorageAccount>("Microsoft.Storage/storageAccounts", ["accountName"], {
      tags: "tags",
      computed: (r) => ({ primaryEndpoints: endpointsOf(textInput(r, "accountName")), sku: skuOf(r) }),
      createOnly: ["isHnsEnabled"],
      takesAlong: true,
      check: (inputs) => malformed(inputs, "accountName", accountName, "3 to 24 lower case letters and digits"),
      refuse: (r, inventory) => [...nameTaken(r, inventory), ...subnetWithoutEndpoint(r, inventory), ...otherZones(r)],
    }),
  },
  functions: { "azure-native:storage:listStorageAccountKeys": listKeys },
});

type Part = Readonly<Record<string, unknown>>;

function part(whole: Part | undefined, property: string): Part {
  const value = whole?.[property];
  return typeof value === "object" && value !== null ? (value as Part) : {};
}

function endpointsOf(account: string): Record<"blob" | "dfs" | "file" | "queue" | "table" | "web", string> {
  const at = (service: string): string => `https://${account}.${service}.core.windows.net/`;
  return { blob: at("blob"), dfs: at("dfs"), file: at("file"), queue: at("queue"), table: at("table"), web: at("z13.web") };
}

function skuOf({ inputs }: Registration): { name: string; tier: string } {
  return { name: String(part(inputs, "sku")["name"]), tier: "Standard" };
}

function malformed(inputs: Part, property: string, form: RegExp, limit: string): Failure[] {
  const value = inputs[property];
  return typeof value === "string" && !form.test(value) ? [{ property, reason: `${value} must be ${limit}` }] : [];
}

/** Of some things an account has exactly one, and Azure knows it by no other name. */
function onlyDefault(inputs: Part, property: string): Failure[] {
  const value = inputs[property];
  return typeof value === "string" && value !== "default" ? [{ property, reason: `${value} must be default` }] : [];
}

/** https://learn.microsoft.com/azure/storage/blobs/point-in-time-restore-overview#prerequisites-for-point-in-time-restore */
function restoreWithoutMeans(inputs: Part): Failure[] {
  const { enabled, days } = part(inputs, "restorePolicy");
  if (enabled !== true) return [];
  const kept = part(inputs, "deleteRetentionPolicy");
  const missing = [
    ...(inputs["isVersioningEnabled"] === true ? [] : ["versioning"]),
    ...(part(inputs, "changeFeed")["enabled"] === true ? [] : ["change feed"]),
    ...(kept["enabled"] === true ? [] : ["blob soft delete"]),
  ];
  if (missing.length > 0) return [{ property: "restorePolicy", reason: `Point In Time Restore needs ${missing.join(", ")}` }];
  if (Number(days) < Number(kept["days"])) return [];
  return [
    { property: "restorePolicy.days", reason: "Blob Delete Retention policy days should be longer than Point In Time Restore policy days" },
  ];
}

/**
 * The two keys of an account, each in the form of a real one: 64 bytes. The provider does not mark them as secret, and nor does this:
 * https://github.com/pulumi/pulumi-azure-native/issues/1693
 */
function listKeys(args: Part): Record<string, unknown> {
  const { resourceGroupName, accountName: name } = args;
  if (typeof name !== "string" || typeof resourceGroupName !== "string") throw new Error("the storage account is not known yet");
  const keyOf = (keyName: string): string => Buffer.from(digits(64, resourceGroupName, name, keyName).repeat(2), "hex").toString("base64");
  return { keys: ["key1", "key2"].map((keyName) => ({ keyName, value: keyOf(keyName), permissions: "FULL" })) };
}

/** The account that something lies in. */
function accountOf(resource: Registration, inventory: Inventory): Part | undefined {
  const { resourceGroupName, accountName: name } = resource.inputs;
  return inventory
    .all(accountType)
    .find((account) => account["accountName"] === name && account["resourceGroupName"] === resourceGroupName);
}

/** https://learn.microsoft.com/azure/storage/blobs/versioning-overview */
function versionsInHierarchy(resource: Registration, inventory: Inventory): Failure[] {
  const property = "isVersioningEnabled";
  return resource.inputs[property] === true && accountOf(resource, inventory)?.["isHnsEnabled"] === true
    ? [{ property, reason: "Versioning is not supported for accounts with a hierarchical namespace" }]
    : [];
}

/** https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent */
function publicInPrivate(resource: Registration, inventory: Inventory): Failure[] {
  const access = resource.inputs["publicAccess"] ?? "None";
  return access !== "None" && accountOf(resource, inventory)?.["allowBlobPublicAccess"] === false
    ? [{ property: "publicAccess", reason: "PublicAccessNotPermitted: Public access is not permitted on this storage account" }]
    : [];
}

/** All of Azure shares the names, whoever's group an account lies in. */
function nameTaken(resource: Registration, inventory: Inventory): Failure[] {
  const property = "accountName";
  const name = textInput(resource, property);
  return inventory.all(accountType).some((account) => account[property] === name)
    ? [{ property, reason: `StorageAccountAlreadyTaken: The storage account named ${name} is already taken` }]
    : [];
}

/** https://learn.microsoft.com/azure/storage/common/storage-network-security */
function subnetWithoutEndpoint(resource: Registration, inventory: Inventory): Failure[] {
  const rules = part(resource.inputs, "networkRuleSet")["virtualNetworkRules"];
  return (Array.isArray(rules) ? (rules as Part[]) : []).flatMap((rule, index) => {
    const id = String(rule["virtualNetworkResourceId"]);
    const subnet = inventory.find("azure-native:network:Subnet", id);
    const endpoints = (subnet?.["serviceEndpoints"] ?? []) as readonly Part[];
    if (subnet === undefined || endpoints.some(({ service }) => /^Microsoft\.Storage(\.Global)?$/.test(String(service)))) return [];
    return [
      {
        property: `networkRuleSet.virtualNetworkRules[${index}]`,
        reason: `SubnetsHaveNoServiceEndpointsConfigured: ${id} has no service endpoint for Microsoft.Storage`,
      },
    ];
  });
}

/** Copies over the zones come and go by a conversion that Azure does on request, never by an update: https://learn.microsoft.com/azure/storage/common/redundancy-migration */
function otherZones(resource: Registration): Failure[] {
  const { previous } = resource;
  const [before, after] = [part(previous, "sku")["name"], skuOf(resource).name];
  const zonal = (sku: unknown): boolean => /ZRS$/.test(String(sku));
  return previous === undefined || zonal(before) === zonal(after)
    ? []
    : [{ property: "sku", reason: `${String(before)} cannot be changed to ${after}: that takes a conversion of the account` }];
}
