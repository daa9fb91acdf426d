import { expect } from "chai";

import { refusedWith } from "./refused";

type Changes = Readonly<Record<string, unknown>>;

const pods = "spec.template.spec";
const first = `${pods}.containers[0]`;
const deployment = "apps/v1:Deployment";
const policy = "networking.k8s.io/v1:NetworkPolicy";
const dnsLabel = "must be at most 63 lower case letters, digits and inner hyphens (DNS label)";
const dnsSubdomain = "must be at most 253 lower case letters, digits, inner hyphens and dots (DNS subdomain)";
const labelKey = "must be a name of at most 63 characters, perhaps behind a domain and a slash";
const labelValue = 'must be at most 63 letters, digits, "-", "_" and ".", and begin and end with a letter or digit';

/** Kind, what is other than in a sound object, and all that is refused. */
type Refusal = readonly [kind: string, changes: Changes, ...refused: string[]];

const refusals: Readonly<Record<string, readonly Refusal[]>> = {
  "names that are not formed as they have to be": [
    ["core/v1:ConfigMap", { "metadata.name": "My_Settings" }, `metadata.name: "My_Settings" ${dnsSubdomain}`],
    ["core/v1:ConfigMap", { "metadata.name": "a.b-" }, `metadata.name: "a.b-" ${dnsSubdomain}`],
    ["core/v1:ConfigMap", { "metadata.name": "a".repeat(254) }, `metadata.name: "${"a".repeat(254)}" ${dnsSubdomain}`],
    ["core/v1:ConfigMap", { "metadata.namespace": "a.b" }, `metadata.namespace: "a.b" ${dnsLabel}`],
    ["core/v1:Namespace", { "metadata.name": "a.b" }, `metadata.name: "a.b" ${dnsLabel}`],
    ["core/v1:Namespace", { "metadata.name": "a".repeat(64) }, `metadata.name: "${"a".repeat(64)}" ${dnsLabel}`],
    ["core/v1:Service", { "metadata.name": "3chat" }, 'metadata.name: "3chat" must begin with a letter (DNS-1035 label)'],
    ["psmdb.percona.com/v1:PerconaServerMongoDB", { "metadata.name": "DB" }, `metadata.name: "DB" ${dnsSubdomain}`],
    [
      "rbac.authorization.k8s.io/v1:Role",
      { "metadata.name": "a/b" },
      'metadata.name: "a/b" must be usable in a path: neither "." nor "..", without "/" and "%"',
    ],
    [
      "scheduling.k8s.io/v1:PriorityClass",
      { "metadata.name": "system-chat" },
      'metadata.name: names with the prefix "system-" are reserved',
    ],
  ],
  "labels, annotations and keys of data that are none": [
    ["core/v1:ServiceAccount", { "metadata.labels": { "a b": "c" } }, `metadata.labels["a b"]: "a b" ${labelKey}`],
    ["core/v1:ServiceAccount", { "metadata.labels": { "a/b/c": "d" } }, `metadata.labels["a/b/c"]: "a/b/c" ${labelKey}`],
    ["core/v1:ServiceAccount", { "metadata.labels": { "A_b/c": "d" } }, `metadata.labels["A_b/c"]: "A_b/c" ${labelKey}`],
    ["core/v1:ServiceAccount", { "metadata.labels": { a: "it works" } }, `metadata.labels.a: "it works" ${labelValue}`],
    ["core/v1:ServiceAccount", { "metadata.labels": { a: "b".repeat(64) } }, `metadata.labels.a: "${"b".repeat(64)}" ${labelValue}`],
    [
      "core/v1:ServiceAccount",
      { "metadata.labels": { ["a".repeat(64)]: "b" } },
      `metadata.labels.${"a".repeat(64)}: "${"a".repeat(64)}" ${labelKey}`,
    ],
    ["core/v1:ServiceAccount", { "metadata.annotations": { "a b": "c" } }, `metadata.annotations["a b"]: "a b" ${labelKey}`],
    [deployment, { "spec.template.metadata.annotations": { "a b": "c" } }, `spec.template.metadata.annotations["a b"]: "a b" ${labelKey}`],
    ["core/v1:ConfigMap", { data: { "a/b": "c" } }, 'data["a/b"]: "a/b" must be letters, digits, "-", "_" and "."'],
    ["core/v1:Secret", { stringData: { "a b": "c" } }, 'stringData["a b"]: "a b" must be letters, digits, "-", "_" and "."'],
  ],
  "a workload that does not select its own pods": [
    [
      deployment,
      { "spec.selector.matchLabels": { app: "other" } },
      "spec.template.metadata.labels: `selector` does not match template `labels`",
    ],
    [
      "apps/v1:DaemonSet",
      { "spec.template.metadata": undefined },
      "spec.template.metadata.labels: `selector` does not match template `labels`",
    ],
    ["apps/v1:StatefulSet", { "spec.selector": {} }, "spec.selector: empty selector is invalid"],
  ],
  "pods that cannot be": [
    [deployment, { [`${pods}.restartPolicy`]: "Never" }, `${pods}.restartPolicy: Unsupported value: "Never": it must be Always`],
    ["batch/v1:Job", { [`${pods}.restartPolicy`]: undefined }, `${pods}.restartPolicy: it is required: OnFailure or Never`],
    [
      "batch/v1:Job",
      { [`${pods}.restartPolicy`]: "Always" },
      `${pods}.restartPolicy: Unsupported value: "Always": it must be OnFailure or Never`,
    ],
    [deployment, { [`${pods}.containers`]: [] }, `${pods}.containers: it is required`],
    [deployment, { [`${pods}.containers[1]`]: { name: "chat", image: "other" } }, `${pods}.containers[1].name: Duplicate value: "chat"`],
    [deployment, { [`${first}.name`]: "Chat" }, `${first}.name: "Chat" ${dnsLabel}`],
    [
      deployment,
      { [`${pods}.volumes[0].name`]: "tmp.1" },
      `${pods}.volumes[0].name: "tmp.1" ${dnsLabel}`,
      `${first}.volumeMounts[0].name: Not found: "tmp": there is no volume of that name`,
    ],
    [
      deployment,
      { [`${pods}.volumes[1].name`]: "tmp" },
      `${pods}.volumes[1].name: Duplicate value: "tmp"`,
      `${first}.volumeMounts[1].name: Not found: "ca": there is no volume of that name`,
    ],
    [
      "apps/v1:StatefulSet",
      { "spec.volumeClaimTemplates": [] },
      `${first}.volumeMounts[2].name: Not found: "data": there is no volume of that name`,
    ],
    [deployment, { [`${first}.volumeMounts[1].mountPath`]: "/tmp" }, `${first}.volumeMounts[1].mountPath: Duplicate value: "/tmp"`],
    [
      deployment,
      { [`${first}.ports[0].name`]: "http-of-the-chat" },
      `${first}.ports[0].name: "http-of-the-chat" must be at most 15 lower case letters, digits and single inner hyphens, with a letter among them`,
    ],
    [deployment, { [`${first}.ports[1].name`]: "http" }, `${first}.ports[1].name: Duplicate value: "http"`],
    [deployment, { [`${first}.ports[0].containerPort`]: 0 }, `${first}.ports[0].containerPort: 0 must be between 1 and 65535`],
    [deployment, { [`${first}.ports[0].containerPort`]: 65536 }, `${first}.ports[0].containerPort: 65536 must be between 1 and 65535`],
    [deployment, { [`${first}.env[1].value`]: "10.0.0.1" }, `${first}.env[1].valueFrom: may not be specified when \`value\` is not empty`],
    [
      deployment,
      { [`${first}.readinessProbe.exec`]: { command: ["true"] } },
      `${first}.readinessProbe: must have exactly one of exec, grpc, httpGet, tcpSocket`,
    ],
    [deployment, { [`${first}.livenessProbe`]: {} }, `${first}.livenessProbe: must have exactly one of exec, grpc, httpGet, tcpSocket`],
    [deployment, { [`${first}.livenessProbe.successThreshold`]: 2 }, `${first}.livenessProbe.successThreshold: must be 1`],
    [
      deployment,
      { [`${first}.resources.requests.memory`]: "2Gi" },
      `${first}.resources.requests.memory: must be less than or equal to memory limit of 1536Mi`,
    ],
    [
      deployment,
      { [`${first}.resources.requests.cpu`]: 2.5 },
      `${first}.resources.requests.cpu: must be less than or equal to cpu limit of 2`,
    ],
    [
      deployment,
      { [`${pods}.terminationGracePeriodSeconds`]: undefined, [`${first}.lifecycle.preStop.sleep.seconds`]: 31 },
      `${first}.lifecycle.preStop.sleep.seconds: must be non-negative and at most terminationGracePeriodSeconds (30)`,
    ],
    [
      deployment,
      { [`${pods}.topologySpreadConstraints[1].topologyKey`]: "topology.kubernetes.io/zone" },
      `${pods}.topologySpreadConstraints[1].{topologyKey, whenUnsatisfiable}: Duplicate value: "{topology.kubernetes.io/zone, ScheduleAnyway}"`,
    ],
  ],
  "a rollout that could never move": [
    [
      deployment,
      { "spec.strategy.rollingUpdate.maxSurge": "0%" },
      "spec.strategy.rollingUpdate.maxUnavailable: may not be 0 when `maxSurge` is 0",
    ],
    [deployment, { "spec.minReadySeconds": 2400 }, "spec.progressDeadlineSeconds: must be greater than minReadySeconds"],
    [
      deployment,
      { "spec.progressDeadlineSeconds": undefined, "spec.minReadySeconds": 600 },
      "spec.progressDeadlineSeconds: must be greater than minReadySeconds",
    ],
  ],
  "numbers that contradict each other": [
    [
      "autoscaling/v2:HorizontalPodAutoscaler",
      { "spec.minReplicas": 6 },
      "spec.maxReplicas: must be greater than or equal to `minReplicas`",
    ],
    ["policy/v1:PodDisruptionBudget", { "spec.minAvailable": 1 }, "spec: minAvailable and maxUnavailable cannot be both set"],
    ["core/v1:LimitRange", { "spec.limits[0].default.memory": "3Gi" }, "spec.limits[0].default.memory: must be at most max"],
    ["core/v1:LimitRange", { "spec.limits[0].defaultRequest.cpu": 2 }, "spec.limits[0].defaultRequest.cpu: must be at most default"],
    ["core/v1:LimitRange", { "spec.limits[0].min.memory": "1Gi" }, "spec.limits[0].min.memory: must be at most default"],
    [
      "scheduling.k8s.io/v1:PriorityClass",
      { value: 1_000_000_001 },
      "value: maximum allowed value of a user defined priority is 1000000000",
    ],
  ],
  "ports of a Service that cannot be told apart": [
    ["core/v1:Service", { "spec.ports[1].name": "http" }, 'spec.ports[1].name: Duplicate value: "http"'],
    ["core/v1:Service", { "spec.ports[1].port": 3000 }, 'spec.ports[1].port: Duplicate value: "3000/TCP"'],
    ["core/v1:Service", { "spec.ports[1].name": undefined }, "spec.ports[1].name: it is required of more than one port"],
    ["core/v1:Service", { "spec.ports[0].port": 70000 }, "spec.ports[0].port: 70000 must be between 1 and 65535"],
    ["core/v1:Service", { "spec.ports[0].name": "http.1" }, `spec.ports[0].name: "http.1" ${dnsLabel}`],
  ],
  "a claim without a mode or a size": [
    ["core/v1:PersistentVolumeClaim", { "spec.accessModes": [] }, "spec.accessModes: at least 1 access mode is required"],
    ["core/v1:PersistentVolumeClaim", { "spec.resources": undefined }, "spec.resources.requests.storage: it is required"],
    [
      "core/v1:PersistentVolumeClaim",
      { "spec.resources.requests.storage": "0" },
      "spec.resources.requests.storage: must be greater than zero",
    ],
  ],
  "a Secret without what its type promises": [
    ["core/v1:Secret", { 'data["tls.key"]': undefined }, 'data["tls.key"]: it is required of a Secret of type kubernetes.io/tls'],
    [
      "core/v1:Secret",
      { type: "kubernetes.io/dockerconfigjson" },
      'data[".dockerconfigjson"]: it is required of a Secret of type kubernetes.io/dockerconfigjson',
    ],
  ],
  "a level of Pod Security that there is not": [
    [
      "core/v1:Namespace",
      { 'metadata.labels["pod-security.kubernetes.io/warn"]': "strict" },
      'metadata.labels["pod-security.kubernetes.io/warn"]: must be one of privileged, baseline, restricted',
    ],
  ],
  "network policies that mean nothing": [
    [policy, { "spec.ingress[0].from[0]": {} }, "spec.ingress[0].from[0]: must specify a peer"],
    [policy, { "spec.egress[0].to[0].podSelector": {} }, "spec.egress[0].to[0]: may not specify both ipBlock and another peer"],
    [policy, { "spec.egress[0].to[0].ipBlock.cidr": "10.0.0.0" }, 'spec.egress[0].to[0].ipBlock.cidr: "10.0.0.0" is no CIDR'],
    [policy, { "spec.egress[0].to[0].ipBlock.cidr": "10.0.0.0/33" }, 'spec.egress[0].to[0].ipBlock.cidr: "10.0.0.0/33" is no CIDR'],
    [policy, { "spec.egress[0].to[1].ipBlock.cidr": "::/129" }, 'spec.egress[0].to[1].ipBlock.cidr: "::/129" is no CIDR'],
    [policy, { "spec.egress[0].to[0].ipBlock.except[0]": "host/32" }, 'spec.egress[0].to[0].ipBlock.except[0]: "host/32" is no CIDR'],
    [policy, { "spec.egress[0].ports[0].port": 0 }, "spec.egress[0].ports[0].port: 0 must be between 1 and 65535"],
    [
      policy,
      { "spec.ingress[0].ports[0].port": "3000" },
      'spec.ingress[0].ports[0].port: "3000" must be at most 15 lower case letters, digits and single inner hyphens, with a letter among them',
    ],
    [policy, { "spec.egress[1].ports[0].endPort": 31999 }, "spec.egress[1].ports[0].endPort: must be greater than or equal to `port`"],
  ],
  "roles that grant nothing, and bindings to nobody": [
    ["rbac.authorization.k8s.io/v1:Role", { "rules[0].verbs": [] }, "rules[0].verbs: it is required"],
    ["rbac.authorization.k8s.io/v1:Role", { "rules[0].apiGroups": undefined }, "rules[0].apiGroups: it is required"],
    ["rbac.authorization.k8s.io/v1:ClusterRole", { "rules[0].resources": [] }, "rules[0].resources: it is required"],
    [
      "rbac.authorization.k8s.io/v1:Role",
      { "rules[0].nonResourceURLs": ["/metrics"] },
      "rules[0].nonResourceURLs: namespaced rules cannot apply to non-resource URLs",
    ],
    ["rbac.authorization.k8s.io/v1:RoleBinding", { "roleRef.kind": "Group" }, 'roleRef.kind: "Group" must be Role or ClusterRole'],
    ["rbac.authorization.k8s.io/v1:ClusterRoleBinding", { "roleRef.kind": "Role" }, 'roleRef.kind: "Role" must be ClusterRole'],
    [
      "rbac.authorization.k8s.io/v1:RoleBinding",
      { "subjects[0].kind": "Role" },
      'subjects[0].kind: "Role" must be ServiceAccount, User or Group',
    ],
    ["rbac.authorization.k8s.io/v1:RoleBinding", { "subjects[0].kind": "ServiceAccount" }, "subjects[0].namespace: it is required"],
  ],
};

