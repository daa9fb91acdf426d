/** A stand-in for cert-manager's controller, whose program is not published as a module: the Secrets that others wait for. */
import type { ApiClient } from "./api-client";
import { type Manifest, textAt } from "./json";

/**
 * Makes the Secret of a Certificate and declares the Certificate ready. What is in it is no certificate: the Percona operator only asks whether its
 * TLS Secrets are there and somebody else's.
 */
export async function issueStandIn(client: ApiClient, certificate: Manifest): Promise<void> {
  const namespace = textAt(certificate, "metadata", "namespace") ?? "default";
  const name = textAt(certificate, "spec", "secretName") ?? "";
  const pem = "stand-in of the cluster test";
  if ((await client.get("v1", "Secret", name, namespace)) === undefined) {
    await client.create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace },
      type: "kubernetes.io/tls",
      stringData: { "ca.crt": pem, "tls.crt": pem, "tls.key": pem },
    });
  }
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const ready = { type: "Ready", status: "True", reason: "Ready", message: pem, lastTransitionTime: now };
  await client.patch(certificate, { status: { conditions: [ready] } }, "status");
}

/** Whether the object is a Certificate of cert-manager. */
export function isCertificate(manifest: Manifest): boolean {
  return manifest.kind === "Certificate" && manifest.apiVersion.startsWith("cert-manager.io/");
}
