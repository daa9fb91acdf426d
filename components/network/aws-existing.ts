import * as aws from "@pulumi/aws";

import { show, type Problem } from "../configuration-error";
import type { ExistingVpc } from "./aws";
import { zoneProblems, zonesOfAccount, zonesWithSize } from "./aws-zones";
import { overlap, parseCidr } from "./cidr";
import { lookUp } from "./lookup";

/**
 * Prefixes of the smallest subnets that serve: a node takes whole /28 blocks for its pods, and a load balancer wants a /27 to grow into.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
 */
const smallest = { privateSubnetIds: 24, publicSubnetIds: 27 } as const;

export interface ExistingVpcWishes {
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  readonly publicSubnetIds: readonly string[];
  /** EC2 instance type of the nodes. */
  readonly size: string;
  /** Addresses of Kubernetes Services, which must not meet those of the VPC. */
  readonly serviceCidr: string;
}

type SubnetKind = keyof typeof smallest;

const path = (name: string): string => `rocketchat:network.use.${name}`;

/** Looks up a VPC that exists, and says all that would keep nodes from joining or the load balancer from being reached. */
export async function lookUpVpc(wishes: ExistingVpcWishes): Promise<{ vpc: ExistingVpc; problems: readonly Problem[] }> {
  const [vpcProblems, known, withSize] = await Promise.all([checkVpc(wishes), zonesOfAccount(), zonesWithSize(wishes.size)]);
  const [privateSubnets, publicSubnets] = await Promise.all([
    lookUpSubnets(wishes, "privateSubnetIds"),
    lookUpSubnets(wishes, "publicSubnetIds"),
  ]);
  const zones = privateSubnets.found.flatMap(({ key, id, zone }) =>
    zoneProblems({ key, value: show(id) }, zone, wishes.size, known, withSize),
  );
  return {
    vpc: { vpcId: wishes.vpcId, privateSubnets: privateSubnets.found, publicSubnets: publicSubnets.found },
    problems: [...vpcProblems, ...privateSubnets.problems, ...publicSubnets.problems, ...zones],
  };
}

async function checkVpc({ vpcId, serviceCidr }: ExistingVpcWishes): Promise<Problem[]> {
  const found = await answerOf(path("vpcId"), vpcId, () => aws.ec2.getVpc({ id: vpcId }));
  if ("problem" in found) return [found.problem];
  const { enableDnsSupport, enableDnsHostnames, cidrBlock } = found.answer;
  const problems: Problem[] = [];
  if (!enableDnsSupport || !enableDnsHostnames) {
    const off = [...(enableDnsSupport ? [] : ["DNS support"]), ...(enableDnsHostnames ? [] : ["DNS host names"])].join(" and ");
    problems.push({
      key: path("vpcId"),
      value: show(vpcId),
      limit: `${off} must be on in it: without them no node finds the private address of the Kubernetes API.`,
      cure: "Switch them on with `aws ec2 modify-vpc-attribute`.",
    });
  }
  const [vpcRange, services] = [parseCidr(cidrBlock), parseCidr(serviceCidr)];
  if (vpcRange !== undefined && services !== undefined && overlap(vpcRange, services)) {
    problems.push({
      key: "rocketchat:cluster.serviceCidr",
      value: show(serviceCidr),
      limit: `It must not overlap the VPC, which is ${cidrBlock}.`,
      cure: "Choose a range that is free in both.",
    });
  }
  return problems;
}

interface FoundSubnet {
  readonly key: string;
  readonly id: string;
  readonly cidr: string;
  readonly zone: string;
}

async function lookUpSubnets(wishes: ExistingVpcWishes, kind: SubnetKind): Promise<{ found: FoundSubnet[]; problems: Problem[] }> {
  const results = await Promise.all(
    wishes[kind].map(async (id, index) => {
      const key = path(`${kind}[${index}]`);
      const subnet = await answerOf(key, id, () => aws.ec2.getSubnet({ id }));
      if ("problem" in subnet) return { found: [], problems: [subnet.problem] };
      const { vpcId, cidrBlock, availabilityZone } = subnet.answer;
      if (vpcId !== wishes.vpcId) return { found: [], problems: [problem(key, id, `It belongs to ${vpcId}, not to ${wishes.vpcId}.`)] };
      const problems = [...sizeProblems(key, id, cidrBlock, kind), ...(await routeProblems(key, id, wishes.vpcId, kind))];
      return { found: [{ key, id, cidr: cidrBlock, zone: availabilityZone }], problems };
    }),
  );
  const found = results.flatMap((result) => result.found);
  const twice = found.filter(({ zone }, index) => found.findIndex((other) => other.zone === zone) < index);
  return {
    found,
    problems: [
      ...results.flatMap((result) => result.problems),
      ...twice.map(({ key, id, zone }) =>
        problem(key, id, `It lies in ${zone}, as another of the list does: each must have a zone of its own.`),
      ),
    ],
  };
}

function sizeProblems(key: string, id: string, cidr: string, kind: SubnetKind): Problem[] {
  const range = parseCidr(cidr);
  if (range === undefined || range.prefix <= smallest[kind]) return [];
  const use = kind === "privateSubnetIds" ? "nodes, whose pods take blocks of sixteen addresses" : "a load balancer";
  return [problem(key, id, `It is ${cidr}, and must be /${smallest[kind]} or larger for ${use}.`)];
}

/** Where the subnet's default route leads: nodes go out through NAT, and the load balancer is reached through an internet gateway. */
async function routeProblems(key: string, id: string, vpcId: string, kind: SubnetKind): Promise<Problem[]> {
  const routes = await defaultRoute(id, vpcId);
  const isPublic = routes?.gatewayId.startsWith("igw-") ?? false;
  if (kind === "publicSubnetIds")
    return isPublic ? [] : [problem(key, id, "It must have a default route to an internet gateway: nobody would reach the load balancer.")];
  if (routes === undefined)
    return [problem(key, id, "It must have a default route to a NAT gateway or the like: no node would reach AWS or a registry.")];
  return isPublic
    ? [problem(key, id, "Its default route leads to an internet gateway, and nodes have no public address: they would reach nothing.")]
    : [];
}

async function defaultRoute(subnetId: string, vpcId: string): Promise<{ readonly gatewayId: string } | undefined> {
  const byMain = { vpcId, filters: [{ name: "association.main", values: ["true"] }] };
  // A subnet that is associated with no table has the VPC's main one.
  const { routes } = await aws.ec2.getRouteTable({ subnetId }).catch(() => aws.ec2.getRouteTable(byMain));
  return routes.find(({ cidrBlock }) => cidrBlock === "0.0.0.0/0");
}

function problem(key: string, id: string, limit: string): Problem {
  return { key, value: show(id), limit, cure: "Name another subnet, or have this one changed." };
}

/** Whatever is looked up is missed for the same reasons. */
const place = "account and region";
const cure = "Correct the id, or use the account and region that hold it.";
const answerOf = <T>(key: string, id: string, ask: () => Promise<T>) => lookUp({ key, id, cloud: "AWS", place, cure }, ask);
