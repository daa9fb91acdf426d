import type * as aws from "@pulumi/aws";

import { digits, row, textInput, type PackageTable, type Registration } from "./resource-type";

/** Account of the simulated AWS. */
const account = "999999999999";

/** `prefix-` and seventeen digits, as EC2 gives them. */
const ec2Id = (prefix: string) => (resource: Registration) => `${prefix}-0${digits(16, resource.urn)}`;
const byName = (resource: Registration): string => `${resource.name}-${digits(7, resource.urn)}`;
const arn = (service: string, region: string, path: string): string => `arn:aws:${service}:${region}:${account}:${path}`;
const ec2Arn = (kind: string, prefix: string) => (resource: Registration) => ({
  arn: arn("ec2", resource.region, `${kind}/${ec2Id(prefix)(resource)}`),
});

/** The name given, or the one that the provider makes of the logical name. */
const named = (property: string) => (resource: Registration) => textInput(resource, property, byName(resource));

/** How long a bucket's name may be: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const longestBucketName = 63;
const bucketName = (resource: Registration): string => named("bucket")(resource).toLowerCase().slice(0, longestBucketName);
const ofBucket = { id: (resource: Registration): string => textInput(resource, "bucket", byName(resource)) };

const clusterThing = (separator: string, ...properties: readonly string[]) => ({
  id: (resource: Registration): string => properties.map((property) => textInput(resource, property, byName(resource))).join(separator),
});

/** What the simulated AWS answers. Each value has the form of the real one; none of them was ever given by AWS. */
export const awsTable: PackageTable = {
  types: {
    "aws:cloudwatch/logGroup:LogGroup": row<aws.cloudwatch.LogGroup>({
      tags: "tags",
      id: named("name"),
      computed: (r) => ({ name: named("name")(r), arn: arn("logs", r.region, `log-group:${named("name")(r)}`) }),
    }),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": row<aws.ec2.DefaultSecurityGroup>({
      tags: "tags",
      id: ec2Id("sg"),
      computed: ec2Arn("security-group", "sg"),
    }),
    "aws:ec2/eip:Eip": row<aws.ec2.Eip>({
      tags: "tags",
      id: ec2Id("eipalloc"),
      computed: (r) => ({ allocationId: ec2Id("eipalloc")(r), publicIp: "198.51.100.10" }),
    }),
    "aws:ec2/flowLog:FlowLog": row<aws.ec2.FlowLog>({ tags: "tags", id: ec2Id("fl"), computed: ec2Arn("vpc-flow-log", "fl") }),
    "aws:ec2/internetGateway:InternetGateway": row<aws.ec2.InternetGateway>({
      tags: "tags",
      id: ec2Id("igw"),
      computed: ec2Arn("internet-gateway", "igw"),
    }),
    "aws:ec2/launchTemplate:LaunchTemplate": row<aws.ec2.LaunchTemplate>({
      tags: "tags",
      id: ec2Id("lt"),
      computed: (r) => ({ ...ec2Arn("launch-template", "lt")(r), name: named("name")(r), latestVersion: 1, defaultVersion: 1 }),
    }),
    "aws:ec2/natGateway:NatGateway": row<aws.ec2.NatGateway>({
      tags: "tags",
      id: ec2Id("nat"),
      computed: () => ({ publicIp: "198.51.100.10", privateIp: "10.0.128.10" }),
    }),
    "aws:ec2/route:Route": row<aws.ec2.Route>({
      id: (r) => `r-${textInput(r, "routeTableId")}${digits(9, textInput(r, "destinationCidrBlock"))}`,
    }),
    "aws:ec2/routeTable:RouteTable": row<aws.ec2.RouteTable>({ tags: "tags", id: ec2Id("rtb"), computed: ec2Arn("route-table", "rtb") }),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": row<aws.ec2.RouteTableAssociation>({ id: ec2Id("rtbassoc") }),
    "aws:ec2/subnet:Subnet": row<aws.ec2.Subnet>({ tags: "tags", id: ec2Id("subnet"), computed: ec2Arn("subnet", "subnet") }),
    "aws:ec2/vpc:Vpc": row<aws.ec2.Vpc>({
      tags: "tags",
      id: ec2Id("vpc"),
      computed: (r) => ({
        ...ec2Arn("vpc", "vpc")(r),
        defaultSecurityGroupId: `sg-0${digits(16, r.urn)}`,
        mainRouteTableId: `rtb-0${digits(16, r.urn)}`,
      }),
    }),
    "aws:ec2/vpcEndpoint:VpcEndpoint": row<aws.ec2.VpcEndpoint>({
      tags: "tags",
      id: ec2Id("vpce"),
      computed: (r) => ({ ...ec2Arn("vpc-endpoint", "vpce")(r), state: "available" }),
    }),
    "aws:eks/accessEntry:AccessEntry": row<aws.eks.AccessEntry>({ tags: "tags", ...clusterThing(":", "clusterName", "principalArn") }),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": row<aws.eks.AccessPolicyAssociation>(
      clusterThing("#", "clusterName", "principalArn", "policyArn"),
    ),
    "aws:eks/addon:Addon": row<aws.eks.Addon>({
      tags: "tags",
      ...clusterThing(":", "clusterName", "addonName"),
      computed: (r) => ({ arn: arn("eks", r.region, `addon/${textInput(r, "clusterName")}/${textInput(r, "addonName")}`) }),
    }),
    "aws:eks/nodeGroup:NodeGroup": row<aws.eks.NodeGroup>({
      tags: "tags",
      id: (r) => `${textInput(r, "clusterName")}:${named("nodeGroupName")(r)}`,
      computed: (r) => ({
        arn: arn("eks", r.region, `nodegroup/${textInput(r, "clusterName")}/${named("nodeGroupName")(r)}`),
        nodeGroupName: named("nodeGroupName")(r),
        status: "ACTIVE",
      }),
    }),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": row<aws.eks.PodIdentityAssociation>({
      tags: "tags",
      id: (r) => `a-${digits(16, r.urn)}`,
      computed: (r) => ({ associationId: `a-${digits(16, r.urn)}` }),
    }),
    "aws:iam/role:Role": row<aws.iam.Role>({
      tags: "tags",
      id: named("name"),
      computed: (r) => ({
        name: named("name")(r),
        arn: `arn:aws:iam::${account}:role/${named("name")(r)}`,
        uniqueId: `AROA${digits(17, r.urn).toUpperCase()}`,
      }),
    }),
    "aws:iam/rolePolicy:RolePolicy": row<aws.iam.RolePolicy>({
      id: (r) => `${textInput(r, "role")}:${named("name")(r)}`,
      computed: (r) => ({ name: named("name")(r) }),
    }),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": row<aws.iam.RolePolicyAttachment>({ id: byName }),
    "aws:kms/alias:Alias": row<aws.kms.Alias>({
      id: (r) => `${textInput(r, "namePrefix")}${digits(26, r.urn)}`,
      computed: (r) => ({ arn: arn("kms", r.region, `alias/${byName(r)}`) }),
    }),
    "aws:kms/key:Key": row<aws.kms.Key>({
      tags: "tags",
      id: keyId,
      computed: (r) => ({ keyId: keyId(r), arn: arn("kms", r.region, `key/${keyId(r)}`) }),
    }),
    "aws:s3/bucket:Bucket": row<aws.s3.Bucket>({
      tags: "tags",
      id: bucketName,
      computed: (r) => ({
        bucket: bucketName(r),
        arn: `arn:aws:s3:::${bucketName(r)}`,
        bucketDomainName: `${bucketName(r)}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${bucketName(r)}.s3.${r.region}.amazonaws.com`,
      }),
    }),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": row<aws.s3.BucketLifecycleConfiguration>(ofBucket),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": row<aws.s3.BucketOwnershipControls>(ofBucket),
    "aws:s3/bucketPolicy:BucketPolicy": row<aws.s3.BucketPolicy>(ofBucket),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": row<aws.s3.BucketPublicAccessBlock>(ofBucket),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
      row<aws.s3.BucketServerSideEncryptionConfiguration>(ofBucket),
    "aws:s3/bucketVersioning:BucketVersioning": row<aws.s3.BucketVersioning>(ofBucket),
  },
  functions: {
    "aws:eks/getAddonVersion:getAddonVersion": (args) => ({ ...args, id: args["addonName"], version: `v1.0.0-eksbuild.simulated` }),
    "aws:index/getAvailabilityZones:getAvailabilityZones": (args, region) => ({
      ...args,
      id: region,
      names: ["a", "b", "c", "d"].map((letter) => `${region}${letter}`),
      zoneIds: [1, 2, 4, 5].map((zone) => `${region.replace(/-(\w)\w*-/, "$1")}-az${zone}`),
    }),
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
  const d = digits(32, resource.urn);
  return [d.slice(0, 8), d.slice(8, 12), d.slice(12, 16), d.slice(16, 20), d.slice(20)].join("-");
}
