import { expect } from "chai";

import { lockable } from "../../../simulator/azure/locks";
import { SimulatedCloud } from "../../../simulator/cloud";
import { Lifecycle } from "../../../simulator/engine/lifecycle";
import type { ResourceType } from "../../../simulator/resource-type";

const types = {
  group: "azure-native:resources:ResourceGroup",
  network: "azure-native:network:VirtualNetwork",
  subnet: "azure-native:network:Subnet",
  account: "azure-native:storage:StorageAccount",
  services: "azure-native:storage:BlobServiceProperties",
  policy: "azure-native:storage:ManagementPolicy",
  container: "azure-native:storage:BlobContainer",
  lock: "azure-native:authorization:ManagementLockByScope",
} as const;

type Inputs = Readonly<Record<string, unknown>>;

describe("the simulated storage accounts", () => {
  let cloud: SimulatedCloud;
  const make = (type: keyof typeof types, name: string, inputs: Inputs): string =>
    cloud.create({ urn: `urn:pulumi:test::test::${types[type]}::${name}`, type: types[type], name, inputs }).id;
  const inGroup = { resourceGroupName: "acme" };
  const inAccount = { ...inGroup, accountName: "acmefiles" };
  const plain = { ...inAccount, kind: "StorageV2", sku: { name: "Standard_ZRS" } };
  const account = (change: Inputs = {}): string => make("account", "files", { ...plain, ...change });
  const container = (change: Inputs = {}): string => make("container", "uploads", { ...inAccount, containerName: "uploads", ...change });

  beforeEach(() => {
    cloud = new SimulatedCloud("eastus");
    make("group", "group", inGroup);
  });

  it("know the address of their services", () => {
    const id = account();
    expect(cloud.find(types.account, id)?.["primaryEndpoints"]).to.deep.equal({
      blob: "https://acmefiles.blob.core.windows.net/",
      dfs: "https://acmefiles.dfs.core.windows.net/",
      file: "https://acmefiles.file.core.windows.net/",
      queue: "https://acmefiles.queue.core.windows.net/",
      table: "https://acmefiles.table.core.windows.net/",
      web: "https://acmefiles.z13.web.core.windows.net/",
    });
  });

  it("share their names with everybody, whatever group they lie in", () => {
    make("group", "other", { resourceGroupName: "other" });
    account();
    expect(() => make("account", "copy", { ...plain, resourceGroupName: "other" })).to.throw("named acmefiles is already taken");
    expect(make("account", "copy", { ...plain, resourceGroupName: "other", accountName: "acmecopies" })).to.match(/acmecopies$/);
  });

  for (const [accountName, taken] of [
    ["acme", true],
    ["abc", true],
    ["a".repeat(24), true],
    ["ab", false],
    ["a".repeat(25), false],
    ["Acme", false],
    ["acme-files", false],
  ] as const) {
    it(`${taken ? "take" : "refuse"} the name ${accountName}`, () => {
      const attempt = (): string => account({ accountName });
      if (taken) expect(attempt()).to.match(/storageAccounts\//);
      else expect(attempt).to.throw("3 to 24 lower case letters and digits");
    });
  }

  it("admit a subnet only where it has the service endpoint", () => {
    make("network", "network", { ...inGroup, virtualNetworkName: "network", addressSpace: { addressPrefixes: ["10.0.0.0/16"] } });
    const subnet = (subnetName: string, addressPrefix: string, ...services: string[]): string =>
      make("subnet", subnetName, {
        ...inGroup,
        virtualNetworkName: "network",
        subnetName,
        addressPrefix,
        serviceEndpoints: services.map((service) => ({ service })),
      });
    const admit = (id: string): Inputs => ({ networkRuleSet: { virtualNetworkRules: [{ virtualNetworkResourceId: id }] } });
    const vaultsOnly = subnet("vaults", "10.0.1.0/24", "Microsoft.KeyVault");
    expect(() => account(admit(vaultsOnly))).to.throw(/virtualNetworkRules\[0\]: SubnetsHaveNoServiceEndpointsConfigured/);
    expect(account(admit(subnet("nodes", "10.0.2.0/24", "Microsoft.KeyVault", "Microsoft.Storage")))).to.match(/acmefiles$/);
  });

  it("gain and lose a second region by an update, and zones by none", () => {
    const id = account();
    const become = (name: string) => (): unknown => cloud.update(types.account, id, { ...plain, sku: { name } });
    expect(become("Standard_LRS")).to.throw("sku: Standard_ZRS cannot be changed to Standard_LRS");
    expect(become("Standard_GRS")).to.throw("sku: Standard_ZRS cannot be changed to Standard_GRS");
    expect(become("Standard_GZRS")).not.to.throw();
    cloud.update(types.account, id, { ...plain, sku: { name: "Standard_GZRS" }, minimumTlsVersion: "TLS1_2" });
  });

  it("are made anew for another kind of namespace, and changed in place for another copy", () => {
    const lifecycle = new Lifecycle(cloud, "eastus");
    const change = (news: Inputs): boolean[] => lifecycle.diff(types.account, "files", plain, news).changes.map(({ replaces }) => replaces);
    expect(change({ ...plain, isHnsEnabled: true })).to.deep.equal([true]);
    expect(change({ ...plain, sku: { name: "Standard_GZRS" } })).to.deep.equal([false]);
    expect(change({ ...plain, accountName: "acmeothers" })).to.deep.equal([true]);
  });

  describe("restore to a point in time", () => {
    const days = (count: number): Inputs => ({ enabled: true, days: count });
    const sound = {
      ...inAccount,
      blobServicesName: "default",
      isVersioningEnabled: true,
      changeFeed: { enabled: true },
      deleteRetentionPolicy: days(7),
      restorePolicy: days(6),
    };
    const protect = (change: Inputs) => (): string => make("services", "services", { ...sound, ...change });
    beforeEach(() => {
      account();
    });

    for (const [what, change, reason] of [
      ["versions", { isVersioningEnabled: false }, "Point In Time Restore needs versioning"],
      ["a change feed", { changeFeed: { enabled: false } }, "Point In Time Restore needs change feed"],
      ["soft delete", { deleteRetentionPolicy: { enabled: false } }, "Point In Time Restore needs blob soft delete"],
      [
        "soft delete that lasts longer",
        { restorePolicy: days(7) },
        "restorePolicy.days: Blob Delete Retention policy days should be longer",
      ],
    ] as const) {
      it(`needs ${what}`, () => {
        expect(protect(change)).to.throw(reason);
      });
    }

    it("is there with all of them, and nothing is needed where it is off", () => {
      const id = protect({})();
      cloud.delete(types.services, id);
      expect(protect({ restorePolicy: { enabled: false, days: 9 }, isVersioningEnabled: false })).not.to.throw();
    });
  });

  it("keep no versions in a hierarchical namespace", () => {
    account({ isHnsEnabled: true });
    const services = { ...inAccount, blobServicesName: "default" };
    expect(() => make("services", "services", { ...services, isVersioningEnabled: true })).to.throw(
      "isVersioningEnabled: Versioning is not",
    );
    expect(make("services", "services", { ...services, isVersioningEnabled: false })).to.match(/blobServices\/default$/);
  });

  it("have one service and one policy, both of one name", () => {
    account();
    expect(() => make("services", "services", { ...inAccount, blobServicesName: "files" })).to.throw(
      "blobServicesName: files must be default",
    );
    expect(() => make("policy", "policy", { ...inAccount, managementPolicyName: "old" })).to.throw(
      "managementPolicyName: old must be default",
    );
    expect(make("policy", "policy", { ...inAccount, managementPolicyName: "default" })).to.match(/managementPolicies\/default$/);
  });

  it("open no container to the public where the account forbids it", () => {
    const id = account({ allowBlobPublicAccess: false });
    expect(() => container({ publicAccess: "Blob" })).to.throw("PublicAccessNotPermitted");
    cloud.delete(types.container, container({ publicAccess: "None" }));
    cloud.update(types.account, id, { ...plain, allowBlobPublicAccess: true });
    expect(container({ publicAccess: "Blob" })).to.match(/uploads$/);
  });

  for (const containerName of ["ab", "Uploads", "up--loads", "-uploads", "uploads-", "u".repeat(64)]) {
    it(`refuse the container ${containerName}`, () => {
      account();
      expect(() => container({ containerName })).to.throw(`containerName: ${containerName} must be 3 to 63`);
    });
  }

  describe("under a lock", () => {
    let locked: string;
    let lock: string;
    beforeEach(() => {
      locked = account();
      container();
      lock = make("lock", "lock", { scope: locked, lockName: "no-deletion", level: "CanNotDelete" });
    });
    const deletion = (type: keyof typeof types, id: string) => (): void => {
      cloud.delete(types[type], id);
    };

    it("stay, with all that lies in them and the group that they lie in, until the lock is gone", () => {
      const group = locked.slice(0, locked.indexOf("/providers"));
      const held = `${locked}/blobServices/default/containers/uploads`;
      expect(lock).to.equal(`${locked}/providers/Microsoft.Authorization/locks/no-deletion`);
      expect(deletion("account", locked)).to.throw(`ScopeLocked: ${locked} is locked by no-deletion`);
      expect(deletion("container", held)).to.throw("ScopeLocked");
      expect(deletion("group", group)).to.throw("files still needs it");
      cloud.delete(types.lock, lock);
      cloud.delete(types.container, held);
      cloud.delete(types.account, locked);
      cloud.delete(types.group, group);
      expect(cloud.list()).to.deep.equal([]);
    });

    it("keep what would take them along, and what refuses for reasons of its own", () => {
      const group = locked.slice(0, locked.indexOf("/providers"));
      const reasonFor = (id: string): string | undefined => {
        const own: ResourceType = { id: () => id, refuseDeletion: () => "it is busy" };
        return lockable({ types: { own }, functions: {} }).types["own"]?.refuseDeletion?.(
          { type: "own", name: "own", inputs: {}, region: "eastus", seed: "own" },
          cloud,
        );
      };
      expect(reasonFor(group.toUpperCase())).to.equal(`ScopeLocked: ${locked} is locked by no-deletion`);
      expect(reasonFor(`${group}2`)).to.equal("it is busy");
    });

    it("can be changed, and leave others of a like name alone", () => {
      cloud.update(types.account, locked, { ...plain, tags: { a: "b" } });
      const other = make("account", "others", { ...plain, accountName: "acmefiles2" });
      expect(deletion("account", other)).not.to.throw();
    });

    it("are what there has to be before the lock", () => {
      expect(() => make("lock", "stray", { scope: `${locked}s`, lockName: "stray", level: "CanNotDelete" })).to.throw(
        `${locked}s does not exist`,
      );
    });
  });
});
