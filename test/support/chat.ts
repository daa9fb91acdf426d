import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { PolicyFacts, WorkloadIdentity } from "../../components/cluster";
import type { Publication } from "../../components/load-balancer";
import type { MountableStore, S3Store } from "../../components/object-store";
import { RocketChatApp, type RocketChatAppArgs } from "../../components/rocketchat";
import { simulateComponent } from "./simulated";

/** A bucket, as a stack on AWS hands it to the chat. */
const bucket = (name: string): S3Store => ({
  kind: "s3",
  bucket: pulumi.output(name),
  region: "eu-central-1",
  permissions: { kind: "iam", statements: [] },
});

/** A container that can be mounted, as a stack on Azure hands it to the chat. */
export const container = (): MountableStore => ({
  kind: "blob",
  account: pulumi.output("acmefiles"),
  container: pulumi.output("uploads"),
  endpoint: pulumi.output("https://acmefiles.blob.core.windows.net/"),
  permissions: { kind: "azure-roles", assignments: [] },
  volume: (identity, owner) => ({
    driver: "blob.csi.azure.com",
    volumeHandle: "acmefiles_uploads",
    volumeAttributes: { clientID: identity.id },
    mountOptions: [`-o uid=${owner}`],
  }),
});

/** An identity for which nothing has to be there before. */
export const identity = (change: Partial<WorkloadIdentity> = {}): WorkloadIdentity => ({
  annotations: {},
  podLabels: {},
  id: pulumi.output("the-chat"),
  ready: [],
  ...change,
});

/** How some load balancer publishes the chat. */
export const publication = (change: Partial<Publication> = {}): Publication => ({
  service: { type: "ClusterIP", annotations: { "acme.io/probe": "on" } },
  ingress: { className: "front", annotations: { "acme.io/health": "/api/info" } },
  namespaceLabels: { "acme.io/gate": "enabled" },
  stickySessions: true,
  sourceCidrs: ["10.0.128.0/20"],
  ready: [],
  ...change,
});

/** How some load balancer does that reaches the Service itself. */
export const internalPublication = (change: Partial<Publication> = {}): Publication => ({
  service: { type: "LoadBalancer", annotations: { "acme.io/address": "10.0.1.9" }, externalTrafficPolicy: "Local" },
  namespaceLabels: {},
  stickySessions: false,
  sourceCidrs: ["10.0.2.0/24"],
  ready: [],
  ...change,
});

/** What policies know of a cluster on AWS. */
export const policyFacts: PolicyFacts = {
  flavour: "kubernetes",
  apiServer: { cidrs: ["172.20.0.1/32"], port: 443 },
  webhookCallers: { cidrs: ["10.0.0.0/20"], pods: [], nodes: false },
  dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" }, ownNodeCidrs: [] },
  identity: { cidrs: ["169.254.170.23/32"], port: 80 },
  nodeCidrs: ["10.0.0.0/20"],
  privateCidrs: ["10.0.0.0/8"],
  metadataCidrs: ["169.254.0.0/16"],
};

/** A provider for a component that stands alone. */
export const onKubernetes = (): pulumi.ComponentResourceOptions => ({
  providers: { kubernetes: new k8s.Provider("kubernetes", { kubeconfig: "{}" }) },
});

/** The chat with the architecture's values, changed as a test asks. */
export const chat = (change: Partial<RocketChatAppArgs> = {}, opts: pulumi.ComponentResourceOptions = {}): RocketChatApp =>
  new RocketChatApp(
    "chat",
    {
      domain: "chat.acme.io",
      version: "9.0.0",
      replicas: { min: 2, max: 5 },
      licence: { source: "registration" },
      admin: { username: "admin", email: "admin@acme.io" },
      maxFileSizeMiB: 100,
      database: { members: 3, storageGiB: 20, version: "8.0.19-7", backup: { retentionDays: 14 }, passwordRevision: 1 },
      backups: bucket("acme-backups"),
      databaseIdentities: [identity(), identity()],
      storageClass: "mongodb-storage",
      certificatesReady: [],
      policyFacts,
      accessGroups: { operators: [], viewers: [] },
      telemetry: { host: "collector.telemetry.svc.cluster.local", namespace: "telemetry", pods: { "app.kubernetes.io/name": "collector" } },
      uploads: bucket("acme-uploads"),
      identity: identity(),
      tolerations: [],
      protect: true,
      ...change,
    },
    { ...onKubernetes(), ...opts },
  );

/** The chat with another number of members in its database. */
export const withMembers = (members: 1 | 3): Pick<RocketChatAppArgs, "database"> => ({
  database: { members, storageGiB: 20, version: "8.0.19-7", backup: { retentionDays: 14 }, passwordRevision: 1 },
});

/** What stands in the chat's Secret: a graph shows none of it. */
export async function credentials(change: Partial<RocketChatAppArgs> = {}): Promise<Readonly<Record<string, string>>> {
  let found: pulumi.Output<Readonly<Record<string, string>>> | undefined;
  let data: Readonly<Record<string, string>> | undefined;
  const look: pulumi.ResourceTransformation = ({ name, props }) => {
    const { stringData } = props as { readonly stringData?: pulumi.Input<Readonly<Record<string, string>>> };
    if (name === "chat-credentials" && stringData !== undefined) found = pulumi.output(stringData);
    return undefined;
  };
  await simulateComponent(async () => {
    chat(change, { transformations: [look] });
    data = await new Promise((resolve) => found?.apply(resolve));
  });
  if (data === undefined) throw new Error("the chat made no Secret");
  return data;
}
