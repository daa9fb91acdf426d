import { expect } from "chai";

import type { WorkloadIdentity } from "../../../components/cluster";
import type { CsiVolume } from "../../../components/object-store";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { azureCluster, azureNetwork, azureObjectStore, region, tags } from "../../support/azure";
import { contents, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

for (const preview of [true, false]) {
  describe(`the object store on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureObjectStore(), { preview });
    });
    const group = (): unknown => (preview ? unknownText : named(graph, "store-rg").outputs["name"]);
    const ofAccount = (): Record<string, unknown> => ({
      resourceGroupName: group(),
      accountName: preview ? unknownText : named(graph, "store-files").outputs["name"],
    });

    it("is one account in a resource group of its own, with a container for uploads and what protects them, and nothing else", () => {
      expect(contents(graph, "store")).to.deep.equal({
        "azure-native:resources:ResourceGroup": ["store-rg"],
        "azure-native:storage:BlobContainer": ["store-uploads"],
        "azure-native:storage:BlobServiceProperties": ["store-files-protection"],
        "azure-native:storage:ManagementPolicy": ["store-files-lifecycle"],
        "azure-native:storage:StorageAccount": ["store-files"],
        "random:index/randomString:RandomString": ["store-suffix"],
      });
    });

    it("takes no keys and no plain HTTP, and admits the node subnet alone", () => {
      const { inputs } = named(graph, "store-files");
      const nodes = `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/${String(named(graph, "network-rg").outputs["name"])}/providers/Microsoft.Network/virtualNetworks/${String(named(graph, "network-vnet").outputs["name"])}/subnets/nodes`;
      expect(inputs).to.deep.equal({
        resourceGroupName: group(),
        location: region,
        accountName: inputs["accountName"],
        kind: "StorageV2",
        sku: { name: "Standard_ZRS" },
        minimumTlsVersion: "TLS1_2",
        enableHttpsTrafficOnly: true,
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        defaultToOAuthAuthentication: true,
        allowCrossTenantReplication: false,
        isHnsEnabled: false,
        networkRuleSet: preview
          ? unknownText
          : { bypass: "AzureServices", defaultAction: "Deny", virtualNetworkRules: [{ virtualNetworkResourceId: nodes }] },
        tags,
      });
      if (!preview) expect(inputs["accountName"]).to.match(/^rcfiles[a-z0-9]{8}$/);
      expect(waitsFor(graph, named(graph, "store-files"), named(graph, "network-apiserver")), "the network is done").to.equal(true);
    });

    it("keeps versions and deleted files, and can be taken back to a moment that is younger than what it keeps", () => {
      const { inputs } = named(graph, "store-files-protection");
      expect(inputs).to.deep.equal({
        ...ofAccount(),
        blobServicesName: "default",
        isVersioningEnabled: true,
        changeFeed: { enabled: true, retentionInDays: 90 },
        deleteRetentionPolicy: { enabled: true, days: 90 },
        containerDeleteRetentionPolicy: { enabled: true, days: 90 },
        restorePolicy: { enabled: true, days: 89 },
      });
    });

    it("lets old versions and snapshots go after the configured time", () => {
      const gone = { delete: { daysAfterCreationGreaterThan: 90 } };
      expect(named(graph, "store-files-lifecycle").inputs).to.deep.equal({
        ...ofAccount(),
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
    });

    it("has a private container, made once its files are protected", () => {
      const container = named(graph, "store-uploads");
      expect(container.inputs).to.deep.equal({ ...ofAccount(), containerName: "uploads", publicAccess: "None" });
      expect(waitedFor(graph, container)).to.deep.equal(["store-files", "store-files-protection", "store-rg"]);
      expect(waitsFor(graph, named(graph, "store-files-lifecycle"), named(graph, "store-files-protection"))).to.equal(true);
    });

    it("refuses to be deleted, and outlives the stack with all its settings", () => {
      const held = (name: string): unknown => {
        const { protect, retainOnDelete } = named(graph, name);
        return { protect, retainOnDelete };
      };
      expect(held("store-rg"), "which Azure would delete with everything in it").to.deep.equal({ protect: true, retainOnDelete: true });
      expect(held("store-files")).to.deep.equal({ protect: true, retainOnDelete: true });
      expect(held("store-uploads")).to.deep.equal({ protect: true, retainOnDelete: true });
      expect(held("store-files-protection")).to.deep.equal({ protect: false, retainOnDelete: true });
      expect(held("store-files-lifecycle")).to.deep.equal({ protect: false, retainOnDelete: true });
    });

    it("hands out kind, account and container", () => {
      expect(named(graph, "store").outputs).to.deep.equal({
        uploads: {
          kind: "blob",
          account: preview ? unknownText : named(graph, "store-files").outputs["name"],
          container: preview ? unknownText : "uploads",
        },
      });
    });
  });
}

describe("the object store on Azure", () => {
  it("can always be taken back less far than it keeps what was deleted, down to the shortest retention", async () => {
    const graph = await simulateComponent(() => azureObjectStore({ uploadVersionDays: 2 }));
    expect(named(graph, "store-files-protection").inputs).to.deep.include({
      deleteRetentionPolicy: { enabled: true, days: 2 },
      restorePolicy: { enabled: true, days: 1 },
    });
  });

  it("copies as it was told, and may be deleted where the configuration lets data go", async () => {
    const graph = await simulateComponent(() => azureObjectStore({ redundancy: "Standard_GZRS", protect: false }));
    expect(named(graph, "store-files").inputs["sku"]).to.deep.equal({ name: "Standard_GZRS" });
    const held = graph.resources.filter(({ protect, retainOnDelete }) => protect || retainOnDelete);
    expect(held.map(({ name }) => name)).to.deep.equal([]);
  });

  it("lets the chat read and write blobs of the one container, and no more", async () => {
    const graph = await simulateComponent(() => {
      const network = azureNetwork();
      const { uploads } = azureObjectStore({ network });
      azureCluster({ network }).grantIdentity("chat", { namespace: "chat", serviceAccount: "chat", permissions: [uploads.permissions] });
    });
    const [grant, ...more] = ofType(graph, "azure-native:authorization:RoleAssignment").filter(({ name }) => name.includes("chat"));
    expect(more).to.deep.equal([]);
    expect(grant?.name).to.equal("cluster-chat-uploads");
    // Storage Blob Data Contributor, which reads and writes blobs and can give no rights.
    expect(grant?.inputs["roleDefinitionId"]).to.match(/\/roleDefinitions\/ba92f5b4-2d11-453d-a403-e96b0029c9fe$/);
    expect(grant?.inputs["scope"]).to.match(/\/storageAccounts\/rcfiles[a-z0-9]{8}\/blobServices\/default\/containers\/uploads$/);
  });

  it("is a volume that blobfuse mounts with the pods' own token, for the chat's user, with a bounded cache", async () => {
    let volume: CsiVolume | undefined;
    let identity: WorkloadIdentity | undefined;
    await simulateComponent(() => {
      const network = azureNetwork();
      const { uploads } = azureObjectStore({ network });
      identity = azureCluster({ network }).grantIdentity("chat", { namespace: "chat", serviceAccount: "chat", permissions: [] });
      if (uploads.kind === "blob") volume = uploads.volume(identity, 65533);
    });
    expect(volume?.driver).to.equal("blob.csi.azure.com");
    expect(volume?.volumeAttributes).to.include({ protocol: "fuse2", mountWithWorkloadIdentityToken: "true", clientID: identity?.id });
    expect(volume?.mountOptions).to.deep.equal([
      "-o allow_other",
      "-o uid=65533",
      "-o gid=65533",
      "--file-cache-timeout-in-seconds=120",
      "--cancel-list-on-mount-seconds=10",
      "--cache-size-mb=256",
      "--log-level=LOG_WARNING",
    ]);
  });
});
