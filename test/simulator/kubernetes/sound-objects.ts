/** A sound object of every kind in the simulator's table: what it must never refuse. By group, version and kind. */

const labels = { "app.kubernetes.io/name": "chat" };
const metadata = { name: "chat", namespace: "rocketchat", labels, annotations: { "example.com/why": "anything: at all, here!" } };
const { namespace: _, ...clusterMetadata } = metadata;

const container = {
  name: "chat",
  image: "registry.example.com/chat:1",
  imagePullPolicy: "IfNotPresent",
  ports: [
    { name: "http", containerPort: 3000 },
    { name: "metrics", containerPort: 9100, protocol: "TCP" },
  ],
  env: [
    { name: "PORT", value: "3000" },
    { name: "INSTANCE_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  ],
  envFrom: [{ configMapRef: { name: "chat" } }, { secretRef: { name: "chat", optional: true } }],
  resources: { requests: { cpu: "400m", memory: "832Mi", "ephemeral-storage": "1Gi" }, limits: { memory: "1536Mi", cpu: 2 } },
  startupProbe: { httpGet: { path: "/health", port: "http" }, periodSeconds: 10, failureThreshold: 180 },
  readinessProbe: { httpGet: { path: "/readyz", port: 3000, httpHeaders: [{ name: "X", value: "y" }] }, successThreshold: 2 },
  livenessProbe: { tcpSocket: { port: 3000 } },
  lifecycle: { preStop: { sleep: { seconds: 30 } } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 65533,
    seccompProfile: { type: "RuntimeDefault" },
  },
  volumeMounts: [
    { name: "tmp", mountPath: "/tmp" },
    { name: "ca", mountPath: "/etc/ca", readOnly: true },
  ],
};

const podSpec = {
  serviceAccountName: "chat",
  automountServiceAccountToken: false,
  priorityClassName: "rocketchat",
  terminationGracePeriodSeconds: 60,
  securityContext: { fsGroup: 65533, fsGroupChangePolicy: "OnRootMismatch", seccompProfile: { type: "RuntimeDefault" } },
  topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
    matchLabelKeys: ["pod-template-hash"],
  })),
  containers: [container],
  volumes: [
    { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
    { name: "ca", secret: { secretName: "ca", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token", audience: "sts", expirationSeconds: 3600 } }] } },
  ],
  tolerations: [{ key: "spot", operator: "Exists", effect: "NoSchedule" }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "role", operator: "In", values: ["chat"] }] }],
      },
    },
  },
};

const template = { metadata: { labels: { ...labels, more: "" }, annotations: { "example.com/hash": "0" } }, spec: podSpec };
const selector = { matchLabels: labels };
const claimSpec = { accessModes: ["ReadWriteOnce"], storageClassName: "disk", resources: { requests: { storage: "10Gi" } } };
const rule = { apiGroups: ["", "apps"], resources: ["pods", "deployments/scale"], verbs: ["get", "patch"] };

