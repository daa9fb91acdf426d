import { expect } from "chai";

import type { GraphResource, ResourceGraph } from "../../simulator/graph";
import { evaluator, type Host, type Pod, type Service, type World } from "../support/policy-evaluator";

const kubernetes = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const cilium = "kubernetes:cilium.io/v2:CiliumNetworkPolicy";

type Spec = readonly [type: string, spec: Readonly<Record<string, unknown>>];

function graphOf(...specs: readonly Spec[]): ResourceGraph {
  const resources = specs.map(([type, spec], index): GraphResource => {
    const none = { parent: undefined, provider: undefined, custom: true, outputs: {}, dependencies: [], protect: false };
    const inputs = { metadata: { name: `policy-${index}`, namespace: "shop" }, spec };
    return { ...none, urn: `urn:policy-${index}`, type, name: `policy-${index}`, inputs, retainOnDelete: false, ignoreChanges: [] };
  });
  return { stack: "test", cloud: "test", resources, outputs: {} };
}

const pod = (labels: Pod["labels"], address: string, namespace = "shop"): Pod => ({ kind: "pod", namespace, labels, address });
const outside = (address: string): Host => ({ kind: "outside", address });
const web = pod({ app: "web" }, "10.0.0.20");
const store = pod({ app: "store", tier: "data" }, "10.0.0.21");
const service = (change: Partial<Service> = {}): Service => ({
  kind: "service",
  namespace: "shop",
  selector: { app: "store" },
  address: "172.20.0.7",
  port: 5432,
  targetPort: 5432,
  leadsTo: store,
  ...change,
});

const deny = [kubernetes, { podSelector: {}, policyTypes: ["Ingress", "Egress"] }] as const;
const egress = (to: readonly unknown[], port = 5432) =>
  [kubernetes, { podSelector: {}, policyTypes: ["Egress"], egress: [{ to, ports: [{ port, protocol: "TCP" }] }] }] as const;
const ingress = (from: readonly unknown[], port = 5432) =>
  [kubernetes, { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from, ports: [{ port, protocol: "TCP" }] }] }] as const;
const labelled = (matchLabels: Pod["labels"]): unknown => ({ podSelector: { matchLabels } });
const block = (cidr: string, except?: readonly string[]): unknown => ({ ipBlock: { cidr, ...(except === undefined ? {} : { except }) } });
const everyPod = { podSelector: {} };

const worldOf = (flavour: World["flavour"], services: readonly Service[] = []): World => ({ flavour, pods: [web, store], services });

