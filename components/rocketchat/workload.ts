import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Toleration, WorkloadIdentity } from "../cluster";
import { guard } from "../guard";
import { images } from "../versions";
import { authorityFolder, authorityItem } from "./database";
import { placement } from "./identities";
import { labels, selector, user } from "./labels";
import { deploymentProblem, runsOnReadOnlyRoot } from "./release";
import { podVariables, ports, uploadsPath } from "./settings";
import { chatResources } from "./sizing";
import { drainSeconds, gracePeriodSeconds, probes, progressDeadlineSeconds, rolloutSeconds } from "./timing";

export interface DeploymentArgs {
  readonly namespace: pulumi.Output<string>;
  /** Rocket.Chat release. */
  readonly version: string;
  /** As whom the pods reach the cloud. */
  readonly identity: WorkloadIdentity;
  readonly settings: k8s.core.v1.ConfigMap;
  readonly credentials: k8s.core.v1.Secret;
  /** Another one for other settings or credentials. */
  readonly fingerprint: pulumi.Output<string>;
  /** Secret whose item `ca.crt` holds the authority of the database. */
  readonly authoritySecret: pulumi.Output<string>;
  readonly uploads: k8s.types.input.core.v1.Volume;
  readonly tolerations: readonly Toleration[];
  /** @default the autoscaler's number: one at creation, and never stated again */
  readonly replicas?: number;
  /** The most pods that it may come to. */
  readonly maxReplicas: number;
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The chat's pods: who they are, what they yield to, and how they come and go. */
export function createDeployment(parent: pulumi.Resource, name: string, args: DeploymentArgs): k8s.apps.v1.Deployment {
  const serviceAccount = createServiceAccount(parent, name, args);
  const priorityClass = createPriorityClass(parent, name);
  const wait = `${rolloutSeconds(args.maxReplicas)}s`;
  return new k8s.apps.v1.Deployment(
    `${name}-deployment`,
    {
      metadata: { name: "rocketchat", namespace: args.namespace, labels },
      spec: {
        ...(args.replicas === undefined ? {} : { replicas: args.replicas }),
        selector: { matchLabels: selector },
        // One pod at a time, and never one less: two releases must not migrate the database at once.
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        progressDeadlineSeconds,
        template: {
          metadata: {
            labels: { ...labels, ...args.identity.podLabels },
            annotations: { "checksum/configuration": args.fingerprint },
          },
          spec: podSpec(args, { serviceAccountName: serviceAccount.metadata.name, priorityClassName: priorityClass.metadata.name }),
        },
      },
    },
    {
      parent,
      dependsOn: [...args.identity.ready, ...args.dependsOn],
      customTimeouts: { create: wait, update: wait },
      hooks: { beforeUpdate: [guard(`${name}-release`, deploymentProblem)] },
    },
  );
}

function createServiceAccount(parent: pulumi.Resource, name: string, { namespace, identity }: DeploymentArgs): k8s.core.v1.ServiceAccount {
  return new k8s.core.v1.ServiceAccount(
    `${name}-service-account`,
    {
      metadata: { name: placement.serviceAccount, namespace, labels, annotations: identity.annotations },
      // The chat never calls the Kubernetes API.
      automountServiceAccountToken: false,
    },
    { parent },
  );
}

/** Above what only watches, below the database, without which the chat is nothing. */
function createPriorityClass(parent: pulumi.Resource, name: string): k8s.scheduling.v1.PriorityClass {
  return new k8s.scheduling.v1.PriorityClass(
    `${name}-priority`,
    { metadata: { name: "rocketchat", labels }, value: 900_000, description: "Pods of the chat" },
    { parent },
  );
}

function podSpec(
  args: DeploymentArgs,
  names: Pick<k8s.types.input.core.v1.PodSpec, "serviceAccountName" | "priorityClassName">,
): k8s.types.input.core.v1.PodSpec {
  return {
    ...names,
    automountServiceAccountToken: false,
    // Otherwise each Service of the namespace puts variables of its own beside the chat's: `ROCKETCHAT_PORT` and the like.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    terminationGracePeriodSeconds: gracePeriodSeconds,
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: selector },
      // Those of one rollout among each other: the pods that it replaces are on their way out.
      matchLabelKeys: ["pod-template-hash"],
    })),
    tolerations: [...args.tolerations],
    containers: [container(args)],
    volumes: [
      { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
      args.uploads,
      // The authority alone: with the key beside it the chat would be a member of the replica set.
      { name: "database-authority", secret: { secretName: args.authoritySecret, items: [{ key: authorityItem, path: authorityItem }] } },
    ],
  };
}

function container(args: DeploymentArgs): k8s.types.input.core.v1.Container {
  const ask = (path: string): { httpGet: k8s.types.input.core.v1.HTTPGetAction } => ({ httpGet: { path, port: "http" } });
  return {
    name: "rocketchat",
    image: `${images.rocketChat.repository}:${args.version}`,
    imagePullPolicy: "IfNotPresent",
    ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
    envFrom: [{ configMapRef: { name: args.settings.metadata.name } }, { secretRef: { name: args.credentials.metadata.name } }],
    env: environment(args),
    resources: chatResources,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: runsOnReadOnlyRoot(args.version),
      capabilities: { drop: ["ALL"] },
    },
    // `/health` says only that the process answers, in every release: a lost database must not restart the chat. `/livez` said more until 8.6 at
    // least: https://github.com/RocketChat/Rocket.Chat/pull/39070
    startupProbe: { ...ask("/health"), ...probes.startup },
    readinessProbe: { ...ask("/readyz"), ...probes.readiness },
    livenessProbe: { ...ask("/health"), ...probes.liveness },
    lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      { name: "uploads", mountPath: uploadsPath },
      { name: "database-authority", mountPath: authorityFolder, readOnly: true },
    ],
  };
}

function environment({ namespace, version }: DeploymentArgs): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
  return namespace.apply((inside) =>
    Object.entries(podVariables(inside, version)).map(([name, told]) =>
      "field" in told ? { name, valueFrom: { fieldRef: { fieldPath: told.field } } } : { name, value: told.value },
    ),
  );
}
