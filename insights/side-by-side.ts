import type { GraphResource, ResourceGraph } from "../simulator/graph";

/** One thing that both clouds have, and how each has it: read out of the stack's graph. */
interface Row {
  readonly what: string;
  readonly aws: (graph: ResourceGraph) => string;
  readonly azure: (graph: ResourceGraph) => string;
}

/** The two clouds set side by side, as a table in Markdown. */
export function sideBySide(aws: ResourceGraph, azure: ResourceGraph): string {
  const lines = rows.map((row) => `| ${row.what} | ${row.aws(aws)} | ${row.azure(azure)} |`);
  return ["| | AWS | Azure |", "| --- | --- | --- |", ...lines].join("\n");
}

const rows: readonly Row[] = [
  {
    what: "Network",
    aws: (graph) => `VPC ${text(only(graph, "aws:ec2/vpc:Vpc"), "cidrBlock")}`,
    azure: (graph) => `VNet ${text(only(graph, "azure-native:network:VirtualNetwork"), "addressSpace.addressPrefixes.0")}`,
  },
  {
    what: "Subnets",
    aws: (graph) =>
      list(all(graph, "aws:ec2/subnet:Subnet").map((subnet) => `${subnet.name.replace("network-", "")} ${text(subnet, "cidrBlock")}`)),
    azure: (graph) =>
      list(all(graph, "azure-native:network:Subnet").map((subnet) => `${text(subnet, "subnetName")} ${text(subnet, "addressPrefix")}`)),
  },
  {
    what: "Way out of the nodes",
    aws: (graph) => counted(all(graph, "aws:ec2/natGateway:NatGateway"), "NAT gateway"),
    azure: (graph) => counted(all(graph, "azure-native:network:NatGateway"), "NAT gateway"),
  },
  {
    what: "Flow logs",
    aws: (graph) => `${text(named(graph, "network-flow-logs"), "retentionInDays")} days in CloudWatch`,
    azure: (graph) => `${text(only(graph, "azure-native:network:FlowLog"), "retentionPolicy.days")} days in a storage account`,
  },
  {
    what: "Kubernetes",
    aws: (graph) => `EKS ${text(only(graph, "eks:index:Cluster"), "version")}`,
    azure: (graph) => {
      const cluster = only(graph, "azure-native:containerservice:ManagedCluster");
      return `AKS ${text(cluster, "kubernetesVersion")}, tier ${text(cluster, "sku.tier")}`;
    },
  },
  {
    what: "Addresses of Services",
    aws: (graph) => text(only(graph, "eks:index:Cluster"), "kubernetesServiceIpAddressRange"),
    azure: (graph) => text(only(graph, "azure-native:containerservice:ManagedCluster"), "networkProfile.serviceCidr"),
  },
  {
    what: "Nodes of the workload",
    aws: (graph) => {
      const groups = all(graph, "aws:eks/nodeGroup:NodeGroup");
      const size = text(named(graph, "cluster-nodes-template"), "instanceType");
      // Each zone may take what the others leave; the autoscaler holds the total.
      const most = text(named(graph, "cluster-autoscaler", "kubernetes:helm.sh/v3:Release"), "values.extraArgs.max-nodes-total");
      return `${sum(groups, "scalingConfig.minSize")} to ${most} ${size} in ${groups.length} groups, one to a zone`;
    },
    azure: (graph) => {
      const pools = all(graph, "azure-native:containerservice:AgentPool");
      return `${sum(pools, "minCount")} to ${sum(pools, "maxCount")} ${text(pools[0], "vmSize")} in ${pools.length} pools, one to a zone`;
    },
  },
  {
    what: "Nodes for the platform's own pods",
    aws: () => "the same",
    azure: (graph) => {
      const cluster = only(graph, "azure-native:containerservice:ManagedCluster");
      return `${text(cluster, "agentPoolProfiles.0.count")} ${text(cluster, "agentPoolProfiles.0.vmSize")}, tainted`;
    },
  },
  {
    what: "Load balancer",
    aws: (graph) => `Application Load Balancer, ${text(only(graph, "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams"), "spec.scheme")}`,
    azure: (graph) => `Application Gateway ${text(only(graph, "azure-native:network:ApplicationGateway"), "sku.tier")}`,
  },
  {
    what: "TLS policy",
    aws: (graph) => text(only(graph, "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams"), "spec.sslPolicy"),
    azure: (graph) => text(only(graph, "azure-native:network:ApplicationGateway"), "sslPolicy.policyName"),
  },
  {
    what: "Health check",
    aws: (graph) => annotation(named(graph, "chat-ingress"), "alb.ingress.kubernetes.io/healthcheck-path"),
    azure: (graph) => text(only(graph, "azure-native:network:ApplicationGateway"), "probes.0.path"),
  },
  {
    what: "Sessions",
    aws: (graph) =>
      annotation(named(graph, "chat-ingress"), "alb.ingress.kubernetes.io/target-group-attributes").includes("stickiness.enabled=true")
        ? "kept on a pod by a cookie"
        : "any pod",
    azure: (graph) =>
      text(only(graph, "azure-native:network:ApplicationGateway"), "backendHttpSettingsCollection.0.cookieBasedAffinity") === "Disabled"
        ? "a WebSocket stays with its pod, anything else may go to any"
        : "kept by a cookie",
  },
  {
    what: "Object stores",
    aws: (graph) => list(all(graph, "aws:s3/bucket:Bucket").map(({ name }) => name.replace(/^store-|-bucket$/g, ""))),
    azure: (graph) => list(all(graph, "azure-native:storage:BlobContainer").map((container) => text(container, "containerName"))),
  },
  {
    what: "Storage classes",
    aws: (graph) => list(classes(graph, "type")),
    azure: (graph) => list(classes(graph, "skuName")),
  },
  {
    what: "Identity of the chat's pods",
    aws: (graph) =>
      `EKS Pod Identity, ${counted(all(graph, "aws:eks/podIdentityAssociation:PodIdentityAssociation"), "association")} in all`,
    azure: (graph) =>
      `workload identity, ${counted(all(graph, "azure-native:managedidentity:FederatedIdentityCredential"), "credential")} in all`,
  },
  {
    what: "Alarms",
    aws: (graph) => `${all(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").length} in CloudWatch`,
    azure: (graph) =>
      `${all(graph, "azure-native:monitor:MetricAlert").length + all(graph, "azure-native:monitor:ScheduledQueryRule").length} in Azure Monitor`,
  },
  {
    what: "Logs of the control plane",
    aws: (graph) => `${text(named(graph, "cluster-logs"), "retentionInDays")} days in CloudWatch`,
    azure: (graph) => `${text(only(graph, "azure-native:operationalinsights:Workspace"), "retentionInDays")} days in Log Analytics`,
  },
  {
    what: "Backups of volumes",
    aws: (graph) => {
      const plan = only(graph, "aws:backup/plan:Plan");
      const rule = (index: number): string =>
        `${text(plan, `rules.${index}.ruleName`)} for ${text(plan, `rules.${index}.lifecycle.deleteAfter`)} days`;
      return `AWS Backup: ${rule(0)}, ${rule(1)}`;
    },
    azure: (graph) =>
      `AKS Backup: ${text(only(graph, "azure-native:dataprotection:BackupPolicy"), "backupPolicyName").replaceAll("-", " ")}`,
  },
  {
    what: "Pods of the chat",
    aws: (graph) => podsOf(graph),
    azure: (graph) => podsOf(graph),
  },
  { what: "Resources, protected ones among them", aws: (graph) => protectedOf(graph), azure: (graph) => protectedOf(graph) },
];

