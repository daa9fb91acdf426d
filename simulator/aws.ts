import type * as aws from "@pulumi/aws";

import { insideParent, overlapsSibling, sameOwner } from "./network-rules";
import { digits, row, textInput, type PackageTable, type Registration, type ResourceType } from "./resource-type";

/** Account of the simulated AWS. */
export const account = "999999999999";

/** Zones by the letter that ends their name, where a region offers fewer than four: an account sees two in Northern California. */
const zonesByRegion: Readonly<Record<string, readonly string[]>> = { "us-west-1": ["a", "c"], "eu-central-1": ["a", "b", "c"] };

/** `prefix-` and seventeen digits, as EC2 gives them. */
const ec2Id = (prefix: string) => (resource: Registration) => `${prefix}-0${digits(16, resource.seed)}`;
const arn = (service: string, region: string, path: string): string => `arn:aws:${service}:${region}:${account}:${path}`;
const ec2Arn = (kind: string, prefix: string) => (resource: Registration) => ({
  arn: arn("ec2", resource.region, `${kind}/${ec2Id(prefix)(resource)}`),
});

/** A resource of EC2, with an id and an ARN of its own. */
const ec2 = (kind: string, prefix: string) => ({ id: ec2Id(prefix), computed: ec2Arn(kind, prefix) });

/** A name that the provider makes where the program gives none: `logical-1234567`. */
const autoNamed = (property: string, longest: number) => ({
  nameProperty: property,
  autoName: { separator: "-", digits: 7, longest },
  id: (resource: Registration): string => textInput(resource, property, `${resource.name}-${digits(7, resource.seed)}`),
});

/** Something whose id is made of what it joins. */
const joined = (separator: string, ...properties: readonly string[]) => ({
  id: (resource: Registration): string => properties.map((property) => textInput(resource, property)).join(separator),
});

const clusterType = "aws:eks/cluster:Cluster";
const ofCluster = { clusterName: clusterType };

/** A setting of a bucket, which AWS keeps apart from the bucket. */
const ofBucket = { ...joined("", "bucket"), createOnly: ["bucket"], refersTo: { bucket: "aws:s3/bucket:Bucket" } } as const;

const role = autoNamed("name", 64);
const rolePolicy = autoNamed("name", 128);
const logGroup = autoNamed("name", 512);
const nodeGroup = autoNamed("nodeGroupName", 63);
const launchTemplate = autoNamed("name", 128);
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const bucket = autoNamed("bucket", 63);

const subnetType = "aws:ec2/subnet:Subnet";
const routeTableType = "aws:ec2/routeTable:RouteTable";

/**
 * What the simulated AWS answers. Each value has the form of the real one; none of them was ever given by AWS. What can be set at creation only
 * follows the provider's documentation: https://www.pulumi.com/registry/packages/aws/api-docs/
 */
