/** Small graphs for the tests of the cluster test itself: the shapes of the program's objects, in as few lines as show them. */
import type { GraphResource, StackGraph } from "./graph-document";
import { type JsonObject, type Manifest, nameOf, textAt } from "./json";

const URN = "urn:pulumi:sample::sample::";

/** A graph of the given resources on three t3.medium nodes, one per zone, that may become four. */
export function sampleStack(resources: readonly GraphResource[]): StackGraph {
  const groups = ["a", "b", "c"].map((zone) =>
    resource("aws:eks/nodeGroup:NodeGroup", `nodes-${zone}`, {
      instanceTypes: ["t3.medium"],
      scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 2 },
    }),
  );
  const cni = resource("aws:eks/addon:Addon", "vpc-cni", {
    addonName: "vpc-cni",
    configurationValues: '{"env":{"ENABLE_PREFIX_DELEGATION":"true"}}',
  });
  return { stack: "sample", cloud: "aws", resources: [...groups, cni, ...resources] };
}

/** A resource of a graph. */
export function resource(type: string, name: string, inputs: JsonObject, dependsOn: readonly GraphResource[] = []): GraphResource {
  return {
    urn: `${URN}${type}::${name}`,
    type,
    name,
    custom: true,
    inputs,
    dependencies: dependsOn.map(({ urn }) => urn),
    ignoreChanges: [],
  };
}

/** The resource of a Kubernetes object. */
export function object(manifest: Manifest, dependsOn: readonly GraphResource[] = []): GraphResource {
  const version = manifest.apiVersion.includes("/") ? manifest.apiVersion : `core/${manifest.apiVersion}`;
  const name = `${textAt(manifest, "metadata", "namespace") ?? ""}-${nameOf(manifest)}`;
  return resource(`kubernetes:${version}:${manifest.kind}`, name, manifest, dependsOn);
}

/** Resources, each of which waits for all before it: an order that a sound program states. */
export function inOrder(first: readonly GraphResource[], manifests: readonly Manifest[]): readonly GraphResource[] {
  return manifests.reduce<readonly GraphResource[]>((made, manifest) => [...made, object(manifest, [...first, ...made])], []);
}

export const namespaceName = "rocketchat";

export const restrictedNamespace = object({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: namespaceName, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
});

/** A container security context that Pod Security `restricted` lets through. */
export const restrictedContainer = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** A Deployment as the program makes it: no replicas stated, one new pod at a time, spread over zones. */
export function chatDeployment(container: JsonObject = {}, spec: JsonObject = {}): Manifest {
  const labels = { "app.kubernetes.io/name": "rocketchat" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "rocketchat", namespace: namespaceName, labels },
    spec: {
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      ...spec,
      template: {
        metadata: { labels },
        spec: {
          securityContext: { runAsUser: 65533, runAsGroup: 65533, fsGroup: 65533 },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "topology.kubernetes.io/zone",
              whenUnsatisfiable: "DoNotSchedule",
              labelSelector: { matchLabels: labels },
            },
          ],
          containers: [
            {
              name: "rocketchat",
              image: "rocketchat:9.0.0",
              ports: [{ name: "http", containerPort: 3000 }],
              resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "1Gi" } },
              securityContext: restrictedContainer,
              ...container,
            },
          ],
        },
      },
    },
  };
}

/** A Horizontal Pod Autoscaler of that Deployment. */
export const chatAutoscaler: Manifest = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "rocketchat", namespace: namespaceName },
  spec: {
    minReplicas: 2,
    maxReplicas: 5,
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "rocketchat" },
    metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } }],
  },
};
