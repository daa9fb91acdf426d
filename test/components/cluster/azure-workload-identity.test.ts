import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { WorkloadIdentity } from "../../../components/cluster";
import type { RoleAssignmentData } from "../../../components/cluster/identity";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { azureCluster, region, tags } from "../../support/azure";
import { errorOf, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const blobs = { role: "files", roleDefinitionId: "ba92f5b4-2d11-453d-a403-e96b0029c9fe", scope: "/subscriptions/s/files" };

/** What `grantIdentity` makes and says. */
async function grant(
  assignments: readonly RoleAssignmentData[],
  preview = false,
): Promise<{ readonly graph: ResourceGraph; readonly identity: WorkloadIdentity; readonly ready: readonly string[] }> {
  let identity: WorkloadIdentity | undefined;
  const ready: string[] = [];
  const graph = await simulateComponent(
    () => {
      const permissions = [{ kind: "azure-roles", assignments }] as const;
      identity = azureCluster().grantIdentity("files", { namespace: "chat", serviceAccount: "reader", permissions });
      return pulumi
        .all(identity.ready.map(({ urn }) => urn))
        .apply((urns) => ready.push(...urns.map((urn) => urn.split("::").at(-1) ?? "")));
    },
    { preview },
  );
  if (identity === undefined) throw new Error("no identity");
  return { graph, identity, ready: ready.sort() };
}

describe("an identity on Azure", () => {
  for (const preview of [true, false]) {
    it(`is one that the pods of one service account sign in as, with exactly the roles asked for, in a ${preview ? "preview" : "deployment"}`, async () => {
      const { graph } = await grant([blobs], preview);
      const later = (value: unknown): unknown => (preview ? unknownText : value);
      const identity = named(graph, "cluster-files-identity");
      const resourceGroupName = later(named(graph, "network-rg").outputs["name"]);
      expect(identity.inputs).to.deep.equal({ resourceGroupName, location: region, tags });
      expect(named(graph, "cluster-files-credential").inputs).to.deep.equal({
        resourceGroupName,
        resourceName: later(identity.outputs["name"]),
        issuer: later((named(graph, "cluster-aks").outputs["oidcIssuerProfile"] as { issuerURL?: string }).issuerURL),
        subject: "system:serviceaccount:chat:reader",
        audiences: ["api://AzureADTokenExchange"],
      });
      const granted = ofType(graph, "azure-native:authorization:RoleAssignment").filter(({ name }) => name.startsWith("cluster-files-"));
      expect(granted.map(({ name, inputs }) => [name, inputs["scope"], inputs["principalType"], inputs["roleDefinitionId"]])).to.deep.equal(
        [
          [
            "cluster-files-files",
            blobs.scope,
            "ServicePrincipal",
            `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${blobs.roleDefinitionId}`,
          ],
        ],
      );
      if (!preview) expect(granted[0]?.inputs["principalId"]).to.equal(identity.outputs["principalId"]);
    });
  }

  it("needs no node, and so is there before the first pod", async () => {
    const { graph, ready } = await grant([blobs]);
    const pools = ofType(graph, "azure-native:containerservice:AgentPool");
    expect(pools).to.have.lengthOf(3);
    for (const name of ready) for (const pool of pools) expect(waitsFor(graph, named(graph, name), pool), name).to.equal(false);
  });

  it("tells pods by annotation and label whom to sign in as, and what must be there before them: credential, and roles that act", async () => {
    const { graph, identity, ready } = await grant([blobs]);
    expect(identity.annotations).to.deep.equal({ "azure.workload.identity/client-id": identity.id });
    expect(identity.podLabels).to.deep.equal({ "azure.workload.identity/use": "true" });
    expect(ready).to.deep.equal(["cluster-files-credential", "cluster-files-settled"]);
    expect(waitedFor(graph, named(graph, "cluster-files-settled"))).to.deep.equal(["cluster-files-files"]);
    expect(named(graph, "cluster-files-identity").outputs["clientId"]).to.match(/^[0-9a-f-]{36}$/);
  });

  it("that may do nothing waits for no role", async () => {
    const { graph, ready } = await grant([]);
    expect(ready).to.deep.equal(["cluster-files-credential"]);
    expect(graph.resources.filter(({ name }) => name === "cluster-files-settled")).to.deep.equal([]);
  });

  it("refuses the permissions of another cloud", async () => {
    const error = await errorOf(
      simulateComponent(() => {
        const permissions = [{ kind: "iam", statements: [] }] as const;
        azureCluster().grantIdentity("files", { namespace: "chat", serviceAccount: "reader", permissions });
      }),
    );
    expect(error.message).to.equal("files: a cluster on Azure cannot grant permissions of kind iam");
  });
});
