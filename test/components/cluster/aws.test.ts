import { expect } from "chai";

import { secretText, unknownText, type GraphResource, type ResourceGraph } from "../../../simulator/graph";
import { awsCluster, region, tagged } from "../../support/aws";
import { contents, json, named, ofType, simulateComponent, waitsFor } from "../../support/simulated";

const nodeGroups = ["cluster-nodes-a", "cluster-nodes-b", "cluster-nodes-c"];
const early = ["cluster-eks-pod-identity-agent", "cluster-kube-proxy", "cluster-vpc-cni"];
const late = [
  "cluster-amazon-cloudwatch-observability",
  "cluster-aws-ebs-csi-driver",
  "cluster-coredns",
  "cluster-metrics-server",
  "cluster-snapshot-controller",
];

for (const preview of [true, false]) {
  describe(`the cluster on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsCluster(), { preview });
    });
    const all = (names: readonly string[]): GraphResource[] => names.map((name) => named(graph, name));
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("is a control plane, a node group to a zone, add-ons, an autoscaler and storage classes, and nothing else", () => {
      const identities = ["cluster-autoscaler", "cluster-cloudwatch", "cluster-ebs-csi"];
      expect(contents(graph, "cluster")).to.deep.equal({
        "aws:cloudwatch/logGroup:LogGroup": ["cluster-application-logs", "cluster-dataplane-logs", "cluster-host-logs", "cluster-logs"],
        "aws:ec2/launchTemplate:LaunchTemplate": ["cluster-nodes-template"],
        "aws:eks/addon:Addon": [...early, ...late].sort(),
        "aws:eks/nodeGroup:NodeGroup": nodeGroups,
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": identities.map((name) => `${name}-identity`),
        "aws:iam/role:Role": [...identities.map((name) => `${name}-role`), "cluster-node-role"],
        "aws:iam/rolePolicy:RolePolicy": identities.map((name) => `${name}-policy`),
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
          "cluster-ebs-csi-driver-policy",
          "cluster-node-AmazonEC2ContainerRegistryPullOnly",
          "cluster-node-AmazonEKSWorkerNodePolicy",
          "cluster-node-AmazonEKS_CNI_Policy",
        ],
        "eks:index:Cluster": ["cluster-eks"],
        "kubernetes:helm.sh/v3:Release": ["cluster-autoscaler"],
        "kubernetes:storage.k8s.io/v1:StorageClass": ["cluster-database-storage", "cluster-general-storage"],
        "pulumi:providers:kubernetes": ["cluster-kubernetes"],
        "random:index/randomString:RandomString": ["cluster-suffix"],
      });
    });

    it("has a control plane that is open to the listed ranges and to its own network, signs in by IAM alone, and makes nothing else", () => {
      const { inputs, protect } = named(graph, "cluster-eks");
      const off = { enabled: false, resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "OVERWRITE" };
      expect(inputs).to.deep.equal({
        name: later(named(graph, "cluster-logs").inputs["name"]?.toString().split("/")[3]),
        version: "1.36",
        vpcId: inputs["vpcId"],
        publicSubnetIds: inputs["publicSubnetIds"],
        privateSubnetIds: inputs["privateSubnetIds"],
        endpointPrivateAccess: true,
        endpointPublicAccess: true,
        publicAccessCidrs: ["198.18.7.0/24"],
        kubernetesServiceIpAddressRange: "172.20.0.0/16",
        authenticationMode: "API",
        encryptionConfigKeyArn: later(named(graph, "encryption-secrets-key").outputs["arn"]),
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        upgradePolicy: { supportType: "STANDARD" },
        deletionProtection: true,
        skipDefaultNodeGroup: true,
        skipDefaultSecurityGroups: true,
        bootstrapSelfManagedAddons: false,
        useDefaultVpcCni: true,
        kubeProxyAddonOptions: off,
        corednsAddonOptions: off,
        tags: tagged("cluster-eks"),
      });
      expect(inputs["publicSubnetIds"]).to.have.lengthOf(3);
      expect(inputs["privateSubnetIds"]).to.have.lengthOf(3);
      expect(protect).to.equal(true);
    });

    it("finds its log group there, encrypted and with a retention, where EKS would make one without", () => {
      const group = named(graph, "cluster-logs");
      expect(group.inputs).to.deep.include({
        retentionInDays: 90,
        kmsKeyId: later(named(graph, "encryption-logs-key").outputs["arn"]),
        tags: tagged("cluster-logs"),
      });
      if (!preview) expect(group.inputs["name"]).to.match(/^\/aws\/eks\/rocketchat-test-[a-z0-9]{6}\/cluster$/);
      expect(waitsFor(graph, named(graph, "cluster-eks"), group)).to.equal(true);
    });

    it("is spoken to only when nodes and add-ons are there", () => {
      const provider = named(graph, "cluster-kubernetes");
      expect(provider.inputs).to.deep.equal({
        kubeconfig: later(secretText),
        clusterIdentifier: later(named(graph, "cluster-eks").inputs["name"]),
        enableConfigMapMutable: "true",
        enableSecretMutable: "true",
      });
      for (const resource of all([...nodeGroups, ...early, ...late])) {
        expect(waitsFor(graph, provider, resource), resource.name).to.equal(true);
      }
    });

    it("has a default class of encrypted volumes, and one for the database whose volumes stay", () => {
      const common = {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        provisioner: "ebs.csi.aws.com",
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
      };
      const parameters = {
        type: "gp3",
        encrypted: "true",
        kmsKeyId: later(named(graph, "encryption-volumes-key").outputs["arn"]),
        // By which the backup plan finds the volumes.
        tagSpecification_1: "rocketchat-backup=test",
      };
      const annotation = "storageclass.kubernetes.io/is-default-class";
      expect(named(graph, "cluster-general-storage").inputs).to.deep.equal({
        ...common,
        metadata: { name: "ebs-gp3", annotations: { [annotation]: "true" } },
        parameters: { ...parameters, "csi.storage.k8s.io/fstype": "ext4" },
        reclaimPolicy: "Delete",
      });
      expect(named(graph, "cluster-database-storage").inputs).to.deep.equal({
        ...common,
        metadata: { name: "mongodb-storage", annotations: { [annotation]: "false" } },
        parameters: { ...parameters, "csi.storage.k8s.io/fstype": "xfs" },
        reclaimPolicy: "Retain",
      });
      expect([named(graph, "cluster-general-storage").protect, named(graph, "cluster-database-storage").protect]).to.deep.equal([
        false,
        true,
      ]);
    });
  });
}

describe("the cluster on AWS", () => {
  it("refuses deletion in all places, or in none", async () => {
    const graph = await simulateComponent(() => awsCluster({ deletionProtection: false }));
    expect(named(graph, "cluster-eks")).to.include({ protect: false });
    expect(named(graph, "cluster-database-storage")).to.include({ protect: false });
    expect(named(graph, "cluster-eks").inputs).to.include({ deletionProtection: false });
  });

  it("hands out the kubeconfig of whoever made it: as it is, or with the role that the provider works as", async () => {
    const roleArn = "arn:aws:iam::999999999999:role/deployer";
    const argsOf = async (deployerRole?: string): Promise<readonly string[]> => {
      const texts: string[] = [];
      await simulateComponent(() => awsCluster({ deployerRole }).kubeconfig.apply((text) => texts.push(text)));
      const { users } = json(texts[0]) as { users: readonly { user: { exec: { args: readonly string[] } } }[] };
      return users[0]?.user.exec.args ?? [];
    };
    const own = await argsOf();
    expect(own.slice(0, 4)).to.deep.equal(["--region", region, "eks", "get-token"]);
    expect(own).to.not.include("--role-arn");
    expect(await argsOf(roleArn)).to.deep.equal([...own, "--role-arn", roleArn]);
  });

  it("says what is behind its node groups, and where its logs are", async () => {
    const graph = await simulateComponent(() => awsCluster({ spot: { sizes: ["t3.medium"], max: 1 }, containerInsights: true }));
    const { autoScalingGroups, logGroupNames } = named(graph, "cluster").outputs;
    const behind = ofType(graph, "aws:eks/nodeGroup:NodeGroup").map(({ outputs }) => {
      const [only] = outputs["resources"] as readonly { autoscalingGroups: readonly { name: string }[] }[];
      return only?.autoscalingGroups[0]?.name;
    });
    expect(behind).to.have.lengthOf(4);
    expect(autoScalingGroups).to.deep.equal(behind);
    const id = String(named(graph, "cluster-eks").inputs["name"]);
    expect(logGroupNames).to.deep.equal([
      `/aws/eks/${id}/cluster`,
      ...["application", "dataplane", "host", "performance"].map((kind) => `/aws/containerinsights/${id}/${kind}`),
    ]);
  });

  it("gives administrators and viewers of the configuration an entry with AWS's own policy, before anything is made in the cluster", async () => {
    const access = {
      admins: ["arn:aws:iam::111111111111:role/teams/ops", "arn:aws:iam::222222222222:role/teams/ops"],
      viewers: ["arn:aws:iam::111111111111:user/auditor"],
    };
    const graph = await simulateComponent(() => awsCluster({ access }));
    const granted = ofType(graph, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation").map(({ inputs }) => [
      inputs["principalArn"],
      inputs["policyArn"],
      inputs["accessScope"],
    ]);
    const policy = (name: string): string => `arn:aws:eks::aws:cluster-access-policy/${name}`;
    expect(granted).to.have.deep.members([
      [access.admins[0], policy("AmazonEKSClusterAdminPolicy"), { type: "cluster" }],
      [access.admins[1], policy("AmazonEKSClusterAdminPolicy"), { type: "cluster" }],
      [access.viewers[0], policy("AmazonEKSViewPolicy"), { type: "cluster" }],
    ]);
    const entries = ofType(graph, "aws:eks/accessEntry:AccessEntry");
    expect(entries.map(({ inputs }) => inputs["principalArn"])).to.have.members([...access.admins, ...access.viewers]);
    const provider = named(graph, "cluster-kubernetes");
    for (const entry of entries) expect(waitsFor(graph, provider, entry), entry.name).to.equal(true);
  });

  it("calls an entry the same wherever its principal stands in the list", async () => {
    const [first, second] = ["arn:aws:iam::111111111111:role/ops", "arn:aws:iam::111111111111:role/dev"] as const;
    const names = async (admins: readonly string[]): Promise<string[]> => {
      const graph = await simulateComponent(() => awsCluster({ access: { admins, viewers: [] } }));
      return ofType(graph, "aws:eks/accessEntry:AccessEntry").map(({ name, inputs }) => `${name} ${String(inputs["principalArn"])}`);
    };
    expect(await names([second, first])).to.deep.equal(await names([first, second]));
  });
});