/** @param kind such as `apps/v1:Deployment` */
const soundObjects: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "apps/v1:DaemonSet": { metadata, spec: { selector, template, updateStrategy: { rollingUpdate: { maxUnavailable: "10%" } } } },
  "apps/v1:Deployment": {
    metadata,
    spec: {
      selector,
      template,
      progressDeadlineSeconds: 2400,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    },
  },
  "apps/v1:StatefulSet": {
    metadata,
    spec: {
      serviceName: "chat",
      replicas: 3,
      selector,
      template: {
        ...template,
        spec: {
          ...podSpec,
          containers: [{ ...container, volumeMounts: [...container.volumeMounts, { name: "data", mountPath: "/data" }] }],
        },
      },
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claimSpec }],
    },
  },
  "autoscaling/v2:HorizontalPodAutoscaler": {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "chat" },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 600, policies: [{ type: "Pods", value: 1, periodSeconds: 300 }] } },
    },
  },
  "batch/v1:Job": { metadata, spec: { backoffLimit: 3, template: { spec: { ...podSpec, restartPolicy: "OnFailure" } } } },
  "cert-manager.io/v1:Certificate": {
    metadata,
    spec: {
      secretName: "tls",
      isCA: false,
      duration: "8760h",
      renewBefore: "1440h",
      dnsNames: ["localhost", "*.db.rocketchat.svc.cluster.local"],
      subject: { organizations: ["PSMDB"] },
      usages: ["digital signature", "key encipherment", "server auth", "client auth"],
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      issuerRef: { name: "ca", kind: "Issuer", group: "cert-manager.io" },
    },
  },
  "cert-manager.io/v1:ClusterIssuer": { metadata: clusterMetadata, spec: { selfSigned: {} } },
  "cert-manager.io/v1:Issuer": { metadata, spec: { ca: { secretName: "ca" } } },
  "cilium.io/v2:CiliumNetworkPolicy": { metadata, spec: { endpointSelector: {}, egress: [{ toEntities: ["kube-apiserver"] }] } },
  "core/v1:ConfigMap": { metadata, immutable: false, data: { "mongod.conf": "net: {}", _x: "" }, binaryData: { b: "AAA=" } },
  "core/v1:LimitRange": {
    metadata,
    spec: {
      limits: [
        {
          type: "Container",
          min: { memory: "16Mi" },
          defaultRequest: { cpu: "50m" },
          default: { memory: "256Mi", cpu: "1" },
          max: { memory: "2Gi" },
        },
      ],
    },
  },
  "core/v1:Namespace": { metadata: { ...clusterMetadata, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
  "core/v1:PersistentVolume": {
    metadata: clusterMetadata,
    spec: {
      capacity: { storage: "5Gi" },
      accessModes: ["ReadWriteMany"],
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "",
      mountOptions: ["-o uid=65533"],
      csi: { driver: "blob.csi.azure.com", volumeHandle: "acme", volumeAttributes: { containerName: "uploads" } },
    },
  },
  "core/v1:PersistentVolumeClaim": { metadata, spec: claimSpec },
  "core/v1:ResourceQuota": { metadata, spec: { hard: { "requests.cpu": "4", "limits.memory": "12Gi", pods: 20, "count/secrets": "1e2" } } },
  "core/v1:Secret": { metadata, type: "kubernetes.io/tls", data: { "tls.crt": "AAAA", "tls.key": "AA==" }, stringData: { more: "text" } },
  "core/v1:Service": {
    metadata,
    spec: {
      selector: labels,
      clusterIP: "None",
      trafficDistribution: "PreferClose",
      ports: [
        { name: "http", port: 3000, targetPort: "http" },
        { name: "metrics", port: 9100, targetPort: 9100, protocol: "TCP" },
        { name: "dns", port: 3000, protocol: "UDP" },
      ],
    },
  },
  "core/v1:ServiceAccount": { metadata, automountServiceAccountToken: false },
  "elbv2.k8s.aws/v1beta1:IngressClassParams": { metadata: clusterMetadata, spec: { scheme: "internet-facing" } },
  "monitoring.coreos.com/v1:PodMonitor": { metadata, spec: { selector, podMetricsEndpoints: [{ port: "metrics" }] } },
  "monitoring.coreos.com/v1:PrometheusRule": { metadata, spec: { groups: [{ name: "chat", rules: [] }] } },
  "monitoring.coreos.com/v1:ServiceMonitor": { metadata, spec: { selector, endpoints: [{ port: "metrics" }] } },
  "networking.k8s.io/v1:Ingress": {
    metadata,
    spec: {
      ingressClassName: "alb",
      tls: [{ hosts: ["chat.example.com"] }],
      rules: [
        {
          host: "chat.example.com",
          http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "chat", port: { number: 3000 } } } }] },
        },
      ],
    },
  },
  "networking.k8s.io/v1:IngressClass": { metadata: clusterMetadata, spec: { controller: "ingress.k8s.aws/alb" } },
  "networking.k8s.io/v1:NetworkPolicy": {
    metadata,
    spec: {
      podSelector: selector,
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [
            { podSelector: {}, namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }] } },
          ],
          ports: [{ port: "http" }],
        },
      ],
      egress: [
        { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }, { ipBlock: { cidr: "::/0" } }], ports: [{ port: 443 }] },
        { ports: [{ port: 32000, endPort: 32768, protocol: "UDP" }] },
      ],
    },
  },
  "policy/v1:PodDisruptionBudget": { metadata, spec: { selector, maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" } },
  "psmdb.percona.com/v1:PerconaServerMongoDB": { metadata, spec: { crVersion: "1.22.0", replsets: [{ name: "rs0", size: 3 }] } },
  "psmdb.percona.com/v1:PerconaServerMongoDBBackup": { metadata, spec: { clusterName: "db", storageName: "s3", type: "logical" } },
  "rbac.authorization.k8s.io/v1:ClusterRole": {
    metadata: { ...clusterMetadata, name: "system:chat" },
    rules: [rule, { nonResourceURLs: ["/metrics"], verbs: ["get"] }],
  },
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": {
    metadata: clusterMetadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "ServiceAccount", name: "chat", namespace: "rocketchat" }],
  },
  "rbac.authorization.k8s.io/v1:Role": { metadata, rules: [rule] },
  "rbac.authorization.k8s.io/v1:RoleBinding": {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "chat" },
    subjects: [{ kind: "Group", name: "rocketchat-operators", apiGroup: "rbac.authorization.k8s.io" }],
  },
  "scheduling.k8s.io/v1:PriorityClass": { metadata: clusterMetadata, value: 900_000, globalDefault: false, description: "The chat." },
  "storage.k8s.io/v1:StorageClass": {
    metadata: clusterMetadata,
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true" },
    reclaimPolicy: "Retain",
    allowVolumeExpansion: true,
    volumeBindingMode: "WaitForFirstConsumer",
    allowedTopologies: [{ matchLabelExpressions: [{ key: "topology.kubernetes.io/zone", values: ["a"] }] }],
  },
};

/** The sound objects as the SDK hands them over, by token. */
export const sound: Readonly<Record<string, Readonly<Record<string, unknown>>>> = Object.fromEntries(
  Object.entries(soundObjects).map(([type, object]) => {
    const [version = "", kind = ""] = type.split(":");
    return [`kubernetes:${type}`, { apiVersion: version.replace(/^core\//, ""), kind, ...object }];
  }),
);