export const awsTable: PackageTable = {
  types: {
    "aws:cloudwatch/logGroup:LogGroup": row<aws.cloudwatch.LogGroup>({
      ...logGroup,
      tags: "tags",
      computed: (r) => ({ name: logGroup.id(r), arn: arn("logs", r.region, `log-group:${logGroup.id(r)}`) }),
      createOnly: ["name"],
    }),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": row<aws.ec2.DefaultSecurityGroup>({
      ...ec2("security-group", "sg"),
      tags: "tags",
      createOnly: ["vpcId"],
    }),
    "aws:ec2/eip:Eip": row<aws.ec2.Eip>({
      id: ec2Id("eipalloc"),
      tags: "tags",
      computed: (r) => ({ allocationId: ec2Id("eipalloc")(r), publicIp: `198.51.100.${Number.parseInt(digits(2, r.seed), 16)}` }),
      createOnly: ["domain"],
    }),
    "aws:ec2/flowLog:FlowLog": row<aws.ec2.FlowLog>({
      ...ec2("vpc-flow-log", "fl"),
      tags: "tags",
      createOnly: ["vpcId", "trafficType", "logDestination", "logDestinationType", "iamRoleArn", "maxAggregationInterval"],
    }),
    "aws:ec2/internetGateway:InternetGateway": row<aws.ec2.InternetGateway>({ ...ec2("internet-gateway", "igw"), tags: "tags" }),
    "aws:ec2/launchTemplate:LaunchTemplate": row<aws.ec2.LaunchTemplate>({
      ...launchTemplate,
      id: ec2Id("lt"),
      tags: "tags",
      computed: (r) => {
        const latestVersion = typeof r.previous?.["latestVersion"] === "number" ? r.previous["latestVersion"] + 1 : 1;
        return { ...ec2Arn("launch-template", "lt")(r), name: launchTemplate.id(r), latestVersion, defaultVersion: latestVersion };
      },
      recomputed: ["latestVersion", "defaultVersion"],
      createOnly: ["name"],
    }),
    "aws:ec2/natGateway:NatGateway": row<aws.ec2.NatGateway>({
      id: ec2Id("nat"),
      tags: "tags",
      computed: () => ({ publicIp: "198.51.100.10", privateIp: "10.0.128.10" }),
      createOnly: ["subnetId", "allocationId", "connectivityType"],
    }),
    "aws:ec2/route:Route": row<aws.ec2.Route>({
      id: (r) => `r-${textInput(r, "routeTableId")}${digits(9, textInput(r, "destinationCidrBlock"))}`,
      createOnly: ["routeTableId", "destinationCidrBlock"],
    }),
    [routeTableType]: row<aws.ec2.RouteTable>({ ...ec2("route-table", "rtb"), tags: "tags", createOnly: ["vpcId"] }),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": row<aws.ec2.RouteTableAssociation>({
      id: ec2Id("rtbassoc"),
      createOnly: ["subnetId"],
      refuse: (r, inventory) => sameOwner(r, inventory, "vpcId", { subnetId: subnetType, routeTableId: routeTableType }),
    }),
    [subnetType]: row<aws.ec2.Subnet>({
      ...ec2("subnet", "subnet"),
      tags: "tags",
      createOnly: ["vpcId", "cidrBlock", "availabilityZone"],
      refuse: (r, inventory) => [
        ...insideParent(r, inventory, { range: "cidrBlock", parent: "vpcId", parentType: "aws:ec2/vpc:Vpc", parentRange: "cidrBlock" }),
        ...overlapsSibling(r, inventory, "cidrBlock", "vpcId"),
      ],
    }),
    "aws:ec2/vpc:Vpc": row<aws.ec2.Vpc>({
      id: ec2Id("vpc"),
      tags: "tags",
      computed: (r) => ({
        ...ec2Arn("vpc", "vpc")(r),
        defaultSecurityGroupId: `sg-0${digits(16, r.seed, "sg")}`,
        mainRouteTableId: `rtb-0${digits(16, r.seed, "rtb")}`,
      }),
      createOnly: ["cidrBlock"],
    }),
    "aws:ec2/vpcEndpoint:VpcEndpoint": row<aws.ec2.VpcEndpoint>({
      ...ec2("vpc-endpoint", "vpce"),
      tags: "tags",
      createOnly: ["vpcId", "serviceName", "vpcEndpointType"],
      refuse: (r, inventory) => sameOwner(r, inventory, "vpcId", { routeTableIds: routeTableType }, textInput(r, "vpcId")),
    }),
    "aws:eks/accessEntry:AccessEntry": row<aws.eks.AccessEntry>({
      ...joined(":", "clusterName", "principalArn"),
      tags: "tags",
      createOnly: ["clusterName", "principalArn", "type"],
      refersTo: ofCluster,
    }),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": row<aws.eks.AccessPolicyAssociation>({
      ...joined("#", "clusterName", "principalArn", "policyArn"),
      createOnly: ["clusterName", "principalArn", "policyArn", "accessScope"],
      refersTo: ofCluster,
    }),
    "aws:eks/addon:Addon": row<aws.eks.Addon>({
      ...joined(":", "clusterName", "addonName"),
      tags: "tags",
      computed: (r) => ({ arn: arn("eks", r.region, `addon/${textInput(r, "clusterName")}/${textInput(r, "addonName")}`) }),
      createOnly: ["clusterName", "addonName"],
      refersTo: ofCluster,
    }),
    [clusterType]: row<aws.eks.Cluster>({
      ...autoNamed("name", 100),
      tags: "tags",
      computed: (r) => {
        const id = digits(32, r.seed).toUpperCase();
        return {
          arn: arn("eks", r.region, `cluster/${textInput(r, "name")}`),
          endpoint: `https://${id}.gr7.${r.region}.eks.amazonaws.com`,
          identities: [{ oidcs: [{ issuer: `https://oidc.eks.${r.region}.amazonaws.com/id/${id}` }] }],
          certificateAuthority: { data: Buffer.from("simulated").toString("base64") },
          status: "ACTIVE",
        };
      },
      createOnly: ["name", "roleArn", "kubernetesNetworkConfig", "encryptionConfig", "bootstrapSelfManagedAddons"],
      refuse: (r, inventory) => sameOwner({ inputs: vpcConfig(r) }, inventory, "vpcId", { subnetIds: subnetType }),
    }),
    "aws:eks/nodeGroup:NodeGroup": row<aws.eks.NodeGroup>({
      ...nodeGroup,
      id: (r) => `${textInput(r, "clusterName")}:${nodeGroup.id(r)}`,
      tags: "tags",
      computed: (r) => ({
        arn: arn("eks", r.region, `nodegroup/${textInput(r, "clusterName")}/${nodeGroup.id(r)}`),
        nodeGroupName: nodeGroup.id(r),
        status: "ACTIVE",
      }),
      createOnly: [
        "clusterName",
        "nodeGroupName",
        "nodeRoleArn",
        "subnetIds",
        "amiType",
        "capacityType",
        "instanceTypes",
        "diskSize",
        "launchTemplate.id",
      ],
      refersTo: ofCluster,
    }),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": row<aws.eks.PodIdentityAssociation>({
      id: (r) => `a-${digits(16, r.seed)}`,
      tags: "tags",
      computed: (r) => ({ associationId: `a-${digits(16, r.seed)}` }),
      createOnly: ["clusterName", "namespace", "serviceAccount"],
      refersTo: ofCluster,
    }),
    "aws:iam/role:Role": row<aws.iam.Role>({
      ...role,
      tags: "tags",
      computed: (r) => ({
        name: role.id(r),
        arn: `arn:aws:iam::${account}:role/${role.id(r)}`,
        uniqueId: `AROA${digits(17, r.seed).toUpperCase()}`,
      }),
      createOnly: ["name", "path"],
    }),
    "aws:iam/rolePolicy:RolePolicy": row<aws.iam.RolePolicy>({
      ...rolePolicy,
      id: (r) => `${textInput(r, "role")}:${rolePolicy.id(r)}`,
      computed: (r) => ({ name: rolePolicy.id(r) }),
      createOnly: ["role", "name"],
      refersTo: { role: "aws:iam/role:Role" },
    }),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": row<aws.iam.RolePolicyAttachment>({
      ...joined("/", "role", "policyArn"),
      createOnly: ["role", "policyArn"],
      refersTo: { role: "aws:iam/role:Role" },
    }),
    "aws:kms/alias:Alias": row<aws.kms.Alias>({
      id: (r) => `${textInput(r, "namePrefix")}${digits(26, r.seed)}`,
      computed: (r) => ({ arn: arn("kms", r.region, `${textInput(r, "namePrefix")}${digits(26, r.seed)}`) }),
      createOnly: ["name", "namePrefix"],
      refersTo: { targetKeyId: "aws:kms/key:Key" },
    }),
    "aws:kms/key:Key": row<aws.kms.Key>({
      id: keyId,
      tags: "tags",
      computed: (r) => ({ keyId: keyId(r), arn: arn("kms", r.region, `key/${keyId(r)}`) }),
      createOnly: ["customerMasterKeySpec", "keyUsage", "multiRegion"],
      // A deletion is scheduled, and what the key encrypted finds out when the key is gone.
      outlivedByReferences: true,
    }),
    "aws:s3/bucket:Bucket": row<aws.s3.Bucket>({
      ...bucket,
      tags: "tags",
      computed: (r) => ({
        bucket: bucket.id(r),
        arn: `arn:aws:s3:::${bucket.id(r)}`,
        bucketDomainName: `${bucket.id(r)}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${bucket.id(r)}.s3.${r.region}.amazonaws.com`,
      }),
      createOnly: ["bucket", "objectLockEnabled"],
    }),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": row<aws.s3.BucketLifecycleConfiguration>(ofBucket),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": row<aws.s3.BucketOwnershipControls>(ofBucket),
    "aws:s3/bucketPolicy:BucketPolicy": row<aws.s3.BucketPolicy>(ofBucket),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": row<aws.s3.BucketPublicAccessBlock>(ofBucket),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
      row<aws.s3.BucketServerSideEncryptionConfiguration>(ofBucket),
    "aws:s3/bucketVersioning:BucketVersioning": row<aws.s3.BucketVersioning>(ofBucket),
  } satisfies Record<string, ResourceType>,
  functions: {
    "aws:eks/getAddonVersion:getAddonVersion": (args) => ({ ...args, id: args["addonName"], version: "v1.0.0-eksbuild.simulated" }),
    "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
      const zones = zonesByRegion[region] ?? ["a", "b", "c", "d"];
      return {
        ...args,
        id: region,
        names: zones.map((letter) => `${region}${letter}`),
        zoneIds: zones.map((_, index) => `${region.replace(/-(\w)\w*-/, "$1")}-az${2 * index + 1}`),
      };
    },
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({
      id: account,
      accountId: account,
      arn: `arn:aws:iam::${account}:role/deployer`,
      userId: "AROASIMULATED:deployer",
    }),
    "aws:index/getPartition:getPartition": () => ({
      id: "aws",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    }),
  },
};

function keyId(resource: Registration): string {
  const d = digits(32, resource.seed);
  return [d.slice(0, 8), d.slice(8, 12), d.slice(12, 16), d.slice(16, 20), d.slice(20)].join("-");
}

function vpcConfig(resource: Registration): Readonly<Record<string, unknown>> {
  const config = resource.inputs["vpcConfig"];
  return typeof config === "object" && config !== null ? (config as Readonly<Record<string, unknown>>) : {};
}
