import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as resources from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";

import { assignRole, roles } from "../cluster/azure-roles";
import { settled } from "../cluster/azure-settling";
import type { Tags } from "../tags";

/** A certificate in a Key Vault, with its private key as the secret of the same name. */
export interface VaultCertificate {
  /** Resource id of the vault, which has role-based access and lies in the gateway's subscription. */
  readonly keyVaultId: string;
  readonly secretName: string;
}

export interface CertificateAccessArgs {
  readonly resourceGroup: resources.ResourceGroup;
  readonly region: string;
  readonly certificate: VaultCertificate;
  readonly tags: Tags;
}

/** What the gateway needs to show the certificate. */
export interface CertificateAccess {
  /** Identity that the gateway takes on. */
  readonly identityId: pulumi.Output<string>;
  /** Address of the secret. */
  readonly secretId: string;
  /** What the gateway has to wait for: it fetches the certificate while it is made. */
  readonly ready: pulumi.Resource;
}

/**
 * An identity that may read the one secret and nothing else of the vault: https://learn.microsoft.com/azure/application-gateway/key-vault-certs.
 * Nothing that only Key Vault knows is asked, so whoever runs the program needs no access to secrets, but must be allowed to assign roles there.
 */
export function allowCertificate(parent: pulumi.Resource, name: string, args: CertificateAccessArgs): CertificateAccess {
  const { keyVaultId, secretName } = args.certificate;
  const identity = new managedidentity.UserAssignedIdentity(
    `${name}-identity`,
    { resourceGroupName: args.resourceGroup.name, location: args.region, tags: args.tags },
    { parent },
  );
  const assignment = assignRole(parent, `${name}-identity-certificate`, {
    role: roles.keyVaultSecretsUser,
    scope: `${keyVaultId}/secrets/${secretName}`,
    principalId: identity.principalId,
    principalType: "ServicePrincipal",
  });
  return { identityId: identity.id, secretId: secretId(args.certificate), ready: settled(parent, name, [assignment]) };
}

/** Without a version, so that the gateway looks for a newer one every four hours. Of Azure's clouds, the public one has this domain. */
function secretId({ keyVaultId, secretName }: VaultCertificate): string {
  return `https://${keyVaultId.slice(keyVaultId.lastIndexOf("/") + 1)}.vault.azure.net/secrets/${secretName}`;
}
