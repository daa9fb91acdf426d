import type * as k8s from "@pulumi/kubernetes";
import { expect } from "chai";

import type { AccessGroups } from "../../../components/cluster";
import type { ResourceGraph } from "../../../simulator/graph";
import { chat } from "../../support/chat";
import { named, ofType, simulateComponent } from "../../support/simulated";

type Rule = k8s.types.output.rbac.v1.PolicyRule;

const labels = { "app.kubernetes.io/name": "rocketchat", "app.kubernetes.io/managed-by": "pulumi" };
const groups: AccessGroups = {
  operators: [{ kind: "Group", name: "chat-operators" }],
  viewers: [
    { kind: "Group", name: "chat-viewers" },
    { kind: "User", name: "99999999-8888-4777-8666-555555555555" },
  ],
};

/** Whether the rules of a role allow something, as Kubernetes reads them. A kind is written `group/resource`, the core group empty. */
function allows(graph: ResourceGraph, role: string, verb: string, kind: string): boolean {
  const [group = "", ...resource] = kind.split("/");
  const rules = named(graph, role).inputs["rules"] as readonly Rule[];
  const has = (list: readonly string[], wanted: string): boolean => list.includes(wanted) || list.includes("*");
  return rules.some(({ apiGroups, resources, verbs }) => has(apiGroups, group) && has(resources, resource.join("/")) && has(verbs, verb));
}

const everybody: readonly [string, string][] = [
  ["get", "/pods"],
  ["list", "/pods"],
  ["get", "/pods/log"],
  ["watch", "/events"],
  ["list", "/configmaps"],
  ["list", "/persistentvolumeclaims"],
  ["get", "apps/deployments"],
  ["get", "apps/statefulsets"],
  ["get", "autoscaling/horizontalpodautoscalers"],
  ["list", "networking.k8s.io/networkpolicies"],
  ["list", "networking.k8s.io/ingresses"],
  ["list", "cilium.io/ciliumnetworkpolicies"],
  ["list", "policy/poddisruptionbudgets"],
  ["list", "metrics.k8s.io/pods"],
  ["list", "cert-manager.io/certificates"],
  ["get", "psmdb.percona.com/perconaservermongodbs"],
  ["watch", "psmdb.percona.com/perconaservermongodbbackups"],
  ["get", "rbac.authorization.k8s.io/rolebindings"],
];

const operatorsAlone: readonly [string, string][] = [
  ["delete", "/pods"],
  ["create", "/pods/eviction"],
  ["create", "/pods/portforward"],
  ["get", "/pods/portforward"],
  ["patch", "apps/deployments/scale"],
  ["update", "apps/statefulsets/scale"],
  ["patch", "autoscaling/horizontalpodautoscalers"],
  ["create", "psmdb.percona.com/perconaservermongodbbackups"],
  ["delete", "psmdb.percona.com/perconaservermongodbbackups"],
  ["create", "psmdb.percona.com/perconaservermongodbrestores"],
  ["delete", "psmdb.percona.com/perconaservermongodbrestores"],
];

/** Each would lead to the Secrets of the namespace, to more rights, or to a chat that the program does not know. */
const nobody: readonly [string, string][] = [
  ...["get", "list", "watch", "create", "update", "patch", "delete"].map((verb): [string, string] => [verb, "/secrets"]),
  ["create", "/pods"],
  ["patch", "/pods"],
  ["patch", "/pods/ephemeralcontainers"],
  ["update", "/pods/ephemeralcontainers"],
  ["create", "/pods/exec"],
  ["get", "/pods/exec"],
  ["create", "/pods/attach"],
  ["get", "/pods/attach"],
  ["get", "/pods/proxy"],
  ["get", "/services/proxy"],
  ["create", "/serviceaccounts/token"],
  ["patch", "/configmaps"],
  ["patch", "apps/deployments"],
  ["update", "apps/statefulsets"],
  ["create", "apps/deployments"],
  ["delete", "apps/deployments"],
  ["create", "batch/jobs"],
  ["create", "batch/cronjobs"],
  ["patch", "psmdb.percona.com/perconaservermongodbs"],
  ["delete", "psmdb.percona.com/perconaservermongodbs"],
  ["patch", "psmdb.percona.com/perconaservermongodbbackups"],
  ["delete", "/persistentvolumeclaims"],
  ["delete", "networking.k8s.io/networkpolicies"],
  ["create", "cert-manager.io/certificates"],
  ["patch", "policy/poddisruptionbudgets"],
  ["create", "rbac.authorization.k8s.io/rolebindings"],
  ["escalate", "rbac.authorization.k8s.io/roles"],
  ["bind", "rbac.authorization.k8s.io/roles"],
];

