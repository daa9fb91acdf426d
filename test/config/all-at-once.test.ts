import { inspect } from "node:util";

import { expect } from "chai";

import { ConfigurationError } from "../../config";
import { clouds, expectReadable, problemsOf, type Change } from "./cases";

/** A configuration that is wrong in most ways at once, and the keys where each way must be told. */
const wrong: { readonly change: Change; readonly keys: readonly string[] } = {
  change: {
    domain: "chat.example.com",
    secret: "s3cr3t-at-a-wrong-place",
    cluster: { apiServerCidrs: ["nowhere", "203.0.113.0/24"], version: 1.36, serviceCidr: "10.0.0.0/16", nodes: { min: 2, max: 1 } },
    app: {
      replicas: { min: 9, max: 3 },
      licence: { source: "none", key: "s3cr3t-licence" },
      smtp: { host: "smtp.acme.io", port: "25", from: "chat@acme.io", password: "s3cr3t-password" },
    },
    alerts: {},
    "mongodb.storageGiB": 1,
    "observability.logs.retention": 3,
  },
  keys: [
    "rocketchat:domain",
    "rocketchat:secret",
    "rocketchat:cluster.apiServerCidrs[0]",
    "rocketchat:cluster.apiServerCidrs[1]",
    "rocketchat:cluster.version",
    "rocketchat:cluster.serviceCidr",
    "rocketchat:cluster.nodes.min", // above its maximum
    "rocketchat:cluster.nodes.min", // below the members of the database
    "rocketchat:app.replicas.min",
    "rocketchat:app.replicas.max",
    "rocketchat:app.licence.key", // read by nobody
    "rocketchat:app.licence.key", // plain text
    "rocketchat:app.admin",
    "rocketchat:app.smtp.port",
    "rocketchat:app.smtp.username",
    "rocketchat:app.smtp.password",
    "rocketchat:alerts.email",
    "rocketchat:mongodb.storageGiB",
    "rocketchat:observability.logs.retention",
  ],
};

const own = {
  aws: {
    change: { "aws:region": undefined, tls: {}, "network.create.zones": ["us-east-1a", "us-east-1a"] },
    keys: ["aws:region", "rocketchat:tls", "rocketchat:network.create.zones", "rocketchat:network.create.zones"],
  },
  azure: {
    change: {
      "azure-native:location": undefined,
      "network.create.gatewaySubnetCidr": "10.0.1.0/24",
      "network.create.apiServerSubnetCidr": "10.9.0.0/28",
      "cluster.podCidr": "10.0.0.0/8",
      "cluster.systemNodes": { size: "Standard_B2s" },
      access: {},
    },
    keys: [
      "azure-native:location",
      "rocketchat:network.create.gatewaySubnetCidr",
      "rocketchat:network.create.apiServerSubnetCidr",
      "rocketchat:cluster.podCidr",
      "rocketchat:cluster.nodes.max", // fewer than zones
      "rocketchat:cluster.systemNodes.size",
      "rocketchat:access.admins",
    ],
  },
} as const;

describe("many problems", () => {
  for (const cloud of clouds) {
    const problems = () => problemsOf(cloud, { ...wrong.change, ...own[cloud].change });

    it(`are all told at once, each once, on ${cloud}`, () => {
      const found = problems();
      expect(found.map(({ key }) => key)).to.have.members([...wrong.keys, ...own[cloud].keys]);
      expect(new Set(found.map((problem) => JSON.stringify(problem)))).to.have.property("size", found.length);
      found.forEach(expectReadable);
    });

    it(`make one error whose message is the whole story, on ${cloud}`, () => {
      const found = problems();
      const error = new ConfigurationError("prod", found);
      expect(error).to.be.instanceOf(Error);
      expect(error.name).to.equal("ConfigurationError");
      expect(error.problems).to.deep.equal(found);
      expect(error.message).to.include(`The configuration of stack prod has ${found.length} problems; nothing was created.`);
      for (const { key, value, limit, cure } of found) {
        const head = `  ${key}${value === undefined ? " is missing" : ` is ${value}`}`;
        expect(error.message).to.include(`${head}\n    ${limit}\n    ${cure}\n`);
      }
    });

    it(`show neither a stack trace nor a secret, however the error is printed, on ${cloud}`, () => {
      const error = new ConfigurationError("prod", problems());
      for (const text of [error.message, error.stack, String(error), inspect(error, { depth: 9 })]) {
        expect(text).to.be.a("string").that.includes("rocketchat:alerts.email");
        expect(text).to.not.match(/\n {4}at |node_modules|\.ts:\d/);
        expect(text).to.not.include("s3cr3t");
      }
    });
  }

  it("are counted as people count: one is 1 problem", () => {
    const error = new ConfigurationError("prod", problemsOf("aws", { domain: undefined }));
    expect(error.message).to.match(
      /^The configuration of stack prod has 1 problem; nothing was created\.\n\n {2}rocketchat:domain is missing\n/,
    );
  });

  it("do not hide a contradiction behind a bad or missing neighbour", () => {
    for (const cluster of [{}, { apiServerCidrs: [] }, { apiServerCidrs: ["x"] }, { apiServerCidrs: ["198.18.0.0/24"], version: 1 }]) {
      const keys = problemsOf("azure", { cluster: { ...cluster, nodes: { min: 6 } } }).map(({ key }) => key);
      expect(keys).to.have.length(2).and.include("rocketchat:cluster.nodes.min");
    }
  });

  it("are not invented from the default of a bad value", () => {
    // By default there are 3 to 4 nodes: 3 is above 2, and 6 is above 4.
    const bad = {
      min: problemsOf("aws", { "cluster.nodes": { min: "two", max: 2 }, "app.replicas": { min: 1, max: 2 } }),
      max: problemsOf("azure", { "cluster.nodes": { min: 6, max: "six" } }),
    };
    expect(bad.min.map(({ key }) => key)).to.deep.equal(["rocketchat:cluster.nodes.min"]);
    expect(bad.max.map(({ key }) => key)).to.deep.equal(["rocketchat:cluster.nodes.max"]);
  });
});
