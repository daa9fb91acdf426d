import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Toleration } from "../cluster";
import type { Publication, PublicationService } from "../load-balancer";
import { images } from "../versions";
import { ports, uploadsPath } from "./settings";

/** Labels of everything that belongs to the chat; the pods are selected by the first. */
export const selector = { "app.kubernetes.io/name": "rocketchat" } as const;
export const labels = { ...selector, "app.kubernetes.io/managed-by": "pulumi" } as const;

/** User and group of the image. It names them, and Kubernetes cannot tell that a name is not root. */
export const user = 65533;

/** Memory of a pod, in MiB. Node keeps its heap below a share of the limit, so that it collects garbage before it is killed. */
const memory = { request: 1024, limit: 1536, heapShare: 0.7 };

/** Seconds that a pod goes on serving after it was told to stop: the load balancer needs them to notice. */
export const drainSeconds = 30;

export interface DeploymentArgs {
  readonly namespace: pulumi.Output<string>;
  readonly version: string;
  readonly serviceAccountName: pulumi.Output<string>;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly settings: k8s.core.v1.ConfigMap;
  readonly credentials: k8s.core.v1.Secret;
  readonly uploads: k8s.types.input.core.v1.Volume;
  readonly tolerations: readonly Toleration[];
  /** @default the autoscaler's number: one at creation, and never stated again */
  readonly replicas?: number;
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The chat's pods. */
export function createDeployment(parent: pulumi.Resource, name: string, args: DeploymentArgs): k8s.apps.v1.Deployment {
  return new k8s.apps.v1.Deployment(
    `${name}-deployment`,
    {
      metadata: { name: "rocketchat", namespace: args.namespace, labels },
      spec: {
        ...(args.replicas === undefined ? {} : { replicas: args.replicas }),
        selector: { matchLabels: selector },
        // One pod at a time: two releases must not migrate the database at once.
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        // Longer than the startup probe lets a migration take.
        progressDeadlineSeconds: 2400,
        template: {
          metadata: { labels: { ...labels, ...args.podLabels } },
          spec: {
            serviceAccountName: args.serviceAccountName,
            automountServiceAccountToken: false,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: user,
              runAsGroup: user,
              fsGroup: user,
              seccompProfile: { type: "RuntimeDefault" },
            },
            terminationGracePeriodSeconds: drainSeconds + 30,
            topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
              topologyKey,
              maxSkew: 1,
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: selector },
            })),
            tolerations: [...args.tolerations],
            containers: [container(args)],
            volumes: [{ name: "tmp", emptyDir: { sizeLimit: "1Gi" } }, args.uploads],
          },
        },
      },
    },
    { parent, dependsOn: [...args.dependsOn], customTimeouts: { create: "45m", update: "45m" } },
  );
}

function container(args: DeploymentArgs): k8s.types.input.core.v1.Container {
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 5 });
  return {
    name: "rocketchat",
    image: `${images.rocketChat.repository}:${args.version}`,
    imagePullPolicy: "IfNotPresent",
    ports: [
      { name: "http", containerPort: ports.http },
      { name: "metrics", containerPort: ports.metrics },
    ],
    envFrom: [{ configMapRef: { name: args.settings.metadata.name } }, { secretRef: { name: args.credentials.metadata.name } }],
    env: [
      // Instances find each other by this address.
      { name: "INSTANCE_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "NODE_OPTIONS", value: `--max-old-space-size=${Math.floor(memory.limit * memory.heapShare)}` },
    ],
    resources: { requests: { cpu: "500m", memory: `${memory.request}Mi` }, limits: { memory: `${memory.limit}Mi` } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    // Half an hour: the first start waits for the database, an upgrade migrates it.
    startupProbe: { ...probe("/health"), periodSeconds: 10, failureThreshold: 180 },
    readinessProbe: { ...probe("/readyz"), periodSeconds: 10, failureThreshold: 3 },
    // `/health` says only that the process answers: a lost database must not restart the chat.
    livenessProbe: { ...probe("/health"), periodSeconds: 15, failureThreshold: 4 },
    lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      { name: "uploads", mountPath: uploadsPath },
    ],
  };
}

export interface ServiceArgs {
  readonly namespace: pulumi.Output<string>;
  /** What the load balancer asks of it, where the chat is published. */
  readonly publication: Publication | undefined;
  /** The pods behind it. */
  readonly deployment: k8s.apps.v1.Deployment;
}

/**
 * The address of the chat inside the cluster. Its port is the pods' own: network policies on AWS judge the Service's port, on Azure the pod's.
 *
 * Pulumi does not wait for it to be made: whether pods answer is said by the Deployment, and where a load balancer comes with it, its address was
 * fixed before. It does wait for it to be gone, with the load balancer (https://github.com/pulumi/pulumi-kubernetes/issues/1232).
 */
export function createService(parent: pulumi.Resource, name: string, args: ServiceArgs): k8s.core.v1.Service {
  const { namespace, publication } = args;
  const asked: PublicationService = publication?.service ?? { type: "ClusterIP", annotations: {} };
  return new k8s.core.v1.Service(
    `${name}-service`,
    {
      metadata: { name: "rocketchat", namespace, labels, annotations: { "pulumi.com/skipAwait": "true", ...asked.annotations } },
      spec: {
        type: asked.type,
        ...(asked.externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy: asked.externalTrafficPolicy }),
        selector,
        ports: [{ name: "http", port: ports.http, targetPort: ports.http }],
      },
    },
    {
      parent,
      // One that leads people in comes after the pods, and goes before them; and no second one could have its address meanwhile.
      ...(publication !== undefined && asked.type === "LoadBalancer"
        ? { dependsOn: [...publication.ready, args.deployment], deleteBeforeReplace: true }
        : {}),
    },
  );
}