function all(graph: ResourceGraph, type: string): GraphResource[] {
  return graph.resources.filter((resource) => resource.type === type);
}

function only(graph: ResourceGraph, type: string): GraphResource {
  const found = all(graph, type);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`the graph of ${graph.stack} has ${found.length} of ${type}, not one`);
  return first;
}

function named(graph: ResourceGraph, name: string, type?: string): GraphResource {
  const found = graph.resources.find((resource) => resource.name === name && (type === undefined || resource.type === type));
  if (found === undefined) throw new Error(`the graph of ${graph.stack} has no ${name}`);
  return found;
}

/** The input at a path, steps with dots between them; an error where there is none, so that no row says nothing. */
function text(resource: GraphResource | undefined, path: string): string {
  const value = path.split(".").reduce<unknown>((inner, step) => {
    return typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined;
  }, resource?.inputs);
  if (typeof value !== "string" && typeof value !== "number") throw new Error(`${resource?.name ?? "a resource"} has no ${path}`);
  return String(value);
}

function annotation(resource: GraphResource, key: string): string {
  const { annotations } = resource.inputs["metadata"] as { readonly annotations: Readonly<Record<string, string>> };
  return annotations[key] ?? "";
}

function sum(resources: readonly GraphResource[], path: string): number {
  return resources.reduce((total, resource) => total + Number(text(resource, path)), 0);
}

function counted(resources: readonly GraphResource[], what: string): string {
  return `${resources.length} ${what}${resources.length === 1 ? "" : "s"}`;
}

function list(items: readonly string[]): string {
  return items.toSorted().join(", ");
}

function classes(graph: ResourceGraph, kind: string): string[] {
  return all(graph, "kubernetes:storage.k8s.io/v1:StorageClass").map(
    (storageClass) =>
      `${text(storageClass, "metadata.name")} (${text(storageClass, `parameters.${kind}`)}, ${text(storageClass, "reclaimPolicy")})`,
  );
}

function podsOf(graph: ResourceGraph): string {
  const autoscaler = named(graph, "chat-autoscaler");
  return `${text(autoscaler, "spec.minReplicas")} to ${text(autoscaler, "spec.maxReplicas")}`;
}

function protectedOf({ resources }: ResourceGraph): string {
  const made = resources.filter(({ type }) => !type.startsWith("rocketchat:"));
  return `${made.length}, ${made.filter((resource) => resource.protect).length} protected`;
}
