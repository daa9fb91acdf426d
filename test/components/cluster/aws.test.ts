import { expect } from "chai";

import { secretText, unknownText, type GraphResource, type ResourceGraph } from "../../../simulator/graph";
import { awsCluster, tagged } from "../../support/aws";
import { contents, errorOf, json, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const nodeGroups = ["cluster-nodes-a", "cluster-nodes-b", "cluster-nodes-c"];
const early = ["cluster-eks-pod-identity-agent", "cluster-kube-proxy", "cluster-vpc-cni"];
const late = ["cluster-aws-ebs-csi-driver", "cluster-coredns", "cluster-metrics-server"];

for (const preview of [true, false]) {
  describe(`the cluster on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsCluster(), { preview });
    });
    const all = (names: readonly string[]): GraphResource[] => names.map((name) => named(graph, name));
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("is a control plane, a node group to a zone, add-ons and storage classes, and nothing else", () => {
      expect(contents(graph, "cluster")).to.deep.equal({
        "aws:cloudwatch/logGroup:LogGroup": ["cluster-logs"],
        "aws:ec2/launchTemplate:LaunchTemplate": ["cluster-nodes-template"],
        "aws:eks/addon:Addon": [...early, ...late].sort(),
        "aws:eks/nodeGroup:NodeGroup": nodeGroups,
        "aws:iam/role:Role": ["cluster-ebs-csi-role", "cluster-node-role"],
        "aws:iam/rolePolicy:RolePolicy": ["cluster-ebs-csi-key-policy"],
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
          "cluster-ebs-csi-policy",
          "cluster-node-AmazonEC2ContainerRegistryPullOnly",
          "cluster-node-AmazonEKSWorkerNodePolicy",
          "cluster-node-AmazonEKS_CNI_Policy",
        ],
        "eks:index:Cluster": ["cluster-eks"],
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

    it("gets network, proxy and identity agent before the first node, everything else after the last", () => {
      for (const group of all(nodeGroups)) {
        for (const addon of all(early)) expect(waitsFor(graph, group, addon), `${group.name} for ${addon.name}`).to.equal(true);
      }
      for (const addon of all(early)) {
        expect(waitsFor(graph, addon, named(graph, "cluster-eks")), addon.name).to.equal(true);
        for (const group of all(nodeGroups)) expect(waitsFor(graph, addon, group), `${addon.name} for ${group.name}`).to.equal(false);
      }
      for (const addon of all(late)) {
        for (const group of all(nodeGroups)) expect(waitsFor(graph, addon, group), `${addon.name} for ${group.name}`).to.equal(true);
      }
    });

    it("pins each add-on to a version for its Kubernetes, and owns its settings", () => {
      const settings: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
        "vpc-cni": {
          configurationValues: JSON.stringify({
            enableNetworkPolicy: "true",
            env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
          }),
        },
        "aws-ebs-csi-driver": {
          podIdentityAssociations: [
            { serviceAccount: "ebs-csi-controller-sa", roleArn: later(named(graph, "cluster-ebs-csi-role").outputs["arn"]) },
          ],
        },
      };
      for (const { name, inputs } of ofType(graph, "aws:eks/addon:Addon")) {
        const addonName = name.slice("cluster-".length);
        expect(inputs, name).to.deep.equal({
          clusterName: inputs["clusterName"],
          addonName,
          addonVersion: "v1.0.0-eksbuild.simulated",
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "OVERWRITE",
          tags: tagged(name),
          ...settings[addonName],
        });
      }
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
      const parameters = { type: "gp3", encrypted: "true", kmsKeyId: later(named(graph, "encryption-volumes-key").outputs["arn"]) };
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
    });
  });
}

describe("the cluster on AWS", () => {
  it("refuses deletion in both places, or in neither", async () => {
    const graph = await simulateComponent(() => awsCluster({ deletionProtection: false }));
    expect(named(graph, "cluster-eks")).to.include({ protect: false });
    expect(named(graph, "cluster-eks").inputs).to.include({ deletionProtection: false });
  });

  it("lets the storage driver use the key of the volumes, and that one only", async () => {
    const graph = await simulateComponent(() => awsCluster());
    const key = named(graph, "encryption-volumes-key").outputs["arn"];
    expect(json(named(graph, "cluster-ebs-csi-key-policy").inputs["policy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"], Resource: key },
        { Effect: "Allow", Action: "kms:CreateGrant", Resource: key, Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
      ],
    });
    expect(named(graph, "cluster-ebs-csi-policy").inputs["policyArn"]).to.equal(
      "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicyV2",
    );
    for (const name of ["cluster-ebs-csi-policy", "cluster-ebs-csi-key-policy"]) {
      expect(waitsFor(graph, named(graph, "cluster-aws-ebs-csi-driver"), named(graph, name)), name).to.equal(true);
    }
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

describe("an identity on AWS", () => {
  const permissions = [{ kind: "iam", statements: [{ Sid: "Read", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["*"] }] }] as const;

  it("is a role with exactly the permissions asked for, which the pods of one service account may assume", async () => {
    const graph = await simulateComponent(() => {
      awsCluster().grantIdentity("files", { namespace: "chat", serviceAccount: "reader", permissions });
    });
    expect(json(named(graph, "cluster-files-policy").inputs["policy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: permissions[0].statements,
    });
    expect(json(named(graph, "cluster-files-role").inputs["assumeRolePolicy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: {
            StringEquals: { "aws:RequestTag/kubernetes-namespace": "chat", "aws:RequestTag/kubernetes-service-account": "reader" },
          },
        },
      ],
    });
    const association = named(graph, "cluster-files-identity");
    expect(association.inputs).to.deep.equal({
      clusterName: named(graph, "cluster-eks").inputs["name"],
      namespace: "chat",
      serviceAccount: "reader",
      roleArn: named(graph, "cluster-files-role").outputs["arn"],
      tags: tagged("cluster-files-identity"),
    });
    expect(waitedFor(graph, association), "and for no node").to.deep.equal(["cluster-eks", "cluster-files-role", "cluster-suffix"]);
  });

  it("refuses the permissions of another cloud", async () => {
    const error = await errorOf(
      simulateComponent(() => {
        awsCluster().grantIdentity("files", {
          namespace: "chat",
          serviceAccount: "reader",
          permissions: [{ kind: "azure-roles", assignments: [] }],
        });
      }),
    );
    expect(error.message).to.equal("files: a cluster on AWS cannot grant permissions of kind azure-roles");
  });
});
