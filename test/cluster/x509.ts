/** X.509 certificates over node's own keys and signatures, in as much DER as a private chain needs (RFC 5280). */
import { type KeyObject, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** What a certificate is to say. */
export interface CertificateRequest {
  readonly commonName?: string | undefined;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly isAuthority: boolean;
  readonly days: number;
}

/** A certificate with its key, fit to sign others where it is an authority's. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly privateKey: KeyObject;
  /** DER, which certificates signed by it name as their issuer. */
  readonly subject: Buffer;
}

const oid = {
  commonName: "550403",
  organization: "55040a",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
  ecdsaWithSha256: "2a8648ce3d040302",
} as const;

/** @param issuer the authority that signs; left out the certificate signs itself. */
export function issueCertificate(request: CertificateRequest, issuer?: IssuedCertificate): IssuedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = nameOf(request);
  const algorithm = sequence(identifier(oid.ecdsaWithSha256));
  const now = Date.now();
  const body = sequence(
    // Version 3.
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    issuer?.subject ?? subject,
    sequence(time(new Date(now - 60_000)), time(new Date(now + request.days * 86_400_000))),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensionsOf(request))),
  );
  const signature = sign("sha256", body, issuer?.privateKey ?? privateKey);
  const certificate = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    privateKey,
    subject,
  };
}

function extensionsOf({ dnsNames, isAuthority }: CertificateRequest): readonly Buffer[] {
  const yes = tagged(0x01, Buffer.from([0xff]));
  const extension = (id: string, value: Buffer): Buffer => sequence(identifier(id), yes, tagged(0x04, value));
  const names = dnsNames.map((name) => tagged(0x82, Buffer.from(name, "ascii")));
  return [
    extension(oid.basicConstraints, sequence(...(isAuthority ? [yes] : []))),
    ...(names.length === 0 ? [] : [sequence(identifier(oid.subjectAltName), tagged(0x04, sequence(...names)))]),
  ];
}

function nameOf({ organizations, commonName }: CertificateRequest): Buffer {
  const part = (id: string, text: string): Buffer => tagged(0x31, sequence(identifier(id), tagged(0x0c, Buffer.from(text, "utf8"))));
  return sequence(
    ...organizations.map((each) => part(oid.organization, each)),
    ...(commonName === undefined ? [] : [part(oid.commonName, commonName)]),
  );
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
function time(moment: Date): Buffer {
  const digits = moment.toISOString().replace(/[-:T]|\.\d+/g, "");
  return moment.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}

function identifier(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function tagged(tag: number, value: Buffer): Buffer {
  if (value.length < 0x80) return Buffer.concat([Buffer.from([tag, value.length]), value]);
  const hex = value.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, value]);
}
