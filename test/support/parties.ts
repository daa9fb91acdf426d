import type { ResourceGraph } from "../../simulator/graph";
import type { Host, Pod, Service, World } from "./policy-evaluator";
import type { Labels } from "./policy-objects";
import { named, type StackName } from "./simulated";

/** Everybody who could want to speak to somebody, in a cluster as each of the clouds makes it. */
export interface Parties {
  readonly world: World;
  /** By what tests call them. */
  readonly pods: Readonly<Record<string, Pod>>;
  readonly hosts: Readonly<Record<string, Host>>;
  readonly services: Readonly<Record<string, Service>>;
}

const app = (name: string): Labels => ({ "app.kubernetes.io/name": name });

/** Labels as charts and operators set them, more of them than policies select by. */
const pods: Readonly<Record<string, { readonly namespace: string; readonly labels: Labels }>> = {
  app: { namespace: "rocketchat", labels: { ...app("rocketchat"), "app.kubernetes.io/managed-by": "pulumi" } },
  "another app": { namespace: "rocketchat", labels: { ...app("rocketchat"), "app.kubernetes.io/managed-by": "pulumi" } },
  ...Object.fromEntries(
    ["database", "another database"].map((name) => [
      name,
      {
        namespace: "rocketchat",
        // https://github.com/percona/percona-server-mongodb-operator/blob/v1.22.0/pkg/naming/labels.go
        labels: {
          ...app("percona-server-mongodb"),
          "app.kubernetes.io/instance": "rocketchat-db",
          "app.kubernetes.io/managed-by": "percona-server-mongodb-operator",
          "app.kubernetes.io/part-of": "percona-server-mongodb",
          "app.kubernetes.io/replset": "rs0",
          "app.kubernetes.io/component": "mongod",
        },
      },
    ]),
  ),
  operator: { namespace: "rocketchat", labels: { ...app("psmdb-operator"), "app.kubernetes.io/instance": "psmdb-operator" } },
  intruder: { namespace: "rocketchat", labels: app("intruder") },
  // https://github.com/cert-manager/cert-manager/tree/v1.21.1/deploy/charts/cert-manager/templates
  ...Object.fromEntries(
    Object.entries({ "cert-manager": "controller", webhook: "webhook", cainjector: "cainjector", startupapicheck: "startupapicheck" }).map(
      ([name, component]) => [
        name,
        {
          namespace: "cert-manager",
          labels: { ...app(name), "app.kubernetes.io/instance": "cert-manager", "app.kubernetes.io/component": component, app: name },
        },
      ],
    ),
  ),
  prometheus: { namespace: "monitoring", labels: { ...app("prometheus"), prometheus: "kps-prometheus" } },
  grafana: { namespace: "monitoring", labels: app("grafana") },
  collector: { namespace: "monitoring-agents", labels: { ...app("alloy"), "app.kubernetes.io/instance": "alloy" } },
  dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
  konnectivity: { namespace: "kube-system", labels: { app: "konnectivity-agent" } },
  // They bear the names of others in a namespace that is not theirs.
  stranger: { namespace: "default", labels: { ...app("prometheus"), app: "konnectivity-agent" } },
  "stranger like the app": { namespace: "default", labels: { ...app("rocketchat"), "k8s-app": "kube-dns" } },
};

const elsewhere = {
  internet: { kind: "outside", address: "52.95.110.1" },
  "office network": { kind: "outside", address: "10.200.3.4" },
  "another private network": { kind: "outside", address: "192.168.7.7" },
  "metadata service": { kind: "outside", address: "169.254.169.254" },
} as const;

/** Where things lie in the delivered stacks; pods of EKS have addresses of the nodes' subnets, those of AKS of an overlay. */
const places = {
  "aws-prod": {
    flavour: "vpc-cni",
    podPrefix: "10.0.33.",
    services: "172.20.",
    hosts: {
      "own node": { kind: "own-node", address: "10.0.0.10" },
      "another node": { kind: "other-node", address: "10.0.32.10" },
      "API server": { kind: "api-server", address: "10.0.64.9" },
      "API server in a public subnet": { kind: "api-server", address: "10.0.144.9" },
      "load balancer": { kind: "outside", address: "10.0.128.20" },
      ...elsewhere,
      "identity agent": { kind: "outside", address: "169.254.170.23" },
    },
  },
  "azure-prod": {
    flavour: "cilium",
    podPrefix: "10.244.3.",
    services: "10.1.",
    hosts: {
      "own node": { kind: "own-node", address: "10.0.1.4" },
      "another node": { kind: "other-node", address: "10.0.1.5" },
      "API server": { kind: "api-server", address: "10.0.3.4" },
      "load balancer": { kind: "outside", address: "10.0.2.7" },
      ...elsewhere,
      "DNS on the node": { kind: "outside", address: "169.254.10.11" },
      "wire server": { kind: "outside", address: "168.63.129.16" },
    },
  },
} as const satisfies Readonly<Record<StackName, unknown>>;

/** The parties of a delivered stack; the chat's Service is read out of its graph. */
export function partiesOf(stack: StackName, graph: ResourceGraph): Parties {
  const { flavour, podPrefix, services: range, hosts: ownHosts } = places[stack];
  const allPods = Object.fromEntries(
    Object.entries(pods).map(([name, pod], index): [string, Pod] => [name, { kind: "pod", ...pod, address: `${podPrefix}${index + 20}` }]),
  );
  const hosts: Readonly<Record<string, Host>> = ownHosts;
  const pod = (name: string): Pod => found(allPods, name);
  const service = (name: string, selector: Labels, ports: readonly [number, number], last: string, to?: Host): Service => ({
    kind: "service",
    namespace: to === undefined ? pod(name).namespace : "default",
    selector,
    address: `${range}${last}`,
    port: ports[0],
    targetPort: ports[1],
    leadsTo: to ?? pod(name),
  });
  const chat = chatService(graph);
  const services = {
    "Service of the API": service("API server", {}, [443, 443], "0.1", found(hosts, "API server")),
    "Service of the DNS": service("dns", { "k8s-app": "kube-dns" }, [53, 53], "0.10"),
    "Service of the app": service("app", chat.selector, [chat.port, chat.targetPort], "3.3"),
    "Service of the collector": service("collector", { ...app("alloy"), "app.kubernetes.io/instance": "alloy" }, [4317, 4317], "4.4"),
    "Service of the webhook": service(
      "webhook",
      { ...app("webhook"), "app.kubernetes.io/instance": "cert-manager", "app.kubernetes.io/component": "webhook" },
      [443, 10250],
      "5.5",
    ),
  };
  return { world: { flavour, pods: Object.values(allPods), services: Object.values(services) }, pods: allPods, hosts, services };
}

function found<T>(all: Readonly<Record<string, T>>, name: string): T {
  const one = all[name];
  if (one === undefined) throw new Error(`nobody is called ${name}`);
  return one;
}

function chatService(graph: ResourceGraph): { selector: Labels; port: number; targetPort: number } {
  const { selector, ports } = named(graph, "chat-service").inputs["spec"] as {
    readonly selector: Labels;
    readonly ports: readonly { readonly port: number; readonly targetPort: number }[];
  };
  const [first] = ports;
  if (first === undefined || ports.length > 1) throw new Error("the chat's Service has another number of ports than one");
  return { selector, ...first };
}