for (const flavour of ["vpc-cni", "cilium"] as const) {
  describe(`the evaluator, as ${flavour} judges`, () => {
    const allowed = (graph: ResourceGraph) => evaluator(graph, worldOf(flavour));

    it("lets everything through where no policy is, and nothing where one only denies", () => {
      expect(allowed(graphOf())(web, store, 5432)).to.equal(true);
      expect(allowed(graphOf(deny))(web, store, 5432)).to.equal(false);
    });

    it("wants both ends to agree, and the very port and protocol", () => {
      const both = graphOf(deny, egress([labelled({ app: "store" })]), ingress([labelled({ app: "web" })]));
      expect(allowed(both)(web, store, 5432)).to.equal(true);
      expect(allowed(both)(web, store, 5433)).to.equal(false);
      expect(allowed(both)(web, store, 5432, "UDP")).to.equal(false);
      expect(allowed(graphOf(deny, egress([labelled({ app: "store" })])))(web, store, 5432)).to.equal(false);
      expect(allowed(graphOf(deny, ingress([labelled({ app: "web" })])))(web, store, 5432)).to.equal(false);
    });

    it("tells pods apart by their namespace", () => {
      const namesake = pod({ app: "web" }, "10.0.0.40", "elsewhere");
      expect(allowed(graphOf(deny, ingress([labelled({ app: "web" })])))(namesake, store, 5432)).to.equal(false);
    });

    it("keeps a range's exceptions out", () => {
      const graph = graphOf(deny, egress([block("0.0.0.0/0", ["169.254.0.0/16"])], 80));
      expect(allowed(graph)(web, outside("52.95.110.1"), 80)).to.equal(true);
      expect(allowed(graph)(web, outside("169.254.169.254"), 80)).to.equal(false);
    });

    it("lets the kubelet of its own node in", () => {
      expect(allowed(graphOf(deny))({ kind: "own-node", address: "10.0.0.2" }, web, 3000)).to.equal(true);
      expect(allowed(graphOf(deny))({ kind: "other-node", address: "10.0.0.3" }, web, 3000)).to.equal(false);
    });

    it("reads no policy that it does not understand", () => {
      const out = (rule: unknown): Spec => [kubernetes, { podSelector: {}, policyTypes: ["Egress"], egress: [rule] }];
      const ciliumOut = (rule: unknown): Spec => [cilium, { endpointSelector: {}, egress: [rule] }];
      const toPorts = [{ ports: [{ port: "1", protocol: "TCP" }] }];
      const odd: readonly (readonly [Spec, string])[] = [
        [out({ ports: [{ port: 1, protocol: "TCP" }] }), "without peers or ports lets everything in"],
        [out({ to: [], ports: [{ port: 1, protocol: "TCP" }] }), "without peers or ports lets everything in"],
        [out({ to: [everyPod], ports: [{ port: "http", protocol: "TCP" }] }), "http is no port"],
        [out({ to: [everyPod], ports: [{ port: 1, endPort: 9, protocol: "TCP" }] }), "nobody reads endPort"],
        [out({ to: [{ namespaceSelector: {} }], ports: [{ port: 1, protocol: "TCP" }] }), "by another label than its name"],
        [[kubernetes, { podSelector: {}, policyTypes: ["Egress"], ingress: [] }], "no type ingress"],
        [[kubernetes, { podSelector: { matchExpressions: [] }, policyTypes: ["Egress"] }], "nobody reads matchExpressions"],
        [["kubernetes:cilium.io/v2:CiliumClusterwideNetworkPolicy", {}], "of a kind that nobody reads"],
        [ciliumOut({ toFQDNs: [], toPorts }), "nobody reads toFQDNs"],
        [ciliumOut({ toEntities: ["world"], toPorts }), "nobody reads the entity world"],
        [ciliumOut({ toEntities: ["host"], toPorts: [{ ports: [{ port: 1, protocol: "TCP" }] }] }), "1 is no port"],
        [ciliumOut({ toEntities: ["host"], toCIDRSet: [{ cidr: "10.0.0.0/8" }], toPorts }), "combining toEntities and toCIDRSet"],
      ];
      for (const [policy, message] of odd) expect(() => evaluator(graphOf(policy), worldOf(flavour)), message).to.throw(message);
    });
  });
}

describe("the evaluator, on EKS", () => {
  const judge = (services: readonly Service[], ...specs: readonly Spec[]) => evaluator(graphOf(...specs), worldOf("vpc-cni", services));
  const admitted = ingress([everyPod]);

  it("judges a Service by its own address: only where it selects by the peer's labels, and has the pods' port", () => {
    const answers = (own: Service, labels: Pod["labels"]): boolean =>
      judge([own], deny, admitted, egress([labelled(labels)]))(web, own, own.port);
    expect(answers(service(), { app: "store" })).to.equal(true);
    expect(answers(service(), { tier: "data" })).to.equal(false);
    expect(answers(service({ selector: {} }), { app: "store" })).to.equal(false);
    expect(answers(service({ port: 80, targetPort: 5432 }), { app: "store" })).to.equal(false);
    // The pod itself may be spoken to all the same.
    expect(judge([service()], deny, admitted, egress([labelled({ tier: "data" })]))(web, store, 5432)).to.equal(true);
  });

  it("finds the API server only by the Service's address", () => {
    const api = service({
      namespace: "default",
      selector: {},
      address: "172.20.0.1",
      port: 443,
      targetPort: 443,
      leadsTo: { kind: "api-server", address: "10.0.64.9" },
    });
    expect(judge([api], deny, egress([block("172.20.0.1/32")], 443))(web, api, 443)).to.equal(true);
    expect(judge([api], deny, egress([block("10.0.64.0/19")], 443))(web, api, 443)).to.equal(false);
  });

  it("denies what one rule excepts to all rules, unless one names that very range or a narrower one", () => {
    const relay = outside("10.9.9.9");
    const internet = egress([block("0.0.0.0/0", ["10.0.0.0/8"])], 443);
    const mail = (cidr: string) => egress([block(cidr)], 25);
    expect(judge([], deny, internet, mail("0.0.0.0/0"))(web, relay, 25)).to.equal(false);
    expect(judge([], deny, internet, mail("10.0.0.0/8"))(web, relay, 25)).to.equal(true);
    expect(judge([], deny, internet, mail("10.9.0.0/16"))(web, relay, 25)).to.equal(true);
    expect(judge([], deny, internet, mail("10.9.0.0/16"))(web, relay, 443)).to.equal(false);
  });

  it("takes a range for every address in it, pods and nodes included, and lets a pod reach its own node", () => {
    const nodes = judge([], deny, egress([block("10.0.0.0/19")], 9100));
    expect(nodes(web, { kind: "other-node", address: "10.0.3.3" }, 9100)).to.equal(true);
    expect(nodes(web, pod({}, "10.0.3.4", "elsewhere"), 9100)).to.equal(true);
    expect(judge([], deny)(web, { kind: "own-node", address: "10.0.0.2" }, 10250)).to.equal(true);
  });

  it("holds 24 ports of a range, and says so where there are more", () => {
    const ports = (count: number) => Array.from({ length: count }, (_, index) => ({ port: index + 1, protocol: "TCP" }));
    const spec = (count: number) => ({
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [block("10.9.0.0/16")], ports: ports(count) }],
    });
    expect(judge([], [kubernetes, spec(24)])(web, outside("10.9.0.1"), 24)).to.equal(true);
    expect(() => judge([], [kubernetes, spec(25)])(web, outside("10.9.0.1"), 1)).to.throw("25 ports of one range");
  });
});

