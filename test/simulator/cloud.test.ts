import { expect } from "chai";

import { SimulatedCloud } from "../../simulator/cloud";

const region = "eu-central-1";
const aws = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  routeTable: "aws:ec2/routeTable:RouteTable",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  template: "aws:ec2/launchTemplate:LaunchTemplate",
  flowLog: "aws:ec2/flowLog:FlowLog",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  role: "aws:iam/role:Role",
  attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  bucket: "aws:s3/bucket:Bucket",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
  key: "aws:kms/key:Key",
  alias: "aws:kms/alias:Alias",
  cluster: "aws:eks/cluster:Cluster",
  addon: "aws:eks/addon:Addon",
  accessEntry: "aws:eks/accessEntry:AccessEntry",
} as const;

/** A cloud, and a shorter way to make something in it. */
class Ground {
  readonly cloud = new SimulatedCloud(region);

  make(type: string, name: string, inputs: Readonly<Record<string, unknown>> = {}): string {
    return this.cloud.create({ urn: `urn:pulumi:test::test::${type}::${name}`, type, name, inputs }).id;
  }

  /** What of a resource the cloud computed. */
  computed(type: string, id: string, property: string): unknown {
    return this.cloud.find(type, id)?.[property];
  }
}

describe("a simulated AWS", () => {
  let ground: Ground;
  beforeEach(() => {
    ground = new Ground();
  });
  const subnetIn = (vpcId: string, name: string, cidrBlock: string): string => ground.make(aws.subnet, name, { vpcId, cidrBlock });

  it("gives what it made an id, and finds it by that with its inputs and what it computed", () => {
    const id = ground.make(aws.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
    expect(id).to.match(/^vpc-0[0-9a-f]{16}$/);
    expect(ground.cloud.find(aws.vpc, id)).to.include({ cidrBlock: "10.0.0.0/16", arn: `arn:aws:ec2:${region}:999999999999:vpc/${id}` });
    expect(ground.cloud.all(aws.vpc)).to.deep.equal([ground.cloud.find(aws.vpc, id)]);
    expect(ground.cloud.find(aws.subnet, id), "as another type").to.equal(undefined);
  });

  it("does not know a type that the table lacks", () => {
    expect(() => ground.make("aws:sqs/queue:Queue", "queue")).to.throw("the simulator does not know the type aws:sqs/queue:Queue");
  });

  it("refuses a name that is taken, until what has it is gone", () => {
    const id = ground.make(aws.bucket, "first", { bucket: "acme" });
    expect(() => ground.make(aws.bucket, "second", { bucket: "acme" })).to.throw("aws:s3/bucket:Bucket acme exists already");
    ground.cloud.delete(aws.bucket, id);
    expect(ground.make(aws.bucket, "second", { bucket: "acme" })).to.equal("acme");
  });

  it("makes another resource, with another id, where one is made under the same URN again", () => {
    const first = ground.make(aws.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
    const second = ground.make(aws.vpc, "vpc", { cidrBlock: "10.1.0.0/16" });
    expect(second).to.not.equal(first);
    ground.cloud.delete(aws.vpc, first);
    ground.cloud.delete(aws.vpc, second);
    expect(ground.make(aws.vpc, "vpc", { cidrBlock: "10.0.0.0/16" }), "the third").to.not.be.oneOf([first, second]);
  });

  it("gives the same ids in every run", () => {
    expect(new Ground().make(aws.vpc, "vpc")).to.equal(ground.make(aws.vpc, "vpc"));
  });

  describe("refuses a reference to something that does not exist", () => {
    it("by an id, naming resource and property", () => {
      const refused = (): unknown => subnetIn("vpc-00123456789abcdef", "subnet", "10.0.0.0/24");
      expect(refused).to.throw("aws:ec2/subnet:Subnet subnet: vpcId: vpc-00123456789abcdef does not exist");
      expect(ground.cloud.list(), "nothing was made").to.deep.equal([]);
    });

    it("by an id deep in the inputs, naming the path", () => {
      const vpcConfig = { subnetIds: ["subnet-00123456789abcdef"] };
      expect(() => ground.make(aws.cluster, "eks", { name: "acme", vpcConfig })).to.throw("vpcConfig.subnetIds[0]: subnet-");
    });

    it("by an ARN of the account, but not by one of AWS itself", () => {
      const roleArn = "arn:aws:iam::999999999999:role/missing";
      expect(() => ground.make(aws.cluster, "eks", { name: "acme", roleArn })).to.throw(`roleArn: ${roleArn} does not exist`);
      const role = ground.make(aws.role, "role", { name: "missing" });
      expect(ground.make(aws.cluster, "eks", { name: "acme", roleArn })).to.equal("acme");
      expect(ground.make(aws.attachment, "policy", { role, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" })).to.contain(role);
    });

    it("but not to the account itself and to whoever deploys", () => {
      const clusterName = ground.make(aws.cluster, "eks", { name: "acme" });
      for (const who of ["root", "role/deployer"]) {
        const principalArn = `arn:aws:iam::999999999999:${who}`;
        expect(ground.make(aws.accessEntry, who, { clusterName, principalArn })).to.equal(`acme:${principalArn}`);
      }
      const other = { clusterName, principalArn: "arn:aws:iam::999999999999:role/deployers" };
      expect(() => ground.make(aws.accessEntry, "other", other)).to.throw("role/deployers does not exist");
    });

    it("by a name, where the input says what it has to be", () => {
      const addon = { clusterName: "acme", addonName: "coredns" };
      expect(() => ground.make(aws.addon, "addon", addon)).to.throw("clusterName: acme does not exist");
      ground.make(aws.bucket, "namesake", { bucket: "acme" });
      expect(() => ground.make(aws.addon, "addon", addon), "a bucket is no cluster").to.throw("clusterName: acme does not exist");
      ground.make(aws.cluster, "eks", { name: "acme" });
      expect(ground.make(aws.addon, "addon", addon)).to.equal("acme:coredns");
    });

    it("takes a reference to a part of what exists: the streams of a log group", () => {
      const group = ground.make(aws.logGroup, "logs", { name: "/flow-logs" });
      const logDestination = `${String(ground.computed(aws.logGroup, group, "arn"))}:*`;
      expect(ground.make(aws.flowLog, "log", { logDestination })).to.match(/^fl-/);
      expect(() => ground.make(aws.flowLog, "other", { logDestination: logDestination.replace("flow", "other") })).to.throw(
        "logDestination",
      );
    });
  });

  it("refuses to join what lies in two VPCs", () => {
    const [one, two] = ["one", "two"].map((name) => ground.make(aws.vpc, name, { cidrBlock: "10.0.0.0/16" })) as [string, string];
    const subnetId = subnetIn(one, "in-one", "10.0.0.0/24");
    const elsewhere = subnetIn(two, "in-two", "10.0.0.0/24");
    const routeTableId = ground.make(aws.routeTable, "table", { vpcId: two });
    const words = `routeTableId: ${routeTableId} belongs to ${two}, not to ${one}`;
    expect(() => ground.make(aws.association, "join", { subnetId, routeTableId })).to.throw(words);
    expect(() => ground.make(aws.endpoint, "s3", { vpcId: one, routeTableIds: [routeTableId] })).to.throw(words.replace("Id:", "Ids:"));
    expect(() => ground.make(aws.cluster, "eks", { name: "acme", vpcConfig: { subnetIds: [subnetId, elsewhere] } })).to.throw(
      `subnetIds: ${elsewhere} belongs to ${two}, not to ${one}`,
    );
    expect(ground.make(aws.association, "in-two", { subnetId: elsewhere, routeTableId })).to.match(/^rtbassoc-/);
  });

  it("refuses a range outside its VPC, and one that is taken there", () => {
    const vpc = ground.make(aws.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
    const other = ground.make(aws.vpc, "other", { cidrBlock: "10.0.0.0/16" });
    expect(() => subnetIn(vpc, "outside", "10.1.0.0/24")).to.throw("cidrBlock: 10.1.0.0/24 does not lie inside 10.0.0.0/16");
    expect(() => subnetIn(vpc, "wider", "10.0.0.0/15")).to.throw("does not lie inside");
    subnetIn(vpc, "first", "10.0.0.0/20");
    expect(() => subnetIn(vpc, "second", "10.0.8.0/24")).to.throw("cidrBlock: 10.0.8.0/24 overlaps 10.0.0.0/20, which is taken");
    expect(subnetIn(vpc, "beside", "10.0.16.0/20")).to.match(/^subnet-/);
    expect(subnetIn(other, "elsewhere", "10.0.0.0/20")).to.match(/^subnet-/);
  });

  describe("changing something in place", () => {
    it("keeps its id and computes again", () => {
      const id = ground.make(aws.template, "nodes", { name: "nodes" });
      expect(ground.computed(aws.template, id, "latestVersion")).to.equal(1);
      expect(ground.cloud.update(aws.template, id, { name: "nodes", ebsOptimized: "true" })).to.include({ latestVersion: 2 });
      expect(ground.cloud.update(aws.template, id, { name: "nodes" })).to.include({ latestVersion: 3, defaultVersion: 3 });
      expect(ground.cloud.find(aws.template, id)).to.include({ latestVersion: 3 }).and.not.have.property("ebsOptimized");
    });

    it("does not find it in its own way, and leaves it in its place", () => {
      const vpcId = ground.make(aws.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
      const first = subnetIn(vpcId, "first", "10.0.0.0/20");
      const second = subnetIn(vpcId, "second", "10.0.16.0/20");
      ground.cloud.update(aws.subnet, first, { vpcId, cidrBlock: "10.0.0.0/20", tags: { a: "b" } });
      expect(ground.cloud.list().map(({ id }) => id)).to.deep.equal([vpcId, first, second]);
    });

    it("refuses what it would refuse of a new one, and leaves it as it was", () => {
      const id = ground.make(aws.bucket, "uploads", { bucket: "acme" });
      const settings = ground.make(aws.versioning, "versions", { bucket: id });
      const before = ground.cloud.find(aws.versioning, settings);
      expect(() => ground.cloud.update(aws.versioning, settings, { bucket: "other" })).to.throw("bucket: other does not exist");
      expect(ground.cloud.find(aws.versioning, settings)).to.deep.equal(before);
    });

    it("refuses where there is nothing to change", () => {
      expect(() => ground.cloud.update(aws.bucket, "acme", {})).to.throw("aws:s3/bucket:Bucket acme does not exist");
    });
  });

  describe("deleting", () => {
    it("refuses while something still needs it, and says what does", () => {
      const vpcId = ground.make(aws.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
      const subnet = subnetIn(vpcId, "subnet", "10.0.0.0/24");
      const needs = `${aws.vpc} ${vpcId} cannot be deleted: urn:pulumi:test::test::${aws.subnet}::subnet still needs it`;
      expect(() => ground.cloud.delete(aws.vpc, vpcId)).to.throw(needs);
      ground.cloud.delete(aws.subnet, subnet);
      ground.cloud.delete(aws.vpc, vpcId);
      expect(ground.cloud.list()).to.deep.equal([]);
    });

    it("refuses it also where it is needed by name or by ARN", () => {
      const role = ground.make(aws.role, "role", { name: "eks" });
      const policy = ground.make(aws.attachment, "policy", { role, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" });
      const cluster = ground.make(aws.cluster, "eks", { name: "acme", roleArn: ground.computed(aws.role, role, "arn") });
      expect(() => ground.cloud.delete(aws.role, role)).to.throw(
        "::policy, urn:pulumi:test::test::aws:eks/cluster:Cluster::eks still needs",
      );
      ground.cloud.delete(aws.attachment, policy);
      expect(() => ground.cloud.delete(aws.role, role)).to.throw("::eks still needs it");
      ground.cloud.delete(aws.cluster, cluster);
      ground.cloud.delete(aws.role, role);
      expect(ground.cloud.list()).to.deep.equal([]);
    });

    it("lets a key of KMS go while something refers to it, since its deletion is only scheduled", () => {
      const key = ground.make(aws.key, "key");
      ground.make(aws.alias, "alias", { namePrefix: "alias/a-", targetKeyId: key });
      ground.make(aws.logGroup, "logs", { name: "logs", kmsKeyId: ground.computed(aws.key, key, "arn") });
      ground.cloud.delete(aws.key, key);
      expect(ground.cloud.find(aws.key, key)).to.equal(undefined);
    });

    it("refuses it for a reason of its own, and deletes it when that is gone", () => {
      const [type, name] = ["kubernetes:networking.k8s.io/v1:Ingress", "front"];
      const attributes = (value: string): unknown => ({
        metadata: { name, annotations: { "alb.ingress.kubernetes.io/load-balancer-attributes": `deletion_protection.enabled=${value}` } },
      });
      const id = ground.make(type, name, attributes("true") as Record<string, unknown>);
      expect(() => ground.cloud.delete(type, id)).to.throw(`${type} ${id} cannot be deleted: deletion_protection is enabled`);
      expect(ground.cloud.find(type, id), "and leaves it").to.not.equal(undefined);
      ground.cloud.update(type, id, attributes("false") as Record<string, unknown>);
      ground.cloud.delete(type, id);
      expect(ground.cloud.list()).to.deep.equal([]);
    });

    it("is content with what is gone already", () => {
      ground.cloud.delete(aws.bucket, "acme");
      expect(ground.cloud.list()).to.deep.equal([]);
    });
  });
});