for (const preview of [true, false]) {
  describe(`access to the chat's namespace, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => chat({ accessGroups: groups }), { preview });
    });

    it("is two roles of the namespace, each bound to those that the cluster names", () => {
      expect(ofType(graph, "kubernetes:rbac.authorization.k8s.io/v1:Role").map(({ name }) => name)).to.have.members([
        "chat-viewers-role",
        "chat-operators-role",
      ]);
      for (const who of ["viewers", "operators"] as const) {
        const metadata = { name: `rocketchat-${who}`, namespace: "rocketchat", labels };
        expect(named(graph, `chat-${who}-role`).inputs["metadata"]).to.deep.equal(metadata);
        expect(named(graph, `chat-${who}-binding`).inputs).to.deep.equal({
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          metadata,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: `rocketchat-${who}` },
          subjects: groups[who].map((subject) => ({ apiGroup: "rbac.authorization.k8s.io", ...subject })),
        });
      }
      expect(graph.resources.filter(({ type }) => type.includes("ClusterRole"))).to.deep.equal([]);
    });

    it("lets both look at everything but Secrets", () => {
      for (const [verb, kind] of everybody) {
        expect(allows(graph, "chat-viewers-role", verb, kind), `viewers: ${verb} ${kind}`).to.equal(true);
        expect(allows(graph, "chat-operators-role", verb, kind), `operators: ${verb} ${kind}`).to.equal(true);
      }
    });

    it("lets operators restart, scale, back up, restore and reach a port, and viewers not", () => {
      for (const [verb, kind] of operatorsAlone) {
        expect(allows(graph, "chat-operators-role", verb, kind), `operators: ${verb} ${kind}`).to.equal(true);
        expect(allows(graph, "chat-viewers-role", verb, kind), `viewers: ${verb} ${kind}`).to.equal(false);
      }
    });

    it("lets nobody read Secrets, nor make, change or enter a pod, from which they could be read", () => {
      for (const [verb, kind] of nobody)
        for (const who of ["viewers", "operators"])
          expect(allows(graph, `chat-${who}-role`, verb, kind), `${who}: ${verb} ${kind}`).to.equal(false);
    });

    it("allows no verb by a wildcard, and no kind of the core group", () => {
      for (const who of ["viewers", "operators"]) {
        const rules = named(graph, `chat-${who}-role`).inputs["rules"] as readonly Rule[];
        for (const { apiGroups, resources, verbs } of rules) {
          expect(verbs, who).to.not.include("*");
          expect(apiGroups, who).to.not.include("*");
          if (apiGroups.includes("")) expect(resources, who).to.not.include("*");
          if (resources.includes("*")) expect(verbs, who).to.deep.equal(["get", "list", "watch"]);
        }
      }
    });

    it("is made for nobody where there is nobody", async () => {
      const viewersOnly = await simulateComponent(() => chat({ accessGroups: { ...groups, operators: [] } }), { preview });
      const made = (of: ResourceGraph): string[] =>
        of.resources.filter(({ type }) => type.includes(":rbac.authorization.k8s.io/")).map(({ name }) => name);
      expect(made(viewersOnly)).to.have.members(["chat-viewers-role", "chat-viewers-binding"]);
      expect(made(await simulateComponent(() => chat(), { preview }))).to.deep.equal([]);
    });
  });
}
