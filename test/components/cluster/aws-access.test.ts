import { expect } from "chai";

import type { AccessGroups } from "../../../components/cluster";
import type { ResourceGraph } from "../../../simulator/graph";
import { awsCluster, tagged } from "../../support/aws";
import { named, ofType, simulateComponent, waitsFor } from "../../support/simulated";

const operator = "arn:aws:iam::999999999999:role/chat/operator";
const viewer = "arn:aws:iam::999999999999:user/auditor";

for (const preview of [true, false]) {
  describe(`the chat's people on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    let groups: AccessGroups | undefined;
    before(async () => {
      const access = { admins: [], viewers: [], chatOperators: [operator], chatViewers: [viewer] };
      graph = await simulateComponent(() => (groups = awsCluster({ access }).accessGroups), { preview });
    });

    it("enter the cluster in a group of their own, and with no policy of AWS's, which would hold in other namespaces too", () => {
      const entries = ofType(graph, "aws:eks/accessEntry:AccessEntry");
      expect(entries.map(({ name, inputs }) => [name, inputs["principalArn"], inputs["kubernetesGroups"], inputs["tags"]])).to.deep.equal([
        [
          "cluster-chat-operator-999999999999-role-chat-operator-entry",
          operator,
          ["rocketchat-operators"],
          tagged("cluster-chat-operator-999999999999-role-chat-operator-entry"),
        ],
        [
          "cluster-chat-viewer-999999999999-user-auditor-entry",
          viewer,
          ["rocketchat-viewers"],
          tagged("cluster-chat-viewer-999999999999-user-auditor-entry"),
        ],
      ]);
      expect(ofType(graph, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation")).to.deep.equal([]);
    });

    it("are named to the namespace by those groups", () => {
      expect(groups).to.deep.equal({
        operators: [{ kind: "Group", name: "rocketchat-operators" }],
        viewers: [{ kind: "Group", name: "rocketchat-viewers" }],
      });
    });

    it("are let in before the cluster's objects are made, like everybody else", () => {
      for (const { name } of ofType(graph, "aws:eks/accessEntry:AccessEntry"))
        expect(waitsFor(graph, named(graph, "cluster-kubernetes"), named(graph, name)), name).to.equal(true);
    });
  });
}

describe("nobody of the chat's on AWS", () => {
  it("is no group: there would be a role for people who cannot come", async () => {
    let groups: AccessGroups | undefined;
    await simulateComponent(() => (groups = awsCluster({ access: { admins: [], viewers: [] } }).accessGroups));
    expect(groups).to.deep.equal({ operators: [], viewers: [] });
  });

  it("is in a group without having been named: administrators and viewers have AWS's own policies", async () => {
    const graph = await simulateComponent(() => awsCluster({ access: { admins: [operator], viewers: [viewer] } }));
    for (const { name, inputs } of ofType(graph, "aws:eks/accessEntry:AccessEntry"))
      expect(inputs, name).to.not.have.property("kubernetesGroups");
  });
});
