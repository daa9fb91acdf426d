import type * as aws from "@pulumi/aws";

import { digits, row, textInput, type PackageTable, type Registration, type ResourceType } from "../resource-type";
import { account, arn, autoNamed, joined, roleType } from "./ids";

const role = autoNamed("name", 64);
const rolePolicy = autoNamed("name", 128);

/** Simulated IAM and KMS. */
export const identityTable: PackageTable = {
  types: {
    [roleType]: row<aws.iam.Role>({
      ...role,
      tags: "tags",
      computed: (r) => ({
        name: role.id(r),
        arn: `arn:aws:iam::${account}:role/${role.id(r)}`,
        uniqueId: `AROA${digits(17, r.seed).toUpperCase()}`,
      }),
      createOnly: ["name", "path"],
    }),
    "aws:iam/rolePolicy:RolePolicy": row<aws.iam.RolePolicy>({
      ...rolePolicy,
      id: (r) => `${textInput(r, "role")}:${rolePolicy.id(r)}`,
      computed: (r) => ({ name: rolePolicy.id(r) }),
      createOnly: ["role", "name"],
      refersTo: { role: roleType },
    }),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": row<aws.iam.RolePolicyAttachment>({
      ...joined("/", "role", "policyArn"),
      createOnly: ["role", "policyArn"],
      refersTo: { role: roleType },
    }),
    "aws:kms/alias:Alias": row<aws.kms.Alias>({
      id: (r) => `${textInput(r, "namePrefix")}${digits(26, r.seed)}`,
      computed: (r) => ({ arn: arn("kms", r.region, `${textInput(r, "namePrefix")}${digits(26, r.seed)}`) }),
      createOnly: ["name", "namePrefix", "region"],
      refersTo: { targetKeyId: "aws:kms/key:Key" },
    }),
    "aws:kms/key:Key": row<aws.kms.Key>({
      id: keyId,
      tags: "tags",
      computed: (r) => ({ keyId: keyId(r), arn: arn("kms", r.region, `key/${keyId(r)}`) }),
      createOnly: ["customerMasterKeySpec", "keyUsage", "multiRegion", "region"],
      // A deletion is scheduled, and what the key encrypted finds out when the key is gone.
      outlivedByReferences: true,
    }),
  } satisfies Record<string, ResourceType>,
  functions: {
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({
      id: account,
      accountId: account,
      arn: `arn:aws:iam::${account}:role/deployer`,
      userId: "AROASIMULATED:deployer",
    }),
    "aws:index/getPartition:getPartition": () => ({
      id: "aws",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    }),
  },
};

function keyId(resource: Registration): string {
  const d = digits(32, resource.seed);
  return [d.slice(0, 8), d.slice(8, 12), d.slice(12, 16), d.slice(16, 20), d.slice(20)].join("-");
}
