/** A stand-in for cert-manager's controller, whose program is not published as a module: it issues what Certificates ask for, with a real chain. */
import type { ApiClient } from "./api-client";
import { type Json, type Manifest, describe, listAt, nameOf, objectAt, textAt } from "./json";
import type { Report } from "./report";
import { type IssuedCertificate, issueCertificate } from "./x509";

const GROUP = "cert-manager.io";
const CHECK = "its certificate is issued";

/** Where cert-manager looks for the Secret of a ClusterIssuer, unless told otherwise. */
const CLUSTER_NAMESPACE = "cert-manager";

/** What a Certificate lives when it does not say: https://cert-manager.io/docs/usage/certificate/ */
const DEFAULT_HOURS = 2160;

/** Why a certificate cannot be issued yet, or ever. */
class Waiting extends Error {}

interface Signer {
  /** Undefined where the certificate signs itself. */
  readonly authority: IssuedCertificate | undefined;
}

/**
 * Makes the Secrets of Certificates, each as soon as its issuer is there, and declares both ready. As with cert-manager itself, the order in which
 * they come does not matter; what is left without an issuer at the end is a failure.
 */
export class CertManagerStandIn {
  private readonly waiting = new Map<string, { readonly certificate: Manifest; words: string }>();
  /** What was issued, by namespace and Secret. */
  private readonly issued = new Map<string, IssuedCertificate>();

  constructor(
    private readonly client: ApiClient,
    private readonly report: Report,
  ) {}

  /** Takes an object that the cluster has accepted; anything but Certificates and issuers is none of its business. */
  async take(object: Manifest): Promise<void> {
    if (!object.apiVersion.startsWith(`${GROUP}/`)) return;
    if (object.kind === "Certificate") this.waiting.set(describe(object), { certificate: object, words: "" });
    let before: number;
    do {
      before = this.waiting.size;
      for (const subject of [...this.waiting.keys()]) await this.tryIssue(subject);
    } while (this.waiting.size < before);
  }

  /** Reports the Certificates that nobody could sign. */
  finish(): void {
    for (const [subject, { words }] of this.waiting) this.report.failed(CHECK, subject, words);
  }

  private async tryIssue(subject: string): Promise<void> {
    const entry = this.waiting.get(subject);
    if (entry === undefined) return;
    try {
      await this.issue(entry.certificate);
      this.waiting.delete(subject);
      this.report.passed(CHECK, subject);
    } catch (error) {
      if (!(error instanceof Waiting)) throw error;
      entry.words = error.message;
    }
  }

  private async issue(certificate: Manifest): Promise<void> {
    const namespace = textAt(certificate, "metadata", "namespace") ?? "default";
    const name = textAt(certificate, "spec", "secretName") ?? "";
    const reference = objectAt(certificate, "spec", "issuerRef");
    const { authority } = await this.signerOf(namespace, reference);
    if ((await this.client.get("v1", "Secret", name, namespace)) !== undefined)
      throw new Waiting(`Secret ${name} is there already: something else makes it, too`);
    const isAuthority = objectAt(certificate, "spec")["isCA"] === true;
    const made = issueCertificate(
      {
        commonName: textAt(certificate, "spec", "commonName"),
        organizations: texts(listAt(certificate, "spec", "subject", "organizations")),
        dnsNames: texts(listAt(certificate, "spec", "dnsNames")),
        isAuthority,
        days: hoursOf(textAt(certificate, "spec", "duration")) / 24,
      },
      authority,
    );
    const kind = textAt(reference, "kind") ?? "Issuer";
    const issuer = textAt(reference, "name") ?? "";
    await this.client.create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name,
        namespace,
        // The Percona operator tells by these whose Secret it is.
        labels: { "controller.cert-manager.io/fao": "true" },
        annotations: {
          [`${GROUP}/certificate-name`]: nameOf(certificate),
          [`${GROUP}/issuer-kind`]: kind,
          [`${GROUP}/issuer-name`]: issuer,
        },
      },
      type: "kubernetes.io/tls",
      stringData: { "ca.crt": (authority ?? made).certificate, "tls.crt": made.certificate, "tls.key": made.key },
    });
    if (isAuthority) this.issued.set(`${namespace}/${name}`, made);
    await this.declareReady(certificate);
    this.report.played.add(`cert-manager: Secret ${namespace}/${name} of Certificate ${nameOf(certificate)}, signed by ${kind} ${issuer}`);
  }

  private async signerOf(namespace: string, reference: Json): Promise<Signer> {
    const kind = textAt(reference, "kind") ?? "Issuer";
    const name = textAt(reference, "name") ?? "";
    const issuer = await this.client.get(`${GROUP}/v1`, kind, name, kind === "Issuer" ? namespace : undefined);
    if (issuer === undefined) throw new Waiting(`${kind} ${name} is not there`);
    const secret = textAt(issuer, "spec", "ca", "secretName");
    if (secret !== undefined) {
      const authority = this.issued.get(`${kind === "Issuer" ? namespace : CLUSTER_NAMESPACE}/${secret}`);
      if (authority === undefined)
        throw new Waiting(`${kind} ${name} signs with Secret ${secret}, which holds no pair of an authority that a Certificate has made`);
      await this.declareReady(issuer);
      return { authority };
    }
    // Others are authorities outside of the cluster, for which one that nobody knows does as well.
    const foreign = !("selfSigned" in objectAt(issuer, "spec"));
    await this.declareReady(issuer);
    const outside = { commonName: "an authority outside of the cluster", organizations: [], dnsNames: [], isAuthority: true, days: 1 };
    return { authority: foreign ? issueCertificate(outside) : undefined };
  }

  private async declareReady(object: Manifest): Promise<void> {
    const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const ready = { type: "Ready", status: "True", reason: "Ready", message: "stand-in of the cluster test", lastTransitionTime: now };
    await this.client.patch(object, { status: { conditions: [ready] } }, "status");
  }
}

function texts(values: readonly Json[]): readonly string[] {
  return values.filter((value) => typeof value === "string");
}

/** Hours of a duration as Go writes it: `8760h`, `2160h0m0s`. */
function hoursOf(duration: string | undefined): number {
  const [, hours] = /^(\d+)h/.exec(duration ?? "") ?? [];
  return hours === undefined ? DEFAULT_HOURS : Number(hours);
}
