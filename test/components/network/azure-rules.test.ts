import { expect } from "chai";
import * as fc from "fast-check";

import { apiServerRules, gatewayRules, nodeRules, type SecurityRule } from "../../../components/network/azure-rules";

const cidr = fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`);
const ranges = fc.record({
  nodes: cidr,
  pods: cidr,
  gateway: cidr,
  apiServer: cidr,
  operators: fc.array(cidr, { minLength: 1, maxLength: 6 }),
  users: fc.array(cidr, { minLength: 1, maxLength: 6 }),
  trafficManager: fc.boolean(),
  publishedPort: fc.integer({ min: 1, max: 65_535 }),
});

const groups = {
  gateway: gatewayRules,
  nodes: nodeRules,
  "API server": apiServerRules,
} as const;

const everythingElse: SecurityRule = {
  name: "deny-everything-else",
  access: "Deny",
  direction: "Inbound",
  priority: 4096,
  protocol: "*",
  sourcePortRange: "*",
  sourceAddressPrefix: "*",
  destinationAddressPrefix: "*",
  destinationPortRange: "*",
};

const allow = { access: "Allow", direction: "Inbound", sourcePortRange: "*" } as const;

const example = {
  nodes: "10.0.1.0/24",
  pods: "10.244.0.0/16",
  gateway: "10.0.2.0/24",
  apiServer: "10.0.3.0/28",
  operators: ["198.18.0.0/24", "198.19.0.1/32"],
  users: ["0.0.0.0/0"],
  trafficManager: false,
  publishedPort: 3000,
};

describe("the security rules of an Azure subnet", () => {
  for (const [what, rules] of Object.entries(groups)) {
    it(`have names and priorities of their own: ${what}`, () => {
      fc.assert(
        fc.property(ranges, (given) => {
          const all = rules(given);
          expect(new Set(all.map(({ name }) => name)).size).to.equal(all.length);
          expect(new Set(all.map(({ priority }) => priority)).size).to.equal(all.length);
        }),
      );
    });

    it(`come in the order of their priority, within Azure's limits, and deny last: ${what}`, () => {
      fc.assert(
        fc.property(ranges, (given) => {
          const all = rules(given);
          const priorities = all.map(({ priority }) => priority);
          expect(priorities).to.deep.equal(priorities.toSorted((a, b) => a - b));
          expect(Math.min(...priorities)).to.be.at.least(100);
          expect(all.at(-1)).to.deep.equal(everythingElse);
          expect(all.slice(0, -1).every(({ access, direction }) => access === "Allow" && direction === "Inbound")).to.equal(true);
        }),
      );
    });

    it(`say each thing one way, a single value or a list, as Azure demands: ${what}`, () => {
      fc.assert(
        fc.property(ranges, (given) => {
          for (const rule of rules(given)) {
            expect(rule.name).to.match(/^[a-z][a-z-]{0,78}[a-z]$/);
            expect((rule.sourceAddressPrefix === undefined) !== (rule.sourceAddressPrefixes === undefined)).to.equal(true);
            expect((rule.destinationPortRange === undefined) !== (rule.destinationPortRanges === undefined)).to.equal(true);
            expect(rule.destinationAddressPrefix).to.be.a("string");
          }
        }),
      );
    });

    it(`let Azure's own probes in: ${what}`, () => {
      expect(rules(example).filter(({ sourceAddressPrefix }) => sourceAddressPrefix === "AzureLoadBalancer")).to.have.length(1);
    });
  }

  it("let users and Azure's gateway manager to the gateway, on the ports that Azure demands, and nobody else", () => {
    expect(gatewayRules(example)).to.deep.equal([
      {
        ...allow,
        name: "users",
        priority: 100,
        protocol: "Tcp",
        sourceAddressPrefix: "Internet",
        destinationAddressPrefix: "10.0.2.0/24",
        destinationPortRanges: ["80", "443"],
      },
      {
        ...allow,
        name: "gateway-manager",
        priority: 110,
        protocol: "Tcp",
        sourceAddressPrefix: "GatewayManager",
        destinationAddressPrefix: "*",
        destinationPortRange: "65200-65535",
      },
      {
        ...allow,
        name: "azure-load-balancer",
        priority: 120,
        protocol: "*",
        sourceAddressPrefix: "AzureLoadBalancer",
        destinationAddressPrefix: "*",
        destinationPortRange: "*",
      },
      everythingElse,
    ]);
  });

  it("let only the configured users in where there are some, and Traffic Manager beside them where it asks", () => {
    const users = ["198.18.0.0/24", "198.19.0.1/32"];
    const sources = (given: { users: string[]; trafficManager: boolean }): unknown[] =>
      gatewayRules({ ...example, ...given }).map(({ name, sourceAddressPrefix, sourceAddressPrefixes }) => [
        name,
        sourceAddressPrefixes ?? sourceAddressPrefix,
      ]);
    expect(sources({ users, trafficManager: false }).slice(0, 2)).to.deep.equal([
      ["users", users],
      ["gateway-manager", "GatewayManager"],
    ]);
    expect(sources({ users, trafficManager: true }).slice(0, 3)).to.deep.equal([
      ["users", users],
      ["traffic-manager", "AzureTrafficManager"],
      ["gateway-manager", "GatewayManager"],
    ]);
    expect(sources({ users: ["0.0.0.0/0"], trafficManager: true }).slice(0, 2), "probes are everyone's").to.deep.equal([
      ["users", "Internet"],
      ["gateway-manager", "GatewayManager"],
    ]);
  });

  it("let nodes and pods talk among themselves, and gateway and API server to them", () => {
    const rules = nodeRules(example);
    expect(
      rules.map(({ name, sourceAddressPrefix, sourceAddressPrefixes }) => [name, sourceAddressPrefixes ?? sourceAddressPrefix]),
    ).to.deep.equal([
      ["nodes-and-pods", ["10.0.1.0/24", "10.244.0.0/16"]],
      ["gateway", "10.0.2.0/24"],
      ["api-server", "10.0.3.0/28"],
      ["azure-load-balancer", "AzureLoadBalancer"],
      ["deny-everything-else", "*"],
    ]);
    expect(rules.some(({ sourceAddressPrefix }) => sourceAddressPrefix === "Internet")).to.equal(false);
    expect(rules[1], "the gateway on the chat's port alone").to.include({ destinationPortRange: "3000" });
  });

  it("let nodes and the operators' own ranges to the API server, and nobody else", () => {
    fc.assert(
      fc.property(ranges, (given) => {
        const [nodes, operators, balancer, ...rest] = apiServerRules(given);
        expect(nodes).to.deep.include({
          sourceAddressPrefix: given.nodes,
          destinationAddressPrefix: given.apiServer,
          destinationPortRanges: ["443", "4443"],
        });
        expect(operators).to.deep.include({ sourceAddressPrefixes: given.operators, destinationPortRange: "443" });
        expect(balancer).to.deep.include({ sourceAddressPrefix: "AzureLoadBalancer", destinationPortRange: "9988" });
        expect(rest).to.deep.equal([everythingElse]);
      }),
    );
  });

  it("keep a list of their own: what is done to the ranges afterwards changes no rule", () => {
    const operators = ["198.18.0.0/24"];
    const rules = apiServerRules({ ...example, operators });
    operators.push("0.0.0.0/0");
    expect(rules[1]?.sourceAddressPrefixes).to.deep.equal(["198.18.0.0/24"]);
  });
});
