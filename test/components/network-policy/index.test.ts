import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { PolicyFacts } from "../../../components/cluster";
import { createNetworkPolicies, type Flow } from "../../../components/network-policy";
import { errorOf, simulateComponent } from "../../support/simulated";

const facts: PolicyFacts = {
  flavour: "kubernetes",
  apiServer: { cidrs: ["172.20.0.1/32"], port: 443 },
  webhookCallers: { cidrs: ["10.0.0.0/19", "10.0.128.0/20"], pods: [], nodes: false },
  dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" }, ownNodeCidrs: [] },
  identity: { cidrs: ["169.254.170.23/32"], port: 80 },
  nodeCidrs: ["10.0.0.0/19"],
  privateCidrs: ["10.0.0.0/8", "172.16.0.0/12"],
  metadataCidrs: ["169.254.0.0/16"],
};
const onCilium: PolicyFacts = {
  ...facts,
  flavour: "cilium",
  apiServer: { cidrs: ["10.0.3.0/28"], port: 443 },
  webhookCallers: {
    cidrs: ["10.0.3.0/28"],
    pods: [{ namespace: "kube-system", labels: { app: "konnectivity-agent" } }],
    nodes: true,
  },
  dns: { ...facts.dns, ownNodeCidrs: ["169.254.10.0/24"] },
  identity: { cidrs: "internet", port: 443 },
};

/** The kinds and specifications of a namespace's policies by their names. */
async function policies(flows: readonly Flow[], on: PolicyFacts = facts, preview = false) {
  const graph = await simulateComponent(() => policiesIn(flows, on), { preview });
  const objects = graph.resources.filter(({ type }) => /NetworkPolicy$/.test(type));
  return new Map(objects.map(({ name, type, inputs }) => [name.replace("shop-", ""), { kind: type.split(":").at(-1), ...inputs }]));
}

function policiesIn(flows: readonly Flow[], on: PolicyFacts): pulumi.Resource[] {
  const provider = new k8s.Provider("kubernetes", { kubeconfig: "{}" });
  const parent = new pulumi.ComponentResource("rocketchat:index:Shop", "shop", {}, { providers: { kubernetes: provider } });
  const { metadata } = new k8s.core.v1.Namespace("shop-namespace", { metadata: { name: "shop" } }, { parent });
  return createNetworkPolicies(parent, "shop", { namespace: "shop", namespaceReady: metadata.name, facts: on, flows, labels: { a: "b" } });
}

async function spec(flow: Flow, policy: string, on: PolicyFacts = facts): Promise<unknown> {
  const found = (await policies([flow], on)).get(policy) as { readonly kind?: string; readonly spec?: unknown } | undefined;
  return { [found?.kind ?? "none"]: found?.spec };
}

const web = { pods: { app: "web" } };
const store = { pods: { app: "store" } };
const port = (number: number, protocol = "TCP"): unknown => ({ port: number, protocol });

for (const preview of [true, false]) {
  describe(`network policies of a namespace, in a ${preview ? "preview" : "deployment"}`, () => {
    it("deny everything, then allow a flow at each end that lies in the namespace, and say what for", async () => {
      const flow: Flow = { name: "web-to-store", purpose: "orders", from: web, to: store, ports: [5432, 5433] };
      const metadata = (name: string, description: string) => ({
        name,
        namespace: "shop",
        labels: { a: "b" },
        annotations: { "kubernetes.io/description": description },
      });
      const ports = [port(5432), port(5433)];
      const shared = { kind: "NetworkPolicy", apiVersion: "networking.k8s.io/v1" };
      expect(await policies([flow], facts, preview)).to.deep.equal(
        new Map([
          [
            "default-deny",
            {
              ...shared,
              metadata: metadata("default-deny", "what no other policy allows"),
              spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
            },
          ],
          [
            "web-to-store-egress",
            {
              ...shared,
              metadata: metadata("web-to-store-egress", "orders"),
              spec: {
                podSelector: { matchLabels: { app: "web" } },
                policyTypes: ["Egress"],
                egress: [{ to: [{ podSelector: { matchLabels: { app: "store" } } }], ports }],
              },
            },
          ],
          [
            "web-to-store-ingress",
            {
              ...shared,
              metadata: metadata("web-to-store-ingress", "orders"),
              spec: {
                podSelector: { matchLabels: { app: "store" } },
                policyTypes: ["Ingress"],
                ingress: [{ from: [{ podSelector: { matchLabels: { app: "web" } } }], ports }],
              },
            },
          ],
        ]),
      );
    });
  });
}

