import { expect } from "chai";

import { toDocument, type ResourceGraph } from "../simulator/graph";
import { partiesOf, type Parties } from "./support/parties";
import { evaluator } from "./support/policy-evaluator";
import { sectionOf, simulateStack, stacks, waitsFor, type StackName } from "./support/simulated";

/** Ports that somebody listens on, or would like to. */
const ports = [22, 25, 53, 80, 443, 587, 3000, 4000, 4317, 8080, 9100, 9216, 9402, 10250, 27017];
const everything = "everything";

/** Senders, receivers, and the ports at which these take a connection of those. */
type Row = readonly [senders: readonly string[], receivers: readonly string[], ports: string];

const apps = ["app", "another app"];
const databases = ["database", "another database"];
const certManager = ["cert-manager", "webhook", "cainjector", "startupapicheck"];
const shut = [...apps, ...databases, "operator", "intruder", ...certManager];

/** What connects to what on either cloud. */
const common: readonly Row[] = [
  [shut, ["dns", "Service of the DNS"], "53 53/UDP"],
  [["load balancer"], [...apps, "Service of the app"], "3000"],
  [apps, apps, "4000"],
  [apps, databases, "27017"],
  [apps, ["collector", "Service of the collector"], "4317"],
  [[...apps, ...databases, "operator"], ["internet"], "443"],
  [databases, databases, "27017"],
  [["operator"], databases, "27017"],
  [["operator", ...certManager], ["Service of the API"], "443"],
  [["prometheus"], apps, "9100"],
  [["prometheus"], databases, "9216"],
  [["prometheus"], ["operator"], "8080"],
  // The kubelet's probes; no policy keeps a node from its own pods.
  [["own node"], shut, everything],
  [["own node"], ["Service of the app"], "3000"],
  [["own node", "another node", "API server", "konnectivity"], ["Service of the webhook"], "443"],
  [["another node", "API server", "konnectivity"], ["webhook"], "10250"],
];

const own: Readonly<Record<StackName, readonly Row[]>> = {
  "aws-prod": [
    [[...apps, ...databases, "operator"], ["identity agent"], "80"],
    [["prometheus"], ["cert-manager", "cainjector", "startupapicheck"], "9402"],
    // The agent lets the address of a pod's own node through, whatever the policies say.
    [shut, ["own node"], everything],
    // The control plane has addresses of the cluster's subnets, so that whoever else has one can ask the webhook as well.
    [["prometheus"], ["webhook"], "9402 10250"],
    [
      ["grafana", "collector", "dns", "stranger", "stranger like the app", "API server in a public subnet", "load balancer"],
      ["webhook"],
      "10250",
    ],
    [
      ["prometheus", "grafana", "collector", "dns", "stranger", "stranger like the app", "API server in a public subnet", "load balancer"],
      ["Service of the webhook"],
      "443",
    ],
    [["API server in a public subnet"], [...apps, "Service of the app"], "3000"],
  ],
  "azure-prod": [
    [["prometheus"], certManager, "9402"],
    [["operator", ...certManager], ["API server"], "443"],
    [shut, ["own node", "DNS on the node"], "53 53/UDP"],
  ],
};

/** What never may be, whatever else changes. */
const forbidden: readonly Row[] = [
  [["internet", "load balancer", "office network", "another node", "API server"], databases, "27017 9216"],
  [["internet", "office network", "another node", "API server"], apps, "3000 9100 4000"],
  [["load balancer"], apps, "9100 4000"],
  [shut, ["metadata service"], "80 443"],
  [databases, ["internet"], "22 25 53 80 587 27017"],
  [[...certManager, "intruder"], ["internet"], "80 443"],
  [[...apps, ...databases, "operator"], ["office network", "another private network"], "22 80 443 27017"],
  [["prometheus", "grafana", "collector"], databases, "27017"],
  [["stranger", "stranger like the app", "grafana", "dns"], apps, "3000 4000 9100"],
  [["stranger", "stranger like the app"], databases, "27017 9216"],
  [[...apps, ...databases, "intruder"], ["API server", "Service of the API"], "443"],
  [databases, apps, "3000 4000 9100"],
  [["operator"], apps, "3000 4000 9100"],
  [["intruder"], [...apps, ...databases, "operator", ...certManager], "3000 4000 8080 9100 9216 9402 10250 27017"],
  [apps, ["operator", "webhook", "prometheus", "grafana"], "443 3000 8080 9402"],
  [[...apps, ...databases], ["another node"], "22 10250 9100"],
];

/** Every connection that pods of the namespaces with policies can make or take. */
function connections(graph: ResourceGraph, { world, pods, hosts, services }: Parties): string[] {
  const allowed = evaluator(graph, world);
  const found: string[] = [];
  for (const [sender, from] of Object.entries({ ...pods, ...hosts })) {
    for (const [receiver, to] of Object.entries({ ...pods, ...hosts, ...services })) {
      const leadsTo = to.kind === "service" ? to.leadsTo : to;
      if (from === leadsTo || !(shut.some((name) => pods[name] === from) || shut.some((name) => pods[name] === leadsTo))) continue;
      const tcp = ports.filter((port) => allowed(from, to, port)).map(String);
      const open = [...tcp, ...(allowed(from, to, 53, "UDP") ? ["53/UDP"] : [])];
      if (open.length > 0) found.push(`${sender} > ${receiver}: ${open.length > ports.length ? everything : open.join(" ")}`);
    }
  }
  return found.sort();
}

