import { expect } from "chai";

import type { ResourceGraph } from "../simulator/graph";
import { simulateStack, waitsFor, type StackName } from "./support/simulated";
import { variants } from "./support/variants";

/** Names of what each choice adds to the delivered stack, and of what it leaves out: exactly that. */
const differences: Readonly<Record<string, { readonly adds?: readonly string[]; readonly leavesOut?: readonly string[] }>> = {
  "aws-single-nat": {
    leavesOut: ["b", "c"].flatMap((zone) => [`monitoring-nat-${zone}-ports`, `network-nat-${zone}`, `network-nat-${zone}-eip`]),
  },
  "aws-spot": { adds: ["cluster-spot", "cluster-spot-template"] },
  "aws-existing-vpc": {
    leavesOut: [
      ...[
        "default-sg",
        "flow-log",
        "flow-logs",
        "flow-logs-policy",
        "flow-logs-role",
        "igw",
        "public-route",
        "public-rt",
        "s3-endpoint",
        "vpc",
      ],
      ...["a", "b", "c"].flatMap((zone) => [
        ...["", "-eip"].map((part) => `nat-${zone}${part}`),
        ...["", "-route", "-rt", "-rta"].map((part) => `private-${zone}${part}`),
        ...["", "-rta"].map((part) => `public-${zone}${part}`),
      ]),
    ]
      .map((name) => `network-${name}`)
      .concat(["a", "b", "c"].map((zone) => `monitoring-nat-${zone}-ports`)),
  },
  "aws-replication": {
    adds: [
      ...["copies-key", "copies-vault"].map((part) => `backup-${part}`),
      ...["replication", "replication-policy", "replication-role"].map((part) => `store-uploads-${part}`),
      ...["alias", "bucket", "encryption", "key", "lifecycle", "ownership", "policy", "public-access", "versioning"].map(
        (part) => `store-uploads-replica-${part}`,
      ),
    ],
  },
  "aws-hosted-zone": {
    adds: ["certificate", "certificate-record", "certificate-validation", "domain-record"].map((part) => `load-balancer-${part}`),
  },
  "aws-waf": { adds: ["firewall", "firewall-logging", "firewall-logs"].map((part) => `load-balancer-${part}`) },
  "aws-watched-closely": {
    adds: ["backup-lock", "cluster-performance-logs", "monitoring-budget"],
    leavesOut: ["backup-restore-test-volumes", "backup-restore-tests"],
  },
  "azure-waf": { adds: ["load-balancer-firewall"] },
  "azure-spot": { adds: ["cluster-spot-e9fa0b"] },
  "azure-existing-vnet": {
    leavesOut: [
      ...["apiserver", "gateway", "nodes"].flatMap((subnet) => [`network-${subnet}`, `network-${subnet}-nsg`]),
      ...["flow-log", "flow-logs", "nat", "nat-ip", "suffix", "vnet"].map((part) => `network-${part}`),
      ...["down", "ports"].map((trouble) => `monitoring-nat-${trouble}`),
    ],
  },
  "azure-traffic-manager": { adds: ["load-balancer-traffic-manager"] },
  "azure-standard-disks": {},
  "azure-watched-closely": {
    adds: [
      "backup-lock",
      ...["backups", "cluster", "logs", "traces", "uploads"].map((kind) => `store-${kind}-lock`),
      ...["budget", "container-insights", "container-insights-cluster"].map((part) => `monitoring-${part}`),
    ],
  },
};

const namesIn = (graph: ResourceGraph): string[] => graph.resources.map(({ name }) => name);
const without = (names: readonly string[], others: readonly string[]): string[] => names.filter((name) => !others.includes(name)).sort();

describe("other choices on the first day", function () {
  this.timeout(20_000);
  const delivered = new Map<StackName, string[]>();

  before(async () => {
    for (const stack of new Set(variants.map((variant) => variant.stack))) {
      delivered.set(stack, namesIn((await simulateStack(stack, { preview: false })).graph));
    }
  });

  for (const { name, stack, description, change } of variants) {
    it(`${description} (${stack}): the same in a preview and in a deployment, and just what it is about differs from the delivered stack`, async () => {
      const preview = await simulateStack(stack, { change });
      const { graph } = await simulateStack(stack, { preview: false, change });
      expect(namesIn(preview.graph).length).to.equal(namesIn(graph).length);
      const usual = delivered.get(stack) ?? [];
      const { adds = [], leavesOut = [] } = differences[name] ?? {};
      expect(without(namesIn(graph), usual), "added").to.deep.equal([...adds].sort());
      expect(without(usual, namesIn(graph)), "left out").to.deep.equal([...leavesOut].sort());
      const circles = graph.resources.filter((resource) => waitsFor(graph, resource, resource));
      expect(circles.map(({ urn }) => urn)).to.deep.equal([]);
    });
  }

  it("are all told what they are about", () => {
    expect(Object.keys(differences).sort()).to.deep.equal(variants.map(({ name }) => name).sort());
  });
});
