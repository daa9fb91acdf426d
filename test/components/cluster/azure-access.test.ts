import { expect } from "chai";

import type { AccessGroups } from "../../../components/cluster";
import { azureCluster, region, tags } from "../../support/azure";
import type { GraphResource, ResourceGraph } from "../../../simulator/graph";
import { errorOf, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const assignment = "azure-native:authorization:RoleAssignment";
const admin = "11111111-2222-4333-8444-555555555555";
const viewer = "99999999-8888-4777-8666-555555555555";
const roles = {
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  clusterUser: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
  clusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  reader: "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
} as const;
const roleOf = ({ inputs }: GraphResource): string => String(inputs["roleDefinitionId"]).split("/").at(-1) ?? "";

describe("access to the cluster on Azure", () => {
  it("lets administrators and viewers of the configuration do what they are called, on the stack's resource group", async () => {
    const graph = await simulateComponent(() =>
      azureCluster({ access: { admins: [{ id: admin, type: "Group" }], viewers: [{ id: viewer, type: "User" }] } }),
    );
    const people = ofType(graph, assignment).filter(({ inputs }) => inputs["principalType"] !== "ServicePrincipal");
    const group = `/resourceGroups/${String(named(graph, "network-rg").outputs["name"])}`;
    expect(
      people.map((grant) => [grant.name, grant.inputs["principalId"], grant.inputs["principalType"], roleOf(grant)]),
    ).to.have.deep.members([
      [`cluster-admin-${admin}-rbac`, admin, "Group", roles.clusterAdmin],
      [`cluster-admin-${admin}-user`, admin, "Group", roles.clusterUser],
      [`cluster-viewer-${viewer}-rbac`, viewer, "User", roles.reader],
      [`cluster-viewer-${viewer}-user`, viewer, "User", roles.clusterUser],
    ]);
    for (const grant of people) {
      expect(grant.inputs["scope"], grant.name).to.match(new RegExp(`^/subscriptions/[0-9a-f-]{36}${group}$`));
      expect(waitedFor(graph, grant), grant.name).to.deep.equal(["network-rg"]);
    }
    expect(new Set(people.map(({ inputs }) => inputs["roleAssignmentName"])).size).to.equal(4);
    expect(waitedFor(graph, named(graph, "cluster-access-settled"))).to.deep.equal(people.map(({ name }) => name).sort());
  });

  it("lets the chat's people fetch a kubeconfig and no more: what they may do in it is for the namespace to say", async () => {
    const group = "22222222-3333-4444-8555-666666666666";
    const robot = "77777777-6666-4555-8444-333333333333";
    let groups: AccessGroups | undefined;
    const graph = await simulateComponent(() => {
      const chatOperators = [{ id: group, type: "Group" }] as const;
      const chatViewers = [{ id: robot, type: "ServicePrincipal" }] as const;
      groups = azureCluster({ access: { admins: [], viewers: [], chatOperators, chatViewers } }).accessGroups;
    });
    const people = ofType(graph, assignment).filter(({ inputs }) => [group, robot].includes(String(inputs["principalId"])));
    expect(people.map((grant) => [grant.name, grant.inputs["principalType"], roleOf(grant)])).to.have.deep.members([
      [`cluster-chat-operator-${group}-user`, "Group", roles.clusterUser],
      [`cluster-chat-viewer-${robot}-user`, "ServicePrincipal", roles.clusterUser],
    ]);
    expect(waitedFor(graph, named(graph, "cluster-access-settled"))).to.deep.equal(people.map(({ name }) => name).sort());
    expect(groups).to.deep.equal({ operators: [{ kind: "Group", name: group }], viewers: [{ kind: "User", name: robot }] });
  });

  it("names nobody in the chat's namespace where the configuration names nobody", async () => {
    let groups: AccessGroups | undefined;
    await simulateComponent(() => (groups = azureCluster().accessGroups));
    expect(groups).to.deep.equal({ operators: [], viewers: [] });
  });

  it("refuses single users for the chat, who have another name in the cluster than here, all at once", async () => {
    const chatOperators = [
      { id: admin, type: "User" },
      { id: viewer, type: "Group" },
    ] as const;
    const chatViewers = [{ id: viewer, type: "User" }] as const;
    const error = await errorOf(simulateComponent(() => azureCluster({ access: { admins: [], viewers: [], chatOperators, chatViewers } })));
    expect(error.name).to.equal("ConfigurationError");
    const refused = [...error.message.matchAll(/^ {2}(rocketchat:\S+) is (\S+)$/gm)].map(([, key, value]) => [key, value]);
    expect(refused).to.deep.equal([
      ["rocketchat:access.chatOperators", admin],
      ["rocketchat:access.chatViewers", viewer],
    ]);
  });

  it("does not wait for the cluster, and lets the cluster not wait for it", async () => {
    const graph = await simulateComponent(() => azureCluster());
    const [aks, settled] = [named(graph, "cluster-aks"), named(graph, "cluster-access-settled")];
    expect([waitsFor(graph, settled, aks), waitsFor(graph, aks, settled)]).to.deep.equal([false, false]);
  });
});

for (const preview of [true, false]) {
  describe(`the identity of the control plane on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureCluster(), { preview });
    });

    it("may use its two subnets and the database's disks, and nothing else", () => {
      const expected = {
        "cluster-identity-nodes": [roles.networkContributor, "network-nodes", "/subnets/nodes"],
        "cluster-identity-apiserver": [roles.networkContributor, "network-apiserver", "/subnets/apiserver"],
        "cluster-identity-database-disks": [roles.contributor, "cluster-database-disks", "/resourceGroups/cluster-database-disks"],
      } as const;
      for (const [name, [role, on, scope]] of Object.entries(expected)) {
        const grant = named(graph, name);
        if (!preview) {
          expect(roleOf(grant), name).to.equal(role);
          expect(grant.inputs["scope"], name).to.contain(scope);
          expect(grant.inputs["principalId"], name).to.equal(named(graph, "cluster-identity").outputs["principalId"]);
        }
        expect(grant.inputs["principalType"], name).to.equal("ServicePrincipal");
        expect(waitedFor(graph, grant), name).to.deep.equal(["cluster-identity", on].sort());
      }
      expect(waitedFor(graph, named(graph, "cluster-identity-settled"))).to.deep.equal(Object.keys(expected).sort());
      const own = ofType(graph, assignment).filter(({ inputs }) => inputs["principalType"] === "ServicePrincipal");
      expect(own.map(({ name }) => name).sort()).to.deep.equal(Object.keys(expected).sort());
    });

    it("keeps the database's disks in a group of the program's own, which outlives the cluster", () => {
      expect(named(graph, "cluster-database-disks")).to.deep.include({
        inputs: { location: region, tags },
        protect: true,
        retainOnDelete: true,
      });
    });
  });
}
