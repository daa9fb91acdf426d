import type * as storage from "@pulumi/azure-native/storage";

import type { PackageTable } from "../resource-type";
import { placed } from "./ids";

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage */
const accountName = /^[a-z0-9]{3,24}$/;

/** Simulated storage accounts. */
export const storageTable: PackageTable = {
  types: {
    "azure-native:storage:BlobContainer": placed<storage.BlobContainer>(
      "Microsoft.Storage/storageAccounts/blobServices/containers",
      ["accountName", undefined, "containerName"],
      {},
    ),
    "azure-native:storage:BlobServiceProperties": placed<storage.BlobServiceProperties>(
      "Microsoft.Storage/storageAccounts/blobServices",
      ["accountName", "blobServicesName"],
      {},
    ),
    "azure-native:storage:ManagementPolicy": placed<storage.ManagementPolicy>(
      "Microsoft.Storage/storageAccounts/managementPolicies",
      ["accountName", "managementPolicyName"],
      {},
    ),
    "azure-native:storage:StorageAccount": placed<storage.StorageAccount>("Microsoft.Storage/storageAccounts", ["accountName"], {
      tags: "tags",
      createOnly: ["kind", "isHnsEnabled"],
      check: (inputs) =>
        typeof inputs["accountName"] === "string" && !accountName.test(inputs["accountName"])
          ? [{ property: "accountName", reason: `${inputs["accountName"]} must be 3 to 24 lower case letters and digits` }]
          : [],
    }),
  },
  functions: {},
};
