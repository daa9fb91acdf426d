import { expect } from "chai";

import { secretText, unknownText, type GraphResource, type ResourceGraph } from "../../../simulator/graph";
import { azureCluster, operators, podCidr, region, tags } from "../../support/azure";
import { contents, errorOf, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const assignment = "azure-native:authorization:RoleAssignment";
const pool = "azure-native:containerservice:AgentPool";
const admin = "11111111-2222-4333-8444-555555555555";
const roles = {
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  clusterUser: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
  clusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  reader: "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
} as const;
const roleOf = ({ inputs }: GraphResource): string => String(inputs["roleDefinitionId"]).split("/").at(-1) ?? "";

for (const preview of [true, false]) {
  describe(`the cluster on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureCluster(), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);
    const placed = (): Record<string, unknown> => ({
      resourceGroupName: later(named(graph, "network-rg").outputs["name"]),
      location: region,
    });

    it("is a control plane, a pool to a zone, rights and storage classes, and nothing else", () => {
      const held = contents(graph, "cluster");
      expect(held[pool]).to.have.lengthOf(3);
      expect({ ...held, [pool]: 3 }).to.deep.equal({
        [assignment]: [
          `cluster-admin-${admin}-rbac`,
          `cluster-admin-${admin}-user`,
          "cluster-identity-apiserver",
          "cluster-identity-database-disks",
          "cluster-identity-nodes",
        ],
        [pool]: 3,
        "azure-native:containerservice:ManagedCluster": ["cluster-aks"],
        "azure-native:managedidentity:UserAssignedIdentity": ["cluster-identity"],
        "azure-native:resources:ResourceGroup": ["cluster-database-disks"],
        "kubernetes:storage.k8s.io/v1:StorageClass": ["cluster-database-storage", "cluster-general-storage"],
        "pulumi:providers:kubernetes": ["cluster-kubernetes"],
      });
    });

    it("has an API server on a public name for the listed ranges and inside the network for the nodes", () => {
      const profile = named(graph, "cluster-aks").inputs["apiServerAccessProfile"] as Readonly<Record<string, unknown>>;
      expect(profile["subnetId"]).to.match(preview ? /^\[unknown\]$/ : /\/subnets\/apiserver$/);
      expect(profile).to.deep.equal({
        enableVnetIntegration: true,
        subnetId: profile["subnetId"],
        enablePrivateCluster: false,
        authorizedIPRanges: operators,
        disableRunCommand: true,
      });
    });

    it("carries pods in an overlay with Cilium, and lets them out through the network's own NAT gateway", () => {
      expect(named(graph, "cluster-aks").inputs["networkProfile"]).to.deep.equal({
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataplane: "cilium",
        networkPolicy: "cilium",
        serviceCidr: "10.1.0.0/16",
        dnsServiceIP: "10.1.0.10",
        podCidr,
        loadBalancerSku: "standard",
        outboundType: "userAssignedNATGateway",
      });
    });

    it("signs in by Entra ID and Azure's own roles, and has no local accounts", () => {
      expect(named(graph, "cluster-aks").inputs).to.deep.include({
        disableLocalAccounts: true,
        enableRBAC: true,
        aadProfile: { managed: true, enableAzureRBAC: true },
        oidcIssuerProfile: { enabled: true },
      });
    });

    it("runs version and service level of the configuration, and keeps itself up to date within the minor", () => {
      expect(named(graph, "cluster-aks").inputs).to.deep.include({
        ...placed(),
        kubernetesVersion: "1.36",
        dnsPrefix: "rocketchat-test",
        sku: { name: "Base", tier: "Standard" },
        supportPlan: "KubernetesOfficial",
        securityProfile: { workloadIdentity: { enabled: true }, imageCleaner: { enabled: true, intervalHours: 168 } },
        storageProfile: {
          diskCSIDriver: { enabled: true },
          blobCSIDriver: { enabled: true },
          fileCSIDriver: { enabled: false },
          snapshotController: { enabled: true },
        },
        addonProfiles: { azurepolicy: { enabled: true, config: { version: "v2" } } },
        autoScalerProfile: { balanceSimilarNodeGroups: "true", skipNodesWithLocalStorage: "false", expander: "least-waste" },
        autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
        tags,
      });
      expect(named(graph, "cluster-aks")).to.deep.include({ protect: true, ignoreChanges: [] });
    });

    it("has one inline pool, of fixed size, over all zones, closed to everything but what AKS itself needs", () => {
      const pools = named(graph, "cluster-aks").inputs["agentPoolProfiles"] as readonly Record<string, unknown>[];
      expect(pools).to.deep.equal([
        {
          name: "system",
          mode: "System",
          type: "VirtualMachineScaleSets",
          vmSize: "Standard_D2as_v5",
          count: 2,
          enableAutoScaling: false,
          availabilityZones: ["1", "2", "3"],
          orchestratorVersion: "1.36",
          osType: "Linux",
          osSKU: "Ubuntu",
          osDiskType: "Managed",
          osDiskSizeGB: 64,
          maxPods: 30,
          enableNodePublicIP: false,
          vnetSubnetID: pools[0]?.["vnetSubnetID"],
          nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
          tags,
        },
      ]);
      if (!preview) expect(pools[0]?.["vnetSubnetID"]).to.match(/\/subnets\/nodes$/);
    });

    it("may use its two subnets and the database's disks before it is made, and the network is done by then", () => {
      const cluster = named(graph, "cluster-aks");
      const expected = {
        "cluster-identity-nodes": [roles.networkContributor, "network-nodes"],
        "cluster-identity-apiserver": [roles.networkContributor, "network-apiserver"],
        "cluster-identity-database-disks": [roles.contributor, "cluster-database-disks"],
      } as const;
      for (const [name, [role, scope]] of Object.entries(expected)) {
        const grant = named(graph, name);
        if (!preview) expect(roleOf(grant), name).to.equal(role);
        expect(grant.inputs["principalType"], name).to.equal("ServicePrincipal");
        expect(waitedFor(graph, grant), name).to.deep.equal(["cluster-identity", scope].sort());
        expect(waitsFor(graph, cluster, grant), name).to.equal(true);
      }
      for (const subnet of ["network-nodes", "network-gateway", "network-apiserver"]) {
        expect(waitsFor(graph, cluster, named(graph, subnet)), subnet).to.equal(true);
      }
    });

    it("keeps the database's disks in a group of the program's own, which outlives the cluster", () => {
      expect(named(graph, "cluster-database-disks")).to.deep.include({
        inputs: { location: region, tags },
        protect: true,
        retainOnDelete: true,
      });
    });

    it("is spoken to only when there are nodes and the deployer may", () => {
      const provider = named(graph, "cluster-kubernetes");
      expect(provider.inputs).to.deep.equal({
        kubeconfig: later(secretText),
        clusterIdentifier: provider.inputs["clusterIdentifier"],
        enableConfigMapMutable: "true",
        enableSecretMutable: "true",
      });
      if (!preview) expect(provider.inputs["clusterIdentifier"]).to.match(/\/managedClusters\/cluster-aks/);
      const earlier = [`cluster-admin-${admin}-rbac`, `cluster-admin-${admin}-user`, ...(contents(graph, "cluster")[pool] ?? [])];
      expect(earlier).to.have.lengthOf(5);
      for (const name of earlier) expect(waitsFor(graph, provider, named(graph, name)), name).to.equal(true);
    });

    it("has a default class of volumes, and one for the database whose volumes stay, in that group", () => {
      const common = {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        provisioner: "disk.csi.azure.com",
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
      };
      const parameters = { skuName: "Premium_LRS", cachingMode: "None", networkAccessPolicy: "DenyAll" };
      const annotation = "storageclass.kubernetes.io/is-default-class";
      expect(named(graph, "cluster-general-storage").inputs).to.deep.equal({
        ...common,
        metadata: { name: "disk-premium", annotations: { [annotation]: "true" } },
        parameters,
        reclaimPolicy: "Delete",
      });
      expect(named(graph, "cluster-database-storage").inputs).to.deep.equal({
        ...common,
        metadata: { name: "mongodb-storage", annotations: { [annotation]: "false" } },
        parameters: { ...parameters, fsType: "xfs", resourceGroup: later(named(graph, "cluster-database-disks").outputs["name"]) },
        reclaimPolicy: "Retain",
      });
    });
  });
}

describe("the cluster on Azure", () => {
  it("asks for long-term support with the tier that has it", async () => {
    const graph = await simulateComponent(() => azureCluster({ tier: "Premium", version: "1.34.9" }));
    expect(named(graph, "cluster-aks").inputs).to.deep.include({
      kubernetesVersion: "1.34.9",
      sku: { name: "Base", tier: "Premium" },
      supportPlan: "AKSLongTermSupport",
    });
  });

  it("may be deleted, and its disks with it, where the configuration lets data go", async () => {
    const graph = await simulateComponent(() => azureCluster({ deletionProtection: false }));
    const held = graph.resources.filter(({ protect, retainOnDelete }) => protect || retainOnDelete);
    expect(held.map(({ name }) => name)).to.deep.equal([]);
  });

  it("lets administrators and viewers of the configuration do what they are called, on the stack's resource group", async () => {
    const viewer = { id: "99999999-8888-4777-8666-555555555555", type: "User" } as const;
    const graph = await simulateComponent(() => azureCluster({ access: { admins: [{ id: admin, type: "Group" }], viewers: [viewer] } }));
    const people = ofType(graph, assignment).filter(({ inputs }) => inputs["principalType"] !== "ServicePrincipal");
    const granted = people.map((grant) => [grant.inputs["principalId"], grant.inputs["principalType"], roleOf(grant)]);
    expect(granted).to.have.deep.members([
      [admin, "Group", roles.clusterAdmin],
      [admin, "Group", roles.clusterUser],
      [viewer.id, "User", roles.reader],
      [viewer.id, "User", roles.clusterUser],
    ]);
    for (const grant of people) expect(waitedFor(graph, grant), grant.name).to.deep.equal(["network-rg"]);
    expect(new Set(people.map(({ inputs }) => inputs["roleAssignmentName"])).size).to.equal(4);
  });
});

describe("an identity on Azure", () => {
  const blobs = { role: "files", roleDefinitionId: "ba92f5b4-2d11-453d-a403-e96b0029c9fe", scope: "/subscriptions/s/files" };

  it("is one that the pods of one service account sign in as, with exactly the roles asked for, and needs no node", async () => {
    const graph = await simulateComponent(() => {
      azureCluster().grantIdentity("files", {
        namespace: "chat",
        serviceAccount: "reader",
        permissions: [{ kind: "azure-roles", assignments: [blobs] }],
      });
    });
    const credential = named(graph, "cluster-files-credential");
    const identity = named(graph, "cluster-files-identity");
    expect(credential.inputs).to.deep.equal({
      resourceGroupName: named(graph, "network-rg").outputs["name"],
      resourceName: identity.outputs["name"],
      issuer: (named(graph, "cluster-aks").outputs["oidcIssuerProfile"] as { issuerURL: string }).issuerURL,
      subject: "system:serviceaccount:chat:reader",
      audiences: ["api://AzureADTokenExchange"],
    });
    const grant = named(graph, "cluster-files-files");
    expect(grant.inputs).to.deep.include({
      scope: blobs.scope,
      principalId: identity.outputs["principalId"],
      principalType: "ServicePrincipal",
    });
    expect(roleOf(grant)).to.equal(blobs.roleDefinitionId);
    for (const resource of [credential, grant]) {
      for (const nodes of ofType(graph, pool)) expect(waitsFor(graph, resource, nodes), resource.name).to.equal(false);
    }
  });

  it("tells pods by annotation and label whom to sign in as, and what must be there before them", async () => {
    let ready: number | undefined;
    const graph = await simulateComponent(() => {
      const permissions = [{ kind: "azure-roles", assignments: [blobs] }] as const;
      const identity = azureCluster().grantIdentity("files", { namespace: "chat", serviceAccount: "reader", permissions });
      expect(identity.annotations).to.deep.equal({ "azure.workload.identity/client-id": identity.id });
      expect(identity.podLabels).to.deep.equal({ "azure.workload.identity/use": "true" });
      ready = identity.ready.length;
    });
    expect(ready, "credential and role").to.equal(2);
    expect(named(graph, "cluster-files-identity").outputs["clientId"]).to.match(/^[0-9a-f-]{36}$/);
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
