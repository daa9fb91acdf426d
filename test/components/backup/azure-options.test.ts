import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { GraphResource, ResourceGraph } from "../../../simulator/graph";
import type { ResourceType } from "../../../simulator/resource-type";
import { resourceTypes } from "../../../simulator/tables";
import { accountId, azureBackup, build, contentsOfBackup, policyId, vaultId } from "../../support/azure-backup";
import { contents, errorOf, named, simulateComponent, waitsFor } from "../../support/simulated";

describe("the backup on Azure", () => {
  const held = ({ protect, retainOnDelete }: GraphResource) => ({ protect, retainOnDelete });
  const own = (graph: ResourceGraph): GraphResource[] => graph.resources.filter(({ name }) => name.startsWith("backup-"));

  it("refuses to let backups go, and lets the rest", async () => {
    const graph = await build();
    const keepers = ["backup-instance", "backup-snapshots", "backup-vault"];
    for (const resource of own(graph)) {
      const kept = keepers.includes(resource.name);
      expect(held(resource), resource.name).to.deep.equal({ protect: kept, retainOnDelete: kept });
    }
  });

  it("lets everything go where the configuration lets data go", async () => {
    for (const resource of own(await build({ protect: false })))
      expect(held(resource), resource.name).to.deep.equal({ protect: false, retainOnDelete: false });
  });

  it("forgets deleted backups at once where that is wanted", async () => {
    const { properties } = named(await build({ softDelete: false }), "backup-vault").inputs as { properties: Record<string, unknown> };
    expect(properties["securitySettings"]).to.deep.equal({ softDeleteSettings: { state: "Off", retentionDurationInDays: 14 } });
  });

  it("has another policy for another retention, since Azure changes none, and the same instance", async () => {
    const graph = await build({ retentionDays: 7 });
    expect(contents(graph, "backup")).to.deep.equal({
      ...contentsOfBackup,
      "azure-native:dataprotection:BackupPolicy": ["backup-policy-7d"],
    });
    const { inputs } = named(graph, "backup-policy-7d");
    expect(inputs["backupPolicyName"]).to.equal("every-4-hours-kept-7-days");
    expect(JSON.stringify(inputs)).to.include('"P7D"').and.not.include("P35D");
    const { properties } = named(graph, "backup-instance").inputs as { properties: { policyInfo: Record<string, unknown> } };
    expect(properties.policyInfo["policyId"]).to.equal(policyId(graph, 7));
  });

  it("locks the vault alone, and only after everything that lies in it", async () => {
    const graph = await build({ locks: true, protect: false });
    const type = "azure-native:authorization:ManagementLockByScope";
    expect(contents(graph, "backup")).to.deep.equal({ ...contentsOfBackup, [type]: ["backup-lock"] });
    const lock = named(graph, "backup-lock");
    expect(lock.inputs).to.include({ scope: vaultId(graph), level: "CanNotDelete" });
    for (const { name, type: kind } of own(graph))
      if (/:Backup(Vault|Policy|Instance)$|:DiagnosticSetting$/.test(kind))
        expect(waitsFor(graph, lock, named(graph, name)), name).to.equal(true);
    // The lock would keep an old policy: it stays in the vault until that goes.
    expect(held(named(graph, "backup-policy-35d"))).to.deep.equal({ protect: false, retainOnDelete: true });
  });

  it("says what it made on the storage account, for whoever locks that", async () => {
    let grants: readonly pulumi.Resource[] = [];
    const graph = await simulateComponent(() => {
      grants = azureBackup().storeGrants;
    });
    const urns = await Promise.all(grants.map(({ urn }) => new Promise<string>((resolve) => void urn.apply(resolve))));
    const onAccount = graph.resources.filter(({ inputs }) => inputs["scope"] === accountId).map(({ name }) => name);
    expect(urns.map((urn) => urn.split("::").at(-1)).sort()).to.deep.equal(onAccount.sort());
    expect(onAccount).to.have.lengthOf(2);
  });

  it("fails in words where AKS gives the extension no identity", async () => {
    const table = resourceTypes as Map<string, ResourceType>;
    const token = "azure-native:kubernetesconfiguration:Extension";
    const row = table.get(token);
    if (row === undefined) throw new Error("no row");
    table.set(token, { ...row, computed: () => ({}) });
    try {
      expect((await errorOf(build())).message).to.contain("AKS gave the backup extension no identity");
    } finally {
      table.set(token, row);
    }
  });
});