describe("the evaluator, on Cilium", () => {
  const judge = (...specs: readonly Spec[]) => evaluator(graphOf(...specs), worldOf("cilium"));
  const toPorts = (port: number) => [{ ports: [{ port: String(port), protocol: "TCP" }] }];
  const own = (rule: Readonly<Record<string, unknown>>) =>
    [cilium, { endpointSelector: { matchLabels: { app: "web" } }, egress: [rule] }] as const;

  it("never takes a range for a pod or a node, however wide it is", () => {
    const everywhere = judge(deny, egress([block("0.0.0.0/0")], 5432), ingress([everyPod]));
    expect(everywhere(web, store, 5432)).to.equal(false);
    expect(everywhere(web, { kind: "other-node", address: "10.0.1.5" }, 5432)).to.equal(false);
    expect(everywhere(web, outside("10.0.2.4"), 5432)).to.equal(true);
  });

  it("knows nodes and API server by what they are", () => {
    const [ownNode, node, api]: Host[] = [
      { kind: "own-node", address: "10.0.1.4" },
      { kind: "other-node", address: "10.0.1.5" },
      { kind: "api-server", address: "10.0.3.4" },
    ];
    const nodes = judge(deny, own({ toEntities: ["remote-node"], toPorts: toPorts(10250) }));
    expect([ownNode, node, api].map((to) => to !== undefined && nodes(web, to, 10250))).to.deep.equal([false, true, false]);
    const server = judge(deny, own({ toEntities: ["kube-apiserver"], toPorts: toPorts(443) }));
    expect([ownNode, node, api].map((to) => to !== undefined && server(web, to, 443))).to.deep.equal([false, false, true]);
  });

  it("judges a Service by the pod behind it, whatever its address, port and labels", () => {
    const odd = service({ selector: { tier: "data" }, port: 80, targetPort: 5432 });
    expect(judge(deny, ingress([everyPod]), egress([labelled({ app: "store" })]))(web, odd, 80)).to.equal(true);
    expect(judge(deny, ingress([everyPod]), egress([block("172.20.0.0/16")]))(web, service(), 5432)).to.equal(false);
  });

  it("adds its own kind to Kubernetes'", () => {
    const elsewhere = { matchLabels: { app: "web", "k8s:io.kubernetes.pod.namespace": "elsewhere" } };
    const graph = judge(deny, own({ toEndpoints: [elsewhere], toPorts: toPorts(80) }), egress([block("10.9.0.0/16")], 25));
    expect(graph(web, pod({ app: "web" }, "10.244.0.9", "elsewhere"), 80)).to.equal(true);
    expect(graph(web, pod({ app: "web" }, "10.244.0.8"), 80)).to.equal(false);
    expect(graph(web, outside("10.9.0.1"), 25)).to.equal(true);
  });
});
