import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { azureObjectStore, region, tags } from "../../support/azure";
import { named, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const stems = {
  "store-files": "rcfiles",
  "store-backups-account": "rcbackups",
  "store-cluster-account": "rccluster",
  "store-logs-account": "rclogs",
  "store-traces-account": "rctraces",
} as const;
const accountNames = Object.keys(stems) as (keyof typeof stems)[];

for (const preview of [true, false]) {
  describe(`the storage accounts on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureObjectStore({ backupVersionDays: 60 }), { preview });
    });
    const outputOf = (name: string, output: string): unknown => (preview ? unknownText : named(graph, name).outputs[output]);
    const inAccount = (account: string): Record<string, unknown> => ({
      resourceGroupName: outputOf("store-rg", "name"),
      accountName: outputOf(account, "name"),
    });

    for (const account of accountNames) {
      const keys = account === "store-backups-account";
      it(`take no plain HTTP and ${keys ? "only of all its keys those of the backup tool" : "no keys"}, and admit the node subnet alone: ${account}`, () => {
        const suffix = String(named(graph, "store-suffix").outputs["result"]);
        const vnet = String(named(graph, "network-vnet").outputs["name"]);
        const networkGroup = String(named(graph, "network-rg").outputs["name"]);
        const nodes = `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/${networkGroup}/providers/Microsoft.Network/virtualNetworks/${vnet}/subnets/nodes`;
        expect(named(graph, account).inputs).to.deep.equal({
          resourceGroupName: outputOf("store-rg", "name"),
          location: region,
          accountName: preview ? unknownText : `${stems[account]}${suffix}`,
          kind: "StorageV2",
          sku: { name: "Standard_ZRS" },
          minimumTlsVersion: "TLS1_2",
          enableHttpsTrafficOnly: true,
          allowBlobPublicAccess: false,
          allowSharedKeyAccess: keys,
          defaultToOAuthAuthentication: true,
          allowCrossTenantReplication: false,
          isHnsEnabled: false,
          networkRuleSet: preview
            ? unknownText
            : { bypass: "AzureServices", defaultAction: "Deny", virtualNetworkRules: [{ virtualNetworkResourceId: nodes }] },
          tags,
        });
      });
    }

    it("keep versions of uploads, and can take them back to a moment that is younger than what is kept", () => {
      expect(named(graph, "store-files-protection").inputs).to.deep.equal({
        ...inAccount("store-files"),
        blobServicesName: "default",
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: 90 },
        containerDeleteRetentionPolicy: { enabled: true, days: 90 },
        changeFeed: { enabled: true, retentionInDays: 90 },
        restorePolicy: { enabled: true, days: 89 },
      });
    });

    it("keep versions of backups, for as long as the configuration says", () => {
      expect(named(graph, "store-backups-account-protection").inputs).to.deep.equal({
        ...inAccount("store-backups-account"),
        blobServicesName: "default",
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: 60 },
        containerDeleteRetentionPolicy: { enabled: true, days: 60 },
      });
    });

    for (const [account, days] of [
      ["store-cluster-account", 14],
      ["store-logs-account", 7],
      ["store-traces-account", 1],
    ] as const) {
      it(`keep what others delete by their own rules for days, without versions and without a rule that deletes: ${account}`, () => {
        expect(named(graph, `${account}-protection`).inputs).to.deep.equal({
          ...inAccount(account),
          blobServicesName: "default",
          isVersioningEnabled: false,
          deleteRetentionPolicy: { enabled: true, days },
          containerDeleteRetentionPolicy: { enabled: true, days },
        });
        expect(graph.resources.filter(({ name }) => name === `${account}-lifecycle`)).to.deep.equal([]);
      });
    }

    for (const [account, days] of [
      ["store-files", 90],
      ["store-backups-account", 60],
    ] as const) {
      it(`let old versions and snapshots go after the configured time, and nothing that is current: ${account}`, () => {
        const gone = { delete: { daysAfterCreationGreaterThan: days } };
        const lifecycle = named(graph, `${account}-lifecycle`);
        expect(lifecycle.inputs).to.deep.equal({
          ...inAccount(account),
          managementPolicyName: "default",
          policy: {
            rules: [
              {
                name: "expire-old-versions",
                type: "Lifecycle",
                enabled: true,
                definition: { filters: { blobTypes: ["blockBlob"] }, actions: { version: gone, snapshot: gone } },
              },
            ],
          },
        });
        expect(waitsFor(graph, lifecycle, named(graph, `${account}-protection`))).to.equal(true);
      });
    }

    for (const [containerName, account] of [
      ["uploads", "store-files"],
      ["backups", "store-backups-account"],
      ["cluster", "store-cluster-account"],
      ["logs", "store-logs-account"],
      ["traces", "store-traces-account"],
    ] as const) {
      it(`hold a private container for ${containerName}, made once its files are protected`, () => {
        const container = named(graph, `store-${containerName}`);
        expect(container.inputs).to.deep.equal({ ...inAccount(account), containerName, publicAccess: "None" });
        expect(waitedFor(graph, container)).to.deep.equal([account, `${account}-protection`, "store-rg"].sort());
      });
    }
  });
}

describe("the storage accounts on Azure", () => {
  it("can always be taken back less far than they keep what was deleted, down to the shortest retention", async () => {
    const graph = await simulateComponent(() => azureObjectStore({ uploadVersionDays: 2 }));
    expect(named(graph, "store-files-protection").inputs).to.deep.include({
      deleteRetentionPolicy: { enabled: true, days: 2 },
      restorePolicy: { enabled: true, days: 1 },
    });
  });

  it("keep deleted backups for 35 days where nobody says otherwise", async () => {
    const graph = await simulateComponent(() => azureObjectStore());
    expect(named(graph, "store-backups-account-protection").inputs["deleteRetentionPolicy"]).to.deep.equal({ enabled: true, days: 35 });
  });
});
