import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { Store } from "../../../components/object-store";
import type { AccountKind, AzureObjectStore } from "../../../components/object-store/azure";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { azureObjectStore } from "../../support/azure";
import { contents, named, ofType, simulateComponent, waitsFor } from "../../support/simulated";

/** Each account by what it is for, and its containers. */
const accounts = {
  uploads: { account: "store-files", containers: ["uploads"] },
  backups: { account: "store-backups-account", containers: ["backups"] },
  cluster: { account: "store-cluster-account", containers: ["cluster"] },
  logs: { account: "store-logs-account", containers: ["logs"] },
  traces: { account: "store-traces-account", containers: ["traces"] },
} as const;
const all = Object.values(accounts);

for (const preview of [true, false]) {
  describe(`the object store on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureObjectStore(), { preview });
    });

    it("is an account for each purpose in a resource group of their own, with containers and what protects them, and nothing else", () => {
      expect(contents(graph, "store")).to.deep.equal({
        "azure-native:resources:ResourceGroup": ["store-rg"],
        "azure-native:storage:BlobContainer": ["store-backups", "store-cluster", "store-logs", "store-traces", "store-uploads"],
        "azure-native:storage:BlobServiceProperties": [
          "store-backups-account-protection",
          "store-cluster-account-protection",
          "store-files-protection",
          "store-logs-account-protection",
          "store-traces-account-protection",
        ],
        "azure-native:storage:ManagementPolicy": ["store-backups-account-lifecycle", "store-files-lifecycle"],
        "azure-native:storage:StorageAccount": [
          "store-backups-account",
          "store-cluster-account",
          "store-files",
          "store-logs-account",
          "store-traces-account",
        ],
        "random:index/randomString:RandomString": ["store-suffix"],
      });
    });

    it("is made once the network is done", () => {
      for (const { account } of all) {
        expect(waitsFor(graph, named(graph, account), named(graph, "network-apiserver")), account).to.equal(true);
      }
    });

    it("refuses to be deleted, and outlives the stack with all its settings", () => {
      const own = graph.resources.filter(({ name, type }) => name.startsWith("store-") && type.startsWith("azure-native:"));
      expect(own).to.have.lengthOf(18);
      for (const { name, type, protect, retainOnDelete } of own) {
        const setting = /BlobServiceProperties|ManagementPolicy/.test(type);
        expect({ protect, retainOnDelete }, name).to.deep.equal({ protect: !setting, retainOnDelete: true });
      }
    });

    it("hands out kind, account, container and address of each store, and the accounts themselves", () => {
      const known = (name: string, output: string): unknown => (preview ? unknownText : named(graph, name).outputs[output]);
      const endpoint = (account: string): unknown =>
        preview ? unknownText : `https://${String(known(account, "name"))}.blob.core.windows.net/`;
      const store = (account: string, container: string): unknown => ({
        kind: "blob",
        account: known(account, "name"),
        container: preview ? unknownText : container,
        endpoint: endpoint(account),
      });
      const data = (account: string): unknown => {
        const group = known("store-rg", "name");
        const name = known(account, "name");
        const id = `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/${String(group)}/providers/Microsoft.Storage/storageAccounts/${String(name)}`;
        return { id: preview ? unknownText : id, name, resourceGroupName: group, blobEndpoint: endpoint(account) };
      };
      expect(named(graph, "store").outputs).to.deep.equal({
        uploads: store("store-files", "uploads"),
        backups: store("store-backups-account", "backups"),
        logs: store("store-logs-account", "logs"),
        traces: store("store-traces-account", "traces"),
        cluster: store("store-cluster-account", "cluster"),
        accounts: Object.fromEntries(Object.entries(accounts).map(([kind, { account }]) => [kind, data(account)])),
      });
    });
  });
}

