import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { awsNetwork, logsKeyArn, newVpc, region, tagged } from "../../support/aws";
import { contents, json, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const zones = ["a", "b", "c"] as const;
const each = (name: (zone: string) => string): string[] => zones.map(name);

for (const preview of [true, false]) {
  /** What a preview cannot know yet. */
  const later = (value: unknown): unknown => (preview ? unknownText : value);

  describe(`the network on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsNetwork(), { preview });
    });

    it("is one VPC over three zones, and nothing else", () => {
      expect(contents(graph, "network")).to.deep.equal({
        "aws:cloudwatch/logGroup:LogGroup": ["network-flow-logs"],
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ["network-default-sg"],
        "aws:ec2/eip:Eip": each((zone) => `network-nat-${zone}-eip`),
        "aws:ec2/flowLog:FlowLog": ["network-flow-log"],
        "aws:ec2/internetGateway:InternetGateway": ["network-igw"],
        "aws:ec2/natGateway:NatGateway": each((zone) => `network-nat-${zone}`),
        "aws:ec2/route:Route": [...each((zone) => `network-private-${zone}-route`), "network-public-route"],
        "aws:ec2/routeTable:RouteTable": [...each((zone) => `network-private-${zone}-rt`), "network-public-rt"],
        "aws:ec2/routeTableAssociation:RouteTableAssociation": [
          ...each((zone) => `network-private-${zone}-rta`),
          ...each((zone) => `network-public-${zone}-rta`),
        ],
        "aws:ec2/subnet:Subnet": [...each((zone) => `network-private-${zone}`), ...each((zone) => `network-public-${zone}`)],
        "aws:ec2/vpc:Vpc": ["network-vpc"],
        "aws:ec2/vpcEndpoint:VpcEndpoint": ["network-s3-endpoint"],
        "aws:iam/role:Role": ["network-flow-logs-role"],
        "aws:iam/rolePolicy:RolePolicy": ["network-flow-logs-policy"],
      });
    });

    it("has 10.0.0.0/16, and names for its hosts, or no node would find the private API server", () => {
      expect(named(graph, "network-vpc").inputs).to.deep.equal({
        cidrBlock: "10.0.0.0/16",
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: tagged("network-vpc"),
      });
    });

    const planned = {
      private: { role: "internal-elb", cidrs: ["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19"] },
      public: { role: "elb", cidrs: ["10.0.128.0/20", "10.0.144.0/20", "10.0.160.0/20"] },
    } as const;
    for (const kind of ["private", "public"] as const) {
      it(`has a ${kind} subnet in each zone, tagged for the load balancer, that gives nothing a public address by itself`, () => {
        zones.forEach((zone, index) => {
          const subnet = named(graph, `network-${kind}-${zone}`);
          expect(subnet.inputs, zone).to.deep.equal({
            vpcId: subnet.inputs["vpcId"],
            cidrBlock: planned[kind].cidrs[index],
            availabilityZone: `${region}${zone}`,
            mapPublicIpOnLaunch: false,
            tags: { ...tagged(`network-${kind}-${zone}`), [`kubernetes.io/role/${planned[kind].role}`]: "1" },
          });
          expect(waitedFor(graph, subnet), zone).to.deep.equal(["network-vpc"]);
        });
      });
    }

    it("leads the public subnets to the internet gateway by one route table", () => {
      const route = named(graph, "network-public-route");
      expect(route.inputs).to.include({ destinationCidrBlock: "0.0.0.0/0" });
      expect(route.inputs).to.have.property("gatewayId");
      expect(waitedFor(graph, route)).to.deep.equal(["network-igw", "network-public-rt"]);
      expect(waitedFor(graph, named(graph, "network-igw"))).to.deep.equal(["network-vpc"]);
      for (const zone of zones) {
        const association = named(graph, `network-public-${zone}-rta`);
        expect(waitedFor(graph, association), zone).to.deep.equal([`network-public-${zone}`, "network-public-rt"]);
      }
    });

    it("has a NAT gateway in each zone's public subnet, made once that subnet reaches the internet", () => {
      for (const zone of zones) {
        const gateway = named(graph, `network-nat-${zone}`);
        expect(gateway.inputs, zone).to.include({ connectivityType: "public" });
        expect(gateway.inputs, zone).to.have.all.keys("subnetId", "allocationId", "connectivityType", "tags");
        expect(waitedFor(graph, gateway), zone).to.deep.equal([
          `network-nat-${zone}-eip`,
          `network-public-${zone}`,
          `network-public-${zone}-rta`,
          "network-public-route",
        ]);
      }
    });

    it("leads each private subnet by a route table of its own to the NAT gateway of its own zone", () => {
      for (const zone of zones) {
        const route = named(graph, `network-private-${zone}-route`);
        expect(route.inputs, zone).to.include({ destinationCidrBlock: "0.0.0.0/0" });
        expect(route.inputs, zone).to.have.all.keys("routeTableId", "destinationCidrBlock", "natGatewayId");
        expect(waitedFor(graph, route), zone).to.deep.equal([`network-nat-${zone}`, `network-private-${zone}-rt`]);
        const association = named(graph, `network-private-${zone}-rta`);
        expect(waitedFor(graph, association), zone).to.deep.equal([`network-private-${zone}`, `network-private-${zone}-rt`]);
      }
    });

    it("keeps traffic to S3 off the NAT gateways: a free endpoint in every route table", () => {
      const endpoint = named(graph, "network-s3-endpoint");
      expect(endpoint.inputs).to.include({ vpcEndpointType: "Gateway", serviceName: `com.amazonaws.${region}.s3` });
      expect(endpoint.inputs["routeTableIds"]).to.have.lengthOf(4);
      expect(waitedFor(graph, endpoint)).to.deep.equal([
        ...each((zone) => `network-private-${zone}-rt`),
        "network-public-rt",
        "network-vpc",
      ]);
    });

    it("empties the default security group: it has no rule, in either direction", () => {
      const group = named(graph, "network-default-sg");
      expect(group.inputs).to.have.all.keys("vpcId", "tags");
      expect(waitedFor(graph, group)).to.deep.equal(["network-vpc"]);
    });

    it("logs all traffic, encrypted, for as long as it was told", () => {
      const group = named(graph, "network-flow-logs");
      expect(group.inputs).to.deep.equal({ retentionInDays: 90, kmsKeyId: logsKeyArn, tags: tagged("network-flow-logs") });
      const log = named(graph, "network-flow-log");
      expect(log.inputs).to.deep.equal({
        vpcId: log.inputs["vpcId"],
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: later(group.outputs["arn"]),
        iamRoleArn: later(named(graph, "network-flow-logs-role").outputs["arn"]),
        maxAggregationInterval: 600,
        tags: tagged("network-flow-log"),
      });
      expect(waitsFor(graph, log, named(graph, "network-flow-logs-policy")), "it may write before it does").to.equal(true);
    });

    it("hands out its subnets in the order of the zones, and their ranges", () => {
      const { outputs } = named(graph, "network");
      expect(outputs).to.have.all.keys("vpcId", "publicSubnetIds", "nodeSubnetIds", "nodeCidrs", "ingressCidrs", "natGatewayIds");
      expect(outputs["nodeCidrs"]).to.deep.equal(planned.private.cidrs);
      expect(outputs["ingressCidrs"]).to.deep.equal(planned.public.cidrs);
    });
  });
}

describe("the network on AWS", () => {
  it("lets the flow logs' role write to their own log group, and the service alone assume it", async () => {
    const graph = await simulateComponent(() => awsNetwork());
    expect(json(named(graph, "network-flow-logs-role").inputs["assumeRolePolicy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "FlowLogsOfThisAccount",
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "999999999999" },
            ArnLike: { "aws:SourceArn": `arn:aws:ec2:${region}:999999999999:vpc-flow-log/*` },
          },
        },
      ],
    });
    expect(json(named(graph, "network-flow-logs-policy").inputs["policy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteFlowLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: `${String(named(graph, "network-flow-logs").outputs["arn"])}:*`,
        },
      ],
    });
  });

  it("sends all private subnets through one NAT gateway where that was chosen", async () => {
    const graph = await simulateComponent(() => awsNetwork({ vpc: newVpc({ natGateways: "single" }) }));
    expect(ofType(graph, "aws:ec2/natGateway:NatGateway").map(({ name }) => name)).to.deep.equal(["network-nat-a"]);
    expect(ofType(graph, "aws:ec2/eip:Eip").map(({ name }) => name)).to.deep.equal(["network-nat-a-eip"]);
    for (const zone of zones) {
      const route = named(graph, `network-private-${zone}-route`);
      expect(waitedFor(graph, route), zone).to.deep.equal(["network-nat-a", `network-private-${zone}-rt`]);
    }
  });

  it("lies in the zones that the configuration names, in their order", async () => {
    const chosen = ["eu-central-1c", "eu-central-1a"];
    const graph = await simulateComponent(() => awsNetwork({ vpc: newVpc({ zones: chosen }) }));
    for (const kind of ["private", "public"]) {
      const subnets = ofType(graph, "aws:ec2/subnet:Subnet").filter(({ name }) => name.startsWith(`network-${kind}`));
      expect(subnets.map(({ inputs }) => inputs["availabilityZone"])).to.deep.equal(chosen);
    }
  });

  it("changes nothing of the zones it has when it is given a fourth", async () => {
    const letters = ["a", "b", "c", "d"].map((letter) => `${region}${letter}`);
    const three = await simulateComponent(() => awsNetwork({ vpc: newVpc({ zones: letters.slice(0, 3) }) }));
    const four = await simulateComponent(() => awsNetwork({ vpc: newVpc({ zones: letters }) }));
    const added = four.resources.filter(({ urn }) => !three.resources.some((old) => old.urn === urn)).map(({ name }) => name);
    expect(added.sort()).to.deep.equal([
      "network-nat-d",
      "network-nat-d-eip",
      "network-private-d",
      "network-private-d-route",
      "network-private-d-rt",
      "network-private-d-rta",
      "network-public-d",
      "network-public-d-rta",
    ]);
    const changed = three.resources.filter(({ name, inputs }) => JSON.stringify(named(four, name).inputs) !== JSON.stringify(inputs));
    expect(
      changed.map(({ name }) => name),
      "the endpoint is told of one more route table",
    ).to.deep.equal(["network-s3-endpoint"]);
    const tables = (graph: ResourceGraph): unknown => named(graph, "network-s3-endpoint").inputs["routeTableIds"];
    expect(tables(four)).to.include.members(tables(three) as string[]);
  });

  it("refuses to lose or replace VPC and subnets, unless the configuration lets the stack go", async () => {
    const holding = (graph: ResourceGraph): string[] => graph.resources.filter(({ protect }) => protect).map(({ name }) => name);
    const subnets = ["private", "public"].flatMap((kind) => each((zone) => `network-${kind}-${zone}`));
    expect(holding(await simulateComponent(() => awsNetwork())).sort()).to.deep.equal([...subnets, "network-vpc"].sort());
    expect(holding(await simulateComponent(() => awsNetwork({ protect: false })))).to.deep.equal([]);
  });

  it("leaves its subnets where they are when the account offers other zones, and follows the configuration's", async () => {
    for (const zonesWereChosen of [true, false]) {
      const graph = await simulateComponent(() => awsNetwork({ vpc: newVpc({ zonesWereChosen }) }));
      for (const subnet of ofType(graph, "aws:ec2/subnet:Subnet")) {
        expect(subnet.ignoreChanges, subnet.name).to.deep.equal(zonesWereChosen ? ["availabilityZone"] : []);
      }
    }
  });

  it("takes a VPC that exists as it is: nothing is made, and everything is handed on", async () => {
    const subnet = (id: string, cidr: string): { id: string; cidr: string } => ({ id, cidr });
    const use = {
      vpcId: "vpc-0e000000000000001",
      privateSubnets: [subnet("subnet-1", "10.8.0.0/20"), subnet("subnet-2", "10.8.16.0/20")],
      publicSubnets: [subnet("subnet-3", "10.8.128.0/24"), subnet("subnet-4", "10.8.129.0/24")],
    };
    const graph = await simulateComponent(() => awsNetwork({ vpc: { use } }), { preview: true });
    expect(contents(graph, "network")).to.deep.equal({});
    expect(named(graph, "network").outputs).to.deep.equal({
      vpcId: use.vpcId,
      publicSubnetIds: ["subnet-3", "subnet-4"],
      nodeSubnetIds: ["subnet-1", "subnet-2"],
      nodeCidrs: ["10.8.0.0/20", "10.8.16.0/20"],
      ingressCidrs: ["10.8.128.0/24", "10.8.129.0/24"],
      natGatewayIds: [],
    });
  });
});
