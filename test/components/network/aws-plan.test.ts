import { expect } from "chai";

import type { AwsNetworkArgs } from "../../../components/network/aws";
import { planVpc, type VpcWishes } from "../../../components/network/aws-plan";
import { errorOf, simulateComponent } from "../../support/simulated";

const wishes = { size: "t3.medium", serviceCidr: "172.20.0.0/16" };
const create = { cidr: "10.0.0.0/16", natGateways: "per-zone", flowLogRetentionDays: 90 } as const;

/** What the account answers to a wish. */
async function planned(change: Partial<VpcWishes>, region = "us-east-1"): Promise<AwsNetworkArgs["vpc"]> {
  const plans: AwsNetworkArgs["vpc"][] = [];
  await simulateComponent(async () => void plans.push(await planVpc({ ...wishes, ...change })), { region });
  const [plan] = plans;
  if (plan === undefined) throw new Error("nothing was planned");
  return plan;
}

/** What it says that it cannot give: the problem behind each line of the message. */
async function refusal(change: Partial<VpcWishes>, region = "us-east-1"): Promise<string> {
  const error = await errorOf(simulateComponent(() => planVpc({ ...wishes, ...change }), { region }));
  expect(error.name).to.equal("ConfigurationError");
  return error.message;
}

describe("the zones of a new VPC", () => {
  it("are the account's first three in which EKS places a control plane", async () => {
    expect(await planned({ create })).to.deep.equal({
      create: { ...create, zones: ["us-east-1a", "us-east-1b", "us-east-1c"], zonesWereChosen: true },
    });
  });

  it("are those of the configuration, in its order", async () => {
    const zones = ["us-east-1c", "us-east-1a"];
    expect(await planned({ create: { ...create, zones } })).to.deep.equal({ create: { ...create, zones, zonesWereChosen: false } });
  });

  it("must exist, hold a control plane and have machines of the nodes' size: all that fails is said at once", async () => {
    const message = await refusal({ create: { ...create, zones: ["us-east-1x", "us-east-1d", "us-east-1c"] }, size: "t2.small" });
    expect(message).to.equal(`The configuration of stack test has 3 problems; nothing was created.

  rocketchat:network.create.zones[0] is "us-east-1x"
    There is no zone us-east-1x for this account; it has us-east-1a, us-east-1b, us-east-1c, us-east-1d.
    Name one of these.

  rocketchat:network.create.zones[1] is "us-east-1d"
    In this account us-east-1d is use1-az3, where EKS places no control plane.
    Name another.

  rocketchat:network.create.zones[2] is "us-east-1c"
    EC2 has no t2.small, the size of the nodes, in us-east-1c.
    Name another, or choose another rocketchat:cluster.nodes.size.
`);
  });

  it("must be three where none are named: what the region has is said", async () => {
    expect(await refusal({ create }, "us-west-1")).to.contain(
      "rocketchat:network.create.zones is missing\n    The network spans 3 zones, and this account has 1 in which EKS places a control plane and EC2 has t3.medium: us-west-1a.",
    );
    expect(await refusal({ create, size: "t2.small" })).to.contain(
      "this account has 1 in which EKS places a control plane and EC2 has t2.small",
    );
  });
});

describe("a VPC that exists", () => {
  const subnets = (list: number, ...letters: string[]): string[] => letters.map((letter) => `subnet-0e0000000000000${list}${letter}`);
  const use = { vpcId: "vpc-0e000000000000001", privateSubnetIds: subnets(1, "a", "b", "c"), publicSubnetIds: subnets(2, "a", "b", "c") };

  it("is looked up with its subnets and their ranges", async () => {
    const plan = await planned({ use });
    if (!("use" in plan)) throw new Error("it is to be used, not made");
    const pairs = (list: readonly { id: string; cidr: string }[]): string[] => list.map(({ id, cidr }) => `${id} ${cidr}`);
    expect(plan.use.vpcId).to.equal(use.vpcId);
    expect(pairs(plan.use.privateSubnets)).to.deep.equal([
      "subnet-0e00000000000001a 10.8.0.0/20",
      "subnet-0e00000000000001b 10.8.16.0/20",
      "subnet-0e00000000000001c 10.8.32.0/20",
    ]);
    // The last has no route table of its own, so the VPC's main one counts.
    expect(pairs(plan.use.publicSubnets)).to.deep.equal([
      "subnet-0e00000000000002a 10.8.128.0/24",
      "subnet-0e00000000000002b 10.8.129.0/24",
      "subnet-0e00000000000002c 10.8.130.0/24",
    ]);
  });

  it("must have names for its hosts, and no address in common with the Services", async () => {
    const careless = { ...use, vpcId: "vpc-0e000000000000002" };
    const message = await refusal({ use: careless });
    expect(message).to.contain(
      'rocketchat:network.use.vpcId is "vpc-0e000000000000002"\n    DNS host names must be on in it: without them no node finds the private address of the Kubernetes API.',
    );
    expect(message).to.contain(
      'rocketchat:cluster.serviceCidr is "172.20.0.0/16"\n    It must not overlap the VPC, which is 172.16.0.0/12.\n    Choose a range that is free in both.',
    );
    expect(message).to.contain(
      'rocketchat:network.use.privateSubnetIds[0] is "subnet-0e00000000000001a"\n    It belongs to vpc-0e000000000000001, not to vpc-0e000000000000002.',
    );
  });

  it("must exist, and so must its subnets: AWS's own words are shown", async () => {
    const message = await refusal({ use: { ...use, vpcId: "vpc-0123456789abcdef0", privateSubnetIds: ["subnet-0123456789abcdef0"] } });
    expect(message).to.match(
      /network\.use\.vpcId is "vpc-0123456789abcdef0"\n {4}It must exist in the account and region of the stack; AWS says: .*no matching EC2 VPC/,
    );
    expect(message).to.match(
      /network\.use\.privateSubnetIds\[0\] is "subnet-0123456789abcdef0"\n {4}It must exist .*no matching EC2 Subnet/,
    );
  });

  it("must have private subnets with a way out, public ones with a way in, one of each to a zone, large enough", async () => {
    const message = await refusal({
      use: {
        vpcId: "vpc-0e000000000000002",
        privateSubnetIds: subnets(3, "a", "b", "c"),
        publicSubnetIds: subnets(4, "a"),
      },
    });
    const said = (subnet: string): string[] =>
      message.split("\n\n").flatMap((problem) => (problem.includes(`"${subnet}"`) ? [problem.split("\n")[1]?.trim() ?? ""] : []));
    expect(said("subnet-0e00000000000003a")).to.deep.equal([
      "Its default route leads to an internet gateway, and nodes have no public address: they would reach nothing.",
    ]);
    expect(said("subnet-0e00000000000003b")).to.deep.equal([
      "It is 172.16.16.0/26, and must be /24 or larger for nodes, whose pods take blocks of sixteen addresses.",
      "It must have a default route to a NAT gateway or the like: no node would reach AWS or a registry.",
      "In this account us-east-1d is use1-az3, where EKS places no control plane.",
    ]);
    expect(said("subnet-0e00000000000003c").slice(0, 1)).to.deep.equal([
      "It lies in us-east-1d, as another of the list does: each must have a zone of its own.",
    ]);
    expect(said("subnet-0e00000000000004a")).to.deep.equal([
      "It is 172.16.128.0/28, and must be /27 or larger for a load balancer.",
      "It must have a default route to an internet gateway: nobody would reach the load balancer.",
    ]);
  });
});