function lines(rows: readonly Row[]): string[] {
  const same = (sender: string, receiver: string): boolean => sender === receiver || `Service of the ${sender}` === receiver;
  return rows
    .flatMap(([senders, receivers, open]) =>
      senders.flatMap((sender) => receivers.flatMap((receiver) => (same(sender, receiver) ? [] : [`${sender} > ${receiver}: ${open}`]))),
    )
    .sort();
}

for (const stack of stacks) {
  describe(`network policies of ${stack}`, function () {
    this.timeout(60_000);
    let graph: ResourceGraph;
    let parties: Parties;
    before(async () => {
      ({ graph } = await simulateStack(stack, { preview: false }));
      parties = partiesOf(stack, graph);
    });

    it("let through what the architecture draws, at both ends, and nothing else", () => {
      expect(connections(graph, parties)).to.deep.equal(lines([...common, ...own[stack]]));
    });

    it("deny, in particular, what an intruder would try", () => {
      const allowed = evaluator(graph, parties.world);
      const { pods, hosts, services } = parties;
      const party = (name: string) => {
        const found = pods[name] ?? hosts[name];
        if (found === undefined) throw new Error(`nobody is called ${name}`);
        return found;
      };
      for (const [senders, receivers, denied] of forbidden) {
        for (const [sender, receiver] of senders.flatMap((from) => receivers.map((to) => [from, to] as const))) {
          for (const port of denied.split(" ").map(Number))
            expect(allowed(party(sender), services[receiver] ?? party(receiver), port), `${sender} > ${receiver}: ${port}`).to.equal(false);
        }
      }
    });

    it("are each needed: without any of them something else is let through, or less", () => {
      const before = connections(graph, parties).join("\n");
      // Every pod of cert-manager has rules for both directions, and so is denied the rest; its default is for a pod that has none.
      const policies = graph.resources.filter(({ name, type }) => /NetworkPolicy$/.test(type) && name !== "certificates-default-deny");
      expect(policies.length).to.be.above(20);
      const idle = policies.filter((policy) => {
        const without = { ...graph, resources: graph.resources.filter((resource) => resource !== policy) };
        return connections(without, parties).join("\n") === before;
      });
      expect(idle.map(({ name }) => name)).to.deep.equal([]);
    });

    it("are there before the first pod that they are for", () => {
      const pods = {
        "chat-": ["chat-deployment", "chat-database-cluster", "chat-database-operator"],
        "certificates-": ["certificates-release"],
      };
      for (const [prefix, workloads] of Object.entries(pods)) {
        const policies = graph.resources.filter(({ name, type }) => /NetworkPolicy$/.test(type) && name.startsWith(prefix));
        expect(policies.length).to.be.above(4);
        for (const workload of workloads) {
          const made = graph.resources.find(({ name, type }) => name === workload && type.startsWith("kubernetes:"));
          if (made === undefined) throw new Error(`there is no ${workload}`);
          const early = policies.filter((policy) => !waitsFor(graph, made, policy));
          expect(
            early.map(({ name }) => name),
            workload,
          ).to.deep.equal([]);
        }
      }
    });

    it("are the same in a preview as in a deployment", async () => {
      const preview = await simulateStack(stack);
      const policies = ({ resources, ...rest }: ResourceGraph): string =>
        toDocument([{ ...rest, outputs: {}, resources: resources.filter(({ type }) => /NetworkPolicy$/.test(type)) }]);
      expect(policies(preview.graph)).to.equal(policies(graph));
    });

    it("open the mail server's port, to public and private addresses, only where mail is sent", async () => {
      const smtp = { host: "smtp.acme.io", port: 587, from: "chat@acme.io" };
      const change = { "rocketchat:app": { ...sectionOf(stack, "rocketchat:app"), smtp } };
      const mailing = (await simulateStack(stack, { preview: false, change })).graph;
      const before = connections(graph, parties);
      const opened = connections(mailing, partiesOf(stack, mailing)).filter((line) => !before.includes(line));
      const relays: Row[] = [
        [apps, ["internet"], "443 587"],
        [apps, ["office network", "another private network", "API server", "load balancer"], "587"],
      ];
      // On EKS a private range holds nodes and pods too; those that have policies take nothing at that port.
      const machines: Row[] = [
        [apps, ["dns"], "53 587 53/UDP"],
        [apps, ["collector"], "587 4317"],
        [apps, ["prometheus", "grafana", "konnectivity", "stranger", "stranger like the app"], "587"],
        [apps, ["another node", "API server in a public subnet"], "587"],
      ];
      expect(opened).to.deep.equal(lines(stack === "aws-prod" ? [...relays, ...machines] : relays));
    });
  });
}
