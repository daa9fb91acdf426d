import * as random from "@pulumi/random";
import { expect } from "chai";

import { unknownText, type GraphResource, type ResourceGraph } from "../../../simulator/graph";
import { azureObjectStore } from "../../support/azure";
import { named, ofType, simulateComponent, waitedFor } from "../../support/simulated";

const lockType = "azure-native:authorization:ManagementLockByScope";
const accounts = {
  uploads: "store-files",
  backups: "store-backups-account",
  logs: "store-logs-account",
  cluster: "store-cluster-account",
  traces: "store-traces-account",
} as const;

/** Something that others made. */
const other = (name: string): random.RandomString => new random.RandomString(name, { length: 8 });

/** A store that gets locked after something that others made in it. */
const locked = (preview: boolean, locks = true): Promise<ResourceGraph> =>
  simulateComponent(
    () => {
      const store = azureObjectStore({ locks });
      store.lockAccounts([other("grant"), other("diagnostics")]);
    },
    { preview },
  );

for (const preview of [true, false]) {
  describe(`the locks on storage accounts, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    const locks = (): GraphResource[] => ofType(graph, lockType);
    before(async () => {
      graph = await locked(preview);
    });

    it("keep every account from being deleted, and nothing else", () => {
      expect(locks().map(({ name }) => name)).to.deep.equal(
        ["backups", "cluster", "logs", "traces", "uploads"].map((kind) => `store-${kind}-lock`),
      );
      for (const [kind, account] of Object.entries(accounts)) {
        const { group, name } = { group: named(graph, "store-rg").outputs["name"], name: named(graph, account).outputs["name"] };
        expect(named(graph, `store-${kind}-lock`).inputs, kind).to.deep.equal({
          scope: preview
            ? unknownText
            : `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/${String(group)}/providers/Microsoft.Storage/storageAccounts/${String(name)}`,
          lockName: "no-deletion",
          level: "CanNotDelete",
          notes: "Holds data. Set rocketchat:backup.locks to false and run pulumi up before anything here can be deleted.",
        });
      }
    });

    it("are made after everything that they cover, and so go before it", () => {
      const containers = ["backups", "cluster", "logs", "traces", "uploads"].map((kind) => `store-${kind}`);
      for (const [kind, account] of Object.entries(accounts)) {
        expect(waitedFor(graph, named(graph, `store-${kind}-lock`)), kind).to.deep.equal(
          ["diagnostics", "grant", account, ...containers].sort(),
        );
      }
    });

    it("belong to the store, and go when they are switched off, though the accounts stay", () => {
      const { urn } = named(graph, "store");
      for (const { name, parent, protect, retainOnDelete } of locks())
        expect({ parent, protect, retainOnDelete }, name).to.deep.equal({ parent: urn, protect: false, retainOnDelete: false });
    });
  });
}

describe("the locks on storage accounts", () => {
  it("are not there where the configuration does not want them", async () => {
    expect(ofType(await locked(false, false), lockType)).to.deep.equal([]);
  });
});
