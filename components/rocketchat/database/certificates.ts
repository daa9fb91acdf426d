import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { clusterName, labels, memberService, secretNames } from "./names";

const apiVersion = "cert-manager.io/v1";
const group = "cert-manager.io";

/** Ten years. Who trusts the authority reads it at the start only, and would have to be restarted for another. */
const authorityLifetime = "87600h";

/** A year, renewed two months before its end. Each renewal restarts the members one after another, so that a shorter life costs more than it saves. */
const memberLifetime = { duration: "8760h", renewBefore: "1440h" } as const;

export interface CertificatesArgs {
  readonly namespace: pulumi.Output<string>;
  /** What must exist before a certificate can be asked for. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * The database's own chain: an authority that signs itself, and two certificates by it in the Secrets where the operator looks for them. It then
 * makes none of its own, of which neither kind is safe to renew: https://github.com/percona/percona-server-mongodb-operator/issues/2278,
 * https://github.com/percona/percona-server-mongodb-operator/issues/2520. Nor may it be told of an Issuer, which it would take over.
 *
 * @returns the members' certificates
 */
export function createCertificates(parent: pulumi.Resource, name: string, args: CertificatesArgs): k8s.apiextensions.CustomResource[] {
  const { namespace } = args;
  const object = (
    kind: "Issuer" | "Certificate",
    suffix: string,
    objectName: string,
    spec: Record<string, unknown>,
    dependsOn: readonly pulumi.Resource[],
  ): k8s.apiextensions.CustomResource =>
    new k8s.apiextensions.CustomResource(
      `${name}-${suffix}`,
      {
        apiVersion,
        kind,
        metadata: { name: objectName, namespace, labels, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec,
      },
      { parent, dependsOn: [...dependsOn] },
    );
  const issuedBy = (issuer: string): Record<string, unknown> => ({ issuerRef: { group, kind: "Issuer", name: issuer } });

  const selfSigned = `${clusterName}-self-signed`;
  const root = object("Issuer", "self-signed-issuer", selfSigned, { selfSigned: {} }, args.ready);
  const authority = object(
    "Certificate",
    "authority",
    secretNames.authority,
    {
      secretName: secretNames.authority,
      commonName: secretNames.authority,
      isCA: true,
      duration: authorityLifetime,
      // What it signed before must stay valid.
      privateKey: { rotationPolicy: "Never" },
      ...issuedBy(selfSigned),
    },
    [root],
  );
  const issuer = object("Issuer", "issuer", clusterName, { ca: { secretName: secretNames.authority } }, [authority]);
  const member = (suffix: string, secretName: string): k8s.apiextensions.CustomResource =>
    object(
      "Certificate",
      suffix,
      secretName,
      {
        secretName,
        commonName: clusterName,
        // Members know each other by it: https://www.mongodb.com/docs/manual/core/security-internal-authentication/
        subject: { organizations: ["PSMDB"] },
        usages: ["digital signature", "key encipherment", "server auth", "client auth"],
        dnsNames: namespace.apply(memberNames),
        ...memberLifetime,
        ...issuedBy(clusterName),
      },
      [issuer],
    );
  return [member("certificate", secretNames.server), member("internal-certificate", secretNames.internal)];
}

/** Every name by which a member, or whichever answers, is reached. */
function memberNames(namespace: string): string[] {
  const names = [memberService, `${memberService}.${namespace}`, `${memberService}.${namespace}.svc.cluster.local`];
  return ["localhost", ...names, ...names.map((each) => `*.${each}`)];
}
