import { expect } from "chai";

import type { ResourceGraph } from "../simulator/graph";
import { simulateStack, waitsFor, type StackName } from "./support/simulated";
import { variants } from "./support/variants";

/** Names of what each choice adds to the delivered stack, and of what it leaves out: exactly that. */
const differences: Readonly<Record<string, { readonly adds?: readonly string[]; readonly leavesOut?: readonly string[] }>> = {
  "single-nat": {
    leavesOut: ["b", "c"].flatMap((zone) => [`monitoring-nat-${zone}-ports`, `network-nat-${zone}`, `network-nat-${zone}-eip`]),
  },
  spot: { adds: ["cluster-spot", "cluster-spot-template"] },
  "existing-vpc": {
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
  replication: {
    adds: [
      ...["copies-key", "copies-vault"].map((part) => `backup-${part}`),
      ...["replication", "replication-policy", "replication-role"].map((part) => `store-uploads-${part}`),
      ...["alias", "bucket", "encryption", "key", "lifecycle", "ownership", "policy", "public-access", "versioning"].map(
        (part) => `store-uploads-replica-${part}`,
      ),
    ],
  },
  "hosted-zone": {
    adds: ["certificate", "certificate-record", "certificate-validation", "domain-record"].map((part) => `load-balancer-${part}`),
  },
  waf: { adds: ["firewall", "firewall-logging", "firewall-logs"].map((part) => `load-balancer-${part}`) },
  "watched-closely": {
    adds: ["backup-lock", "cluster-performance-logs", "monitoring-budget"],
    leavesOut: ["backup-restore-test-volumes", "backup-restore-tests"],
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
