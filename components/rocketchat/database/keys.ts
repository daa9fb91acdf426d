import { createHash, createHmac } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** More than the 256 bits of what is derived from it. */
const masterKeyShape = { length: 64, special: false } as const;

export interface KeysArgs {
  /** Key of another stack whose data this one is to read. @default a key of its own */
  readonly masterKey: pulumi.Output<string> | undefined;
  readonly passwordRevision: number;
  /** Whether the key refuses to be deleted, and outlives the stack. */
  readonly protect: boolean;
}

/** Everything secret about the database. It all follows from one key, so that one copy outside of the cluster is enough to read a backup. */
export interface Keys {
  readonly masterKey: pulumi.Output<string>;
  readonly encryptionKey: pulumi.Output<string>;
  readonly passwordOf: (account: string) => pulumi.Output<string>;
}

export function createKeys(parent: pulumi.Resource, name: string, { masterKey, passwordRevision, protect }: KeysArgs): Keys {
  const root =
    // Not `RandomBytes`, which has its secret for an id, in plain text: https://github.com/pulumi/pulumi-random/blob/master/provider/resources.go
    masterKey ?? new random.RandomPassword(`${name}-master-key`, masterKeyShape, { parent, protect, retainOnDelete: protect }).result;
  const derived = (from: (key: string) => string): pulumi.Output<string> => pulumi.secret(pulumi.output(root).apply(from));
  return {
    masterKey: pulumi.secret(root),
    encryptionKey: derived(encryptionKey),
    passwordOf: (account) => derived((key) => password(key, account, passwordRevision)),
  };
}

/**
 * Key of the encryption at rest: 32 bytes in base64, as mongod reads them. Nothing but the master key may ever change it: what was written with
 * another key cannot be read.
 */
export function encryptionKey(masterKey: string): string {
  return derive(masterKey, "encryption at rest").toString("base64");
}

/** Password of an account. Hexadecimal, so that no shell and no URL on its way reads anything else into it. */
export function password(masterKey: string, account: string, revision: number): string {
  return derive(masterKey, `password of ${account}, revision ${revision}`).toString("hex");
}

/** What may be shown of a password, to tell that it is another one. */
export function fingerprint(secret: string): string {
  return createHash("sha256").update(secret).digest("hex").slice(0, 16);
}

/** 32 bytes for one purpose. The purposes' texts are part of the keys: a change of one is a change of its key. */
function derive(masterKey: string, purpose: string): Buffer {
  if (!/^[A-Za-z0-9]{64}$/.test(masterKey)) throw new Error("The master key of the database is not 64 letters and digits.");
  return createHmac("sha256", masterKey).update(purpose).digest();
}