describe("the object store on Azure", () => {
  it("gives each account a name that nobody else has, and that stays", async () => {
    const graph = await simulateComponent(() => azureObjectStore());
    const { result } = named(graph, "store-suffix").outputs;
    expect(named(graph, "store-suffix").inputs).to.deep.equal({ length: 8, special: false, upper: false });
    expect(result).to.match(/^[a-z0-9]{8}$/);
    expect(all.map(({ account }) => named(graph, account).inputs["accountName"])).to.deep.equal(
      ["rcfiles", "rcbackups", "rccluster", "rclogs", "rctraces"].map((stem) => `${stem}${String(result)}`),
    );
  });

  it("copies as it was told, and may be deleted where the configuration lets data go", async () => {
    const graph = await simulateComponent(() => azureObjectStore({ redundancy: "Standard_GZRS", protect: false }));
    const skus = ofType(graph, "azure-native:storage:StorageAccount").filter(({ name }) => name.startsWith("store-"));
    expect(skus.map(({ inputs }) => inputs["sku"])).to.deep.equal(all.map(() => ({ name: "Standard_GZRS" })));
    const held = graph.resources.filter(({ name, protect, retainOnDelete }) => name.startsWith("store-") && (protect || retainOnDelete));
    expect(held.map(({ name }) => name)).to.deep.equal([]);
  });

  it("leaves the deletion of what lies in an account to the deletion of the account", async () => {
    const within: Record<string, string> = {};
    const look: pulumi.ResourceTransformation = ({ name, opts }) => {
      const { deletedWith } = opts as pulumi.CustomResourceOptions;
      if (deletedWith !== undefined) within[name] = (deletedWith as unknown as { readonly __name: string }).__name;
      return undefined;
    };
    await simulateComponent(() => azureObjectStore({ protect: false }, { transformations: [look] }));
    const parts = all.flatMap(({ account, containers }) => [
      [`${account}-protection`, account],
      ...(/files|backups/.test(account) ? [[`${account}-lifecycle`, account]] : []),
      ...containers.map((container) => [`store-${container}`, account]),
    ]);
    expect(within).to.deep.equal(Object.fromEntries(parts));
  });

  it("hands the key of one account to the database's backups, as a secret that only a deployment knows", async () => {
    for (const preview of [true, false]) {
      let key: unknown;
      let secret: unknown;
      const graph = await simulateComponent(
        async () => {
          const { backups } = azureObjectStore();
          secret = await pulumi.isSecret(backups.key);
          if (!preview) key = await new Promise((resolve) => backups.key.apply(resolve));
        },
        { preview },
      );
      expect(secret).to.equal(true);
      expect(JSON.stringify(graph)).to.not.contain('"key":');
      if (!preview) expect(key).to.match(/^[A-Za-z0-9+/]{80,}==$/);
    }
  });

  const users: readonly (readonly [string, AccountKind, (store: AzureObjectStore) => Store])[] = [
    ["the chat", "uploads", (store) => store.uploads],
    ["AKS Backup", "cluster", (store) => store.cluster],
    ["Loki", "logs", (store) => store.logs],
    ["Tempo", "traces", (store) => store.traces],
  ];
  for (const [user, kind, storeOf] of users) {
    it(`lets ${user} read and write blobs of the one container, and no more`, async () => {
      let permissions: unknown;
      const graph = await simulateComponent(async () => {
        const granted = pulumi.output(storeOf(azureObjectStore()).permissions);
        permissions = await new Promise((resolve) => granted.apply(resolve));
      });
      const [group, account] = ["store-rg", accounts[kind].account].map((name) => String(named(graph, name).outputs["name"]));
      const scope = `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${account}/blobServices/default/containers/${kind}`;
      // Storage Blob Data Contributor, which reads and writes blobs and can give no rights.
      const roleDefinitionId = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
      expect(permissions).to.deep.equal({ kind: "azure-roles", assignments: [{ role: kind, roleDefinitionId, scope }] });
    });
  }
});
