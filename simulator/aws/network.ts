import type * as aws from "@pulumi/aws";

import { insideParent, overlapsSibling, sameOwner } from "../network-rules";
import { digits, row, textInput, type PackageTable, type ResourceType } from "../resource-type";
import { lookUpRouteTable, lookUpSubnet, lookUpVpc } from "./existing";
import { ec2, ec2Id, subnetType } from "./ids";

/** Zones by the letter that ends their name, where a region offers fewer than four: an account sees two in Northern California. */
const zonesByRegion: Readonly<Record<string, readonly string[]>> = { "us-west-1": ["a", "c"], "eu-central-1": ["a", "b", "c"] };

/** Numbers in the zones' ids, in the order of their letters: the account's last zone is the one where EKS places no control plane in some regions. */
const zoneNumbers = [1, 2, 4, 3];

const zonesOf = (region: string): readonly string[] => zonesByRegion[region] ?? ["a", "b", "c", "d"];

const routeTableType = "aws:ec2/routeTable:RouteTable";
const vpc = ec2("vpc", "vpc");

/** The simulated VPC. */
export const networkTable: PackageTable = {
  types: {
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
        ...vpc.computed(r),
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
  } satisfies Record<string, ResourceType>,
  functions: {
    "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
      const zones = zonesOf(region);
      return {
        ...args,
        id: region,
        names: zones.map((letter) => `${region}${letter}`),
        zoneIds: zones.map((_, index) => `${region.replace(/-(\w)\w*-/, "$1")}-az${zoneNumbers[index] ?? 0}`),
      };
    },
    // Everything everywhere, but for one old generation that newer zones lack.
    "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": (args, { region }) => {
      const size = (args["filters"] as { values: string[] }[])[0]?.values[0] ?? "";
      const zones = zonesOf(region).filter((letter) => !size.startsWith("t2.") || letter === "a");
      const locations = zones.map((letter) => `${region}${letter}`);
      return {
        ...args,
        id: region,
        locations,
        instanceTypes: locations.map(() => size),
        locationTypes: locations.map(() => "availability-zone"),
      };
    },
    "aws:ec2/getRouteTable:getRouteTable": lookUpRouteTable,
    "aws:ec2/getSubnet:getSubnet": (args, { region }) => lookUpSubnet(args, region),
    "aws:ec2/getVpc:getVpc": lookUpVpc,
  },
};
