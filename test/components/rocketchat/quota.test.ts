import { expect } from "chai";

import { namespaceQuota, podCounts } from "../../../components/rocketchat/quota";
import { databaseMemberPod, databaseOperatorPod } from "../../../components/rocketchat/sizing";
import type { ResourceGraph } from "../../../simulator/graph";
import { chat, internalPublication, publication, withMembers } from "../../support/chat";
import { named, ofType, simulateComponent, waitsFor } from "../../support/simulated";

const labels = { "app.kubernetes.io/name": "rocketchat", "app.kubernetes.io/managed-by": "pulumi" };

describe("the bounds of the chat's namespace, in numbers", () => {
  it("count every pod with one that is still ending, one of a rollout, the database, its operator and a job", () => {
    expect(podCounts(5, 3)).to.deep.equal({ chat: 11, databaseMembers: 3, databaseOperators: 2, jobs: 1 });
    expect(podCounts(1, 1)).to.deep.equal({ chat: 3, databaseMembers: 1, databaseOperators: 2, jobs: 1 });
  });

  it("are the sum of what those ask for", () => {
    expect(namespaceQuota(podCounts(5, 3), 0)).to.deep.equal({
      pods: "17",
      "requests.cpu": `${11 * 400 + 3 * 310 + 2 * 20 + 50}m`,
      "requests.memory": `${11 * 832 + 3 * 896 + 2 * 64 + 128}Mi`,
      "limits.memory": `${11 * 1536 + 3 * 1376 + 2 * 192 + 256}Mi`,
      "services.loadbalancers": "0",
      "services.nodeports": "0",
    });
  });

  it("grow by what one more pod needs", () => {
    const memory = (replicas: number, members: number): number =>
      Number.parseInt(namespaceQuota(podCounts(replicas, members), 0)["limits.memory"] ?? "", 10);
    expect(memory(6, 3) - memory(5, 3)).to.equal(2 * 1536);
    expect(memory(5, 3) - memory(5, 1)).to.equal(2 * 1376);
  });

  it("leave processors unlimited, since mongod is, and storage, since volumes grow", () => {
    for (const key of Object.keys(namespaceQuota(podCounts(5, 3), 1))) expect(key).to.not.match(/^limits\.cpu$|storage/);
  });
});

type Resources = { readonly requests: Readonly<Record<string, string>>; readonly limits: Readonly<Record<string, string>> };

/** What containers ask for together, in the words of the quota's table. */
function together(resources: readonly Resources[]): unknown {
  const number = (text = ""): number => (text.endsWith("Gi") ? 1024 : 1) * Number.parseInt(text, 10);
  const sum = (of: (each: Resources) => string | undefined): number => resources.reduce((total, each) => total + number(of(each)), 0);
  return {
    cpu: sum(({ requests }) => requests["cpu"]),
    memory: sum(({ requests }) => requests["memory"]),
    memoryLimit: sum(({ limits }) => limits["memory"]),
  };
}

describe("the pods beside the chat's", () => {
  let graph: ResourceGraph;
  before(async () => {
    graph = await simulateComponent(() => chat());
  });

  it("ask for what the quota says of them, and every container says so itself: none gets what strangers get", () => {
    const { replsets, backup } = named(graph, "chat-database-cluster").inputs["spec"] as {
      readonly replsets: readonly [{ readonly resources: Resources; readonly sidecars: readonly { readonly resources: Resources }[] }];
      readonly backup: { readonly resources: Resources };
    };
    const [{ resources, sidecars }] = replsets;
    expect(together([resources, backup.resources, ...sidecars.map((sidecar) => sidecar.resources)])).to.deep.equal(databaseMemberPod);
    const values = named(graph, "chat-database-operator").inputs["values"] as { readonly resources: Resources };
    expect(together([values.resources])).to.deep.equal(databaseOperatorPod);
  });
});

for (const preview of [true, false]) {
  describe(`the bounds of the chat's namespace, in a ${preview ? "preview" : "deployment"}`, () => {
    const metadata = { name: "rocketchat", namespace: "rocketchat", labels };
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => chat(withMembers(1)), { preview });
    });

    it("are one quota, by the configuration's bounds", () => {
      expect(ofType(graph, "kubernetes:core/v1:ResourceQuota").map(({ name }) => name)).to.deep.equal(["chat-quota"]);
      expect(named(graph, "chat-quota").inputs).to.deep.equal({
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata,
        spec: { hard: namespaceQuota(podCounts(5, 1), 0) },
      });
    });

    it("give a container that states nothing little", () => {
      expect(named(graph, "chat-limits").inputs).to.deep.equal({
        apiVersion: "v1",
        kind: "LimitRange",
        metadata,
        spec: {
          limits: [{ type: "Container", defaultRequest: { cpu: "50m", memory: "128Mi" }, default: { memory: "256Mi" } }],
        },
      });
    });

    it("stand before any pod does: limits are given at admission", () => {
      for (const pods of ["chat-deployment", "chat-database-cluster", "chat-database-operator"])
        for (const bound of ["chat-quota", "chat-limits"])
          expect(waitsFor(graph, named(graph, pods), named(graph, bound)), pods).to.equal(true);
    });

    it("let one Service have an address of the cloud's only where the chat is published through it", async () => {
      const allowed = async (change: Parameters<typeof chat>[0]): Promise<unknown> => {
        const { spec } = named(await simulateComponent(() => chat(change), { preview }), "chat-quota").inputs;
        const { hard } = spec as { readonly hard: Readonly<Record<string, string>> };
        return [hard["services.loadbalancers"], hard["services.nodeports"]];
      };
      expect(await allowed({ publication: internalPublication() })).to.deep.equal(["1", "1"]);
      expect(await allowed({ publication: publication() })).to.deep.equal(["0", "0"]);
    });
  });
}

describe("the chat's namespace", () => {
  it("is bounded by as many pods as the autoscaler may start", async () => {
    const graph = await simulateComponent(() => chat({ replicas: { min: 3, max: 8 } }));
    expect(named(graph, "chat-quota").inputs).to.have.deep.nested.property("spec.hard", namespaceQuota(podCounts(8, 3), 0));
  });
});
