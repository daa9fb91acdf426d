import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { WorkloadIdentity } from "../../../../components/cluster";
import type { KeyedStore, S3Store } from "../../../../components/object-store";
import { Database, type DatabaseArgs } from "../../../../components/rocketchat/database";
import { simulateComponent } from "../../../support/simulated";

/** 64 letters and digits, nobody's. */
export const masterKey = "aMasterKeyOf64LettersAndDigitsWhichIsNobodysAndStandsInTestsOnly";

export const accountKey = "the key of the account acmebackups";

const bucket = (): S3Store => ({
  kind: "s3",
  bucket: pulumi.output("acme-backups"),
  region: "eu-central-1",
  permissions: { kind: "iam", statements: [] },
});

/** A container that a key opens, as a stack on Azure hands it to the database. */
export const container = (): KeyedStore => ({
  kind: "blob",
  account: pulumi.output("acmebackups"),
  container: pulumi.output("backups"),
  endpoint: pulumi.output("https://acmebackups.blob.core.windows.net/"),
  key: pulumi.secret(accountKey),
});

const marker = (name: string): pulumi.Resource => new k8s.core.v1.ConfigMap(name, { metadata: { name, namespace: "kube-system" } });

/** The database with the values of a stack on AWS, changed as a test asks. */
export function database(change: Partial<DatabaseArgs> = {}, opts: pulumi.ComponentResourceOptions = {}): Database {
  const provider = new k8s.Provider("kubernetes", { kubeconfig: "{}" });
  const namespace = new k8s.core.v1.Namespace("namespace", { metadata: { name: "rocketchat" } }, { provider });
  const identity = (name: string): WorkloadIdentity => ({
    annotations: { "acme.io/role": name },
    podLabels: { "acme.io/identity": "use" },
    id: pulumi.output(name),
    ready: [marker(name)],
  });
  return new Database(
    "chat-database",
    {
      members: 3,
      storageGiB: 20,
      version: "8.0.19-7",
      backup: { retentionDays: 14 },
      passwordRevision: 1,
      namespace: namespace.metadata.name,
      storageClass: "mongodb-storage",
      backups: bucket(),
      identities: change.backups?.kind === "blob" ? [] : [identity("member-identity"), identity("operator-identity")],
      ready: [marker("policies")],
      protect: true,
      ...change,
    },
    { providers: { kubernetes: provider }, ...opts },
  );
}

/** What a promise of an output says, secret or not. */
export async function plain<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}

type Texts = Readonly<Record<string, string>>;

/** Texts of every Secret in a deployment, by the name that it has in the cluster: a graph shows none of them. */
export async function secretTexts(change: Partial<DatabaseArgs> = {}): Promise<Readonly<Record<string, Texts>>> {
  const found: pulumi.Output<readonly [string, Texts]>[] = [];
  const look: pulumi.ResourceTransformation = ({ type, props }) => {
    if (type !== "kubernetes:core/v1:Secret") return undefined;
    const { metadata, stringData } = props as { readonly metadata: { readonly name: string }; readonly stringData: pulumi.Input<Texts> };
    found.push(pulumi.output(stringData).apply((texts) => [metadata.name, texts] as const));
    return undefined;
  };
  let texts: Readonly<Record<string, Texts>> = {};
  await simulateComponent(async () => {
    database(change, { transformations: [look] });
    texts = Object.fromEntries(await Promise.all(found.map(plain)));
  });
  return texts;
}