/** What only just fits, or looks wrong only. */
const fitting: readonly (readonly [kind: string, changes: Changes])[] = [
  [deployment, { [`${first}.resources.requests.memory`]: "1.5Gi" }],
  [deployment, { [`${first}.lifecycle.preStop.sleep.seconds`]: 60 }],
  [deployment, { [`${first}.env[1].value`]: "" }],
  ["autoscaling/v2:HorizontalPodAutoscaler", { "spec.minReplicas": 5 }],
  ["core/v1:LimitRange", { "spec.limits[0].default.memory": "2048Mi" }],
  ["core/v1:ServiceAccount", { "metadata.labels": { [`${"a".repeat(253)}/${"b".repeat(63)}`]: "c".repeat(63) } }],
  [policy, { "spec.egress[1].ports[0].endPort": 32000 }],
  ["scheduling.k8s.io/v1:PriorityClass", { value: 1_000_000_000 }],
];

describe("what the API refuses beyond its schemas: the check refuses", () => {
  for (const [what, cases] of Object.entries(refusals)) {
    it(what, () => {
      for (const [kind, changes, ...wanted] of cases) {
        expect(refusedWith(kind, changes), `${kind} ${JSON.stringify(changes)}`).to.have.members(wanted);
      }
    });
  }

  it("nothing that only just fits", () => {
    for (const [kind, changes] of fitting) expect(refusedWith(kind, changes), JSON.stringify(changes)).to.deep.equal([]);
  });
});