describe("a flow", () => {
  it("from another namespace is allowed where it arrives, and to another one where it begins", async () => {
    const scraper = { pods: { app: "scraper" }, namespace: "monitoring" };
    const both = await policies([
      { name: "in", purpose: "metrics", from: scraper, to: web, ports: [9100] },
      { name: "out", purpose: "traces", from: web, to: scraper, ports: [4317] },
    ]);
    expect([...both.keys()]).to.have.members(["default-deny", "in-ingress", "out-egress"]);
    const peer = {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
      podSelector: { matchLabels: { app: "scraper" } },
    };
    expect(both.get("in-ingress")).to.have.deep.nested.property("spec.ingress[0].from", [peer]);
    expect(both.get("out-egress")).to.have.deep.nested.property("spec.egress[0].to", [peer]);
  });

  it("that names the own namespace is the same as one that names none", async () => {
    const flow = (from: typeof web): Flow => ({ name: "f", purpose: "p", from, to: { everyPod: true }, ports: [1] });
    const named = await policies([flow({ ...web, ...{ namespace: "shop" } })]);
    expect(named).to.deep.equal(await policies([flow(web)]));
    expect(named.get("f-ingress")).to.have.deep.nested.property("spec.podSelector", {});
    expect(named.get("f-egress")).to.have.deep.nested.property("spec.egress[0].to", [{ podSelector: {} }]);
  });

  it("from outside comes from ranges of addresses, on either kind of cluster", async () => {
    const flow: Flow = { name: "f", purpose: "p", from: { cidrs: ["10.0.2.0/24", "10.0.4.0/24"] }, to: web, ports: [3000] };
    const from = ["10.0.2.0/24", "10.0.4.0/24"].map((cidr) => ({ ipBlock: { cidr } }));
    for (const on of [facts, onCilium])
      expect(await spec(flow, "f-ingress", on)).to.deep.equal({
        NetworkPolicy: {
          podSelector: { matchLabels: { app: "web" } },
          policyTypes: ["Ingress"],
          ingress: [{ from, ports: [port(3000)] }],
        },
      });
  });

  it("to the internet reaches no private range and nothing of the cloud's own", async () => {
    const flow: Flow = { name: "f", purpose: "p", from: web, to: "internet", ports: [443] };
    const to = [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "172.16.0.0/12", "169.254.0.0/16"] } }];
    for (const on of [facts, onCilium])
      expect(await spec(flow, "f-egress", on)).to.deep.equal({
        NetworkPolicy: { podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Egress"], egress: [{ to, ports: [port(443)] }] },
      });
  });

  it("to anywhere reaches private ranges as well, each by itself", async () => {
    const flow: Flow = { name: "f", purpose: "p", from: web, to: "anywhere", ports: [25] };
    const to = [
      { ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "172.16.0.0/12", "169.254.0.0/16"] } },
      { ipBlock: { cidr: "10.0.0.0/8" } },
      { ipBlock: { cidr: "172.16.0.0/12" } },
    ];
    expect(await spec(flow, "f-egress")).to.have.deep.nested.property("NetworkPolicy.egress", [{ to, ports: [port(25)] }]);
  });

  it("to the DNS is one to its pods, and where the node itself may answer, to that one", async () => {
    const flow: Flow = { name: "f", purpose: "p", from: { everyPod: true }, to: "dns" };
    const ports = [port(53, "UDP"), port(53)];
    const kubeSystem = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } };
    expect(await spec(flow, "f-egress")).to.deep.equal({
      NetworkPolicy: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ to: [{ ...kubeSystem, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }], ports }],
      },
    });
    const toPorts = [{ ports: [port(53, "UDP"), port(53)].map(asText) }];
    expect(await spec(flow, "f-egress", onCilium)).to.deep.equal({
      CiliumNetworkPolicy: {
        endpointSelector: { matchLabels: {} },
        egress: [
          { toEndpoints: [{ matchLabels: { "k8s-app": "kube-dns", "k8s:io.kubernetes.pod.namespace": "kube-system" } }], toPorts },
          { toCIDRSet: [{ cidr: "169.254.10.0/24" }], toPorts },
          { toEntities: ["host"], toPorts },
        ],
      },
    });
  });

  it("to the API server is one to the address that is judged, and on Cilium also to what it is", async () => {
    const flow: Flow = { name: "f", purpose: "p", from: web, to: "api-server" };
    expect(await spec(flow, "f-egress")).to.have.deep.nested.property("NetworkPolicy.egress", [
      { to: [{ ipBlock: { cidr: "172.20.0.1/32" } }], ports: [port(443)] },
    ]);
    const toPorts = [{ ports: [port(443)].map(asText) }];
    expect(await spec(flow, "f-egress", onCilium)).to.deep.equal({
      CiliumNetworkPolicy: {
        endpointSelector: { matchLabels: { app: "web" } },
        egress: [
          { toCIDRSet: [{ cidr: "10.0.3.0/28" }], toPorts },
          { toEntities: ["kube-apiserver"], toPorts },
        ],
      },
    });
  });

  it("to the identity is one to the agent on the node, or to the internet, at the port of either", async () => {
    const flow: Flow = { name: "f", purpose: "p", from: web, to: "identity" };
    expect(await spec(flow, "f-egress")).to.have.deep.nested.property("NetworkPolicy.egress", [
      { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [port(80)] },
    ]);
    const to = [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "172.16.0.0/12", "169.254.0.0/16"] } }];
    expect(await spec(flow, "f-egress", onCilium)).to.have.deep.nested.property("NetworkPolicy.egress", [{ to, ports: [port(443)] }]);
  });

  it("with the nodes is one with their ranges, or on Cilium with what they are: Prometheus reads the kubelets", async () => {
    const out: Flow = { name: "f", purpose: "p", from: web, to: "nodes", ports: [10250, 9100] };
    expect(await spec(out, "f-egress")).to.have.deep.nested.property("NetworkPolicy.egress", [
      { to: [{ ipBlock: { cidr: "10.0.0.0/19" } }], ports: [port(10250), port(9100)] },
    ]);
    const toPorts = [{ ports: [port(10250), port(9100)].map(asText) }];
    expect(await spec(out, "f-egress", onCilium)).to.have.deep.nested.property("CiliumNetworkPolicy.egress", [
      { toEntities: ["host", "remote-node"], toPorts },
    ]);
    const into: Flow = { name: "f", purpose: "p", from: "nodes", to: web, ports: [80] };
    expect(await spec(into, "f-ingress", onCilium)).to.deep.equal({
      CiliumNetworkPolicy: {
        endpointSelector: { matchLabels: { app: "web" } },
        ingress: [{ fromEntities: ["host", "remote-node"], toPorts: [{ ports: [port(80)].map(asText) }] }],
      },
    });
  });

  it("from whoever calls webhooks is one from the control plane's subnets, or on Cilium from all that it may come through", async () => {
    const flow: Flow = { name: "f", purpose: "p", from: "webhook-callers", to: web, ports: [10250] };
    const from = [{ ipBlock: { cidr: "10.0.0.0/19" } }, { ipBlock: { cidr: "10.0.128.0/20" } }];
    expect(await spec(flow, "f-ingress")).to.have.deep.nested.property("NetworkPolicy.ingress", [{ from, ports: [port(10250)] }]);
    const toPorts = [{ ports: [port(10250)].map(asText) }];
    expect(await spec(flow, "f-ingress", onCilium)).to.have.deep.nested.property("CiliumNetworkPolicy.ingress", [
      { fromEndpoints: [{ matchLabels: { app: "konnectivity-agent", "k8s:io.kubernetes.pod.namespace": "kube-system" } }], toPorts },
      { fromCIDRSet: [{ cidr: "10.0.3.0/28" }], toPorts },
      { fromEntities: ["host", "remote-node"], toPorts },
    ]);
  });

  it("that has no end in the namespace, or an end or a port that is none, is an error that names it", async () => {
    const elsewhere = { pods: { app: "web" }, namespace: "monitoring" };
    const wrong: readonly [Flow, string][] = [
      [
        { name: "astray", purpose: "p", from: elsewhere, to: "internet", ports: [1] },
        "astray: neither end of the flow lies in the namespace shop",
      ],
      [{ name: "nobody", purpose: "p", from: { cidrs: [] }, to: web, ports: [1] }, "nobody: an end of the flow is nobody"],
      [{ name: "portless", purpose: "p", from: web, to: store, ports: [] }, "portless: the flow has no port"],
    ];
    for (const [flow, message] of wrong)
      expect((await errorOf(simulateComponent(() => policiesIn([flow], facts)))).message).to.equal(message);
  });
});

function asText(value: unknown): unknown {
  const { port: number, protocol } = value as { readonly port: number; readonly protocol: string };
  return { port: String(number), protocol };
}
