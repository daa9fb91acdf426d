import { expect } from "chai";

import { SimulatedCloud } from "../../../simulator/cloud";

const types = {
  group: "azure-native:resources:ResourceGroup",
  cluster: "azure-native:containerservice:ManagedCluster",
  pool: "azure-native:containerservice:AgentPool",
  binding: "azure-native:containerservice:TrustedAccessRoleBinding",
  extension: "azure-native:kubernetesconfiguration:Extension",
  vault: "azure-native:dataprotection:BackupVault",
  policy: "azure-native:dataprotection:BackupPolicy",
  instance: "azure-native:dataprotection:BackupInstance",
  lock: "azure-native:authorization:ManagementLockByScope",
} as const;

const inGroup = { resourceGroupName: "acme" };
const inVault = { ...inGroup, vaultName: "vault" };
const schedule = (interval: string) => ({ trigger: { schedule: { repeatingTimeIntervals: [interval] } } });
const every4Hours = { policyRules: [schedule("R/2024-01-01T00:00:00+00:00/PT4H")] };

describe("the simulated AKS Backup", () => {
  let cloud: SimulatedCloud;
  let cluster: string;
  let vault: string;
  const make = (type: string, name: string, inputs: Readonly<Record<string, unknown>>): string =>
    cloud.create({ urn: `urn:${name}`, type, name, inputs }).id;
  const trust = (): string =>
    make(types.binding, "trust", { ...inGroup, resourceName: "chat", trustedAccessRoleBindingName: "backup", sourceResourceId: vault });
  const pool = (nodeTaints?: string[]): string =>
    make(types.pool, "pool", { ...inGroup, resourceName: "chat", agentPoolName: "na", ...(nodeTaints && { nodeTaints }) });
  const extension = (): string =>
    make(types.extension, "extension", {
      ...inGroup,
      clusterRp: "Microsoft.ContainerService",
      clusterResourceName: "managedClusters",
      clusterName: "chat",
      extensionName: "azure-aks-backup",
      extensionType: "microsoft.dataprotection.kubernetes",
    });
  const policy = (name = "every-4-hours", properties: unknown = every4Hours): string =>
    make(types.policy, name, { ...inVault, backupPolicyName: name, properties });
  const inputsOf = (policyId: string, groupId = "acme") => ({
    ...inVault,
    backupInstanceName: "chat",
    properties: {
      dataSourceInfo: { resourceID: cluster },
      policyInfo: { policyId, policyParameters: { dataStoreParametersList: [{ resourceGroupId: groupId }] } },
    },
  });
  const instance = (policyId: string): string => make(types.instance, "instance", inputsOf(policyId));

  beforeEach(() => {
    cloud = new SimulatedCloud("eastus");
    make(types.group, "group", inGroup);
    cluster = make(types.cluster, "cluster", { ...inGroup, resourceName: "chat", dnsPrefix: "chat" });
    vault = make(types.vault, "vault", inVault);
  });

  it("refuses an instance before the cluster trusts the vault, and before there is an extension", () => {
    const policyId = policy();
    expect(() => instance(policyId)).to.throw("the cluster does not trust the vault");
    trust();
    expect(() => instance(policyId)).to.throw("the cluster has no backup extension");
    pool();
    extension();
    expect(instance(policyId)).to.equal(`${vault}/backupInstances/chat`);
  });

  it("refuses an extension that would find no node", () => {
    expect(extension).to.throw("no pool of the cluster is without a taint");
    const tainted = pool(["CriticalAddonsOnly=true:NoSchedule"]);
    expect(extension).to.throw("no pool of the cluster is without a taint");
    cloud.delete(types.pool, tainted);
    pool();
    expect(extension()).to.equal(`${cluster}/providers/Microsoft.KubernetesConfiguration/extensions/azure-aks-backup`);
  });

  it("gives an instance another policy, but neither another cluster nor another group", () => {
    const [first, second] = [policy(), policy("every-4-hours-kept-7-days")];
    trust();
    pool();
    extension();
    const id = instance(first);
    expect(() => cloud.update(types.instance, id, inputsOf(second))).not.to.throw();
    expect(() => cloud.update(types.instance, id, inputsOf(second, "other"))).to.throw("cannot be changed");
    cloud.delete(types.policy, first);
    expect(() => cloud.delete(types.policy, second)).to.throw("urn:instance");
  });

  it("changes no policy", () => {
    const id = policy();
    const inputs = { ...inVault, backupPolicyName: "every-4-hours", properties: every4Hours };
    expect(() => cloud.update(types.policy, id, inputs)).not.to.throw();
    const daily = { policyRules: [schedule("R/2024-01-01T00:00:00+00:00/P1D")] };
    expect(() => cloud.update(types.policy, id, { ...inputs, properties: daily })).to.throw("a backup policy cannot be changed");
  });

  it("keeps a vault while it backs something up", () => {
    const policyId = policy();
    trust();
    pool();
    extension();
    const id = instance(policyId);
    expect(() => cloud.delete(types.vault, vault)).to.throw("urn:instance");
    cloud.delete(types.instance, id);
    expect(() => cloud.delete(types.policy, policyId)).not.to.throw();
  });

  it("deletes nothing of a vault that is locked", () => {
    const policyId = policy();
    const lock = make(types.lock, "lock", { scope: vault, lockName: "no-deletion", level: "CanNotDelete" });
    expect(() => cloud.delete(types.policy, policyId)).to.throw("is locked by no-deletion");
    expect(() => cloud.delete(types.vault, vault)).to.throw("is locked by no-deletion");
    cloud.delete(types.lock, lock);
    cloud.delete(types.policy, policyId);
    expect(() => cloud.delete(types.vault, vault)).not.to.throw();
  });

  it("refuses schedules, names and retentions that are not Azure's", () => {
    const hourly = { policyRules: [schedule("R/2024-01-01T00:00:00+00:00/PT1H")] };
    expect(() => policy("hourly", hourly)).to.throw("is no schedule of AKS Backup");
    const binding = { ...inGroup, resourceName: "chat", sourceResourceId: vault };
    expect(() => make(types.binding, "long", { ...binding, trustedAccessRoleBindingName: "a".repeat(25) })).to.throw("1 to 24 letters");
    const softDeleteSettings = { retentionDurationInDays: 13 };
    const short = { ...inGroup, vaultName: "short", properties: { securitySettings: { softDeleteSettings } } };
    expect(() => make(types.vault, "short", short)).to.throw("13 days are not 14 to 180");
  });
});
