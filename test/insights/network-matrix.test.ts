import { expect } from "chai";

import { networkMatrix } from "../../insights/network-matrix";
import type { GraphResource, ResourceGraph } from "../../simulator/graph";
import { simulateStack } from "../support/simulated";

const isPolicy = ({ type }: GraphResource): boolean => /NetworkPolicy$/.test(type);

/** The rows of a namespace's table, as cells. */
function rowsOf(matrix: string, namespace: string): string[][] {
  const [, section = ""] = matrix.split(`### In \`${namespace}\``);
  const [table = ""] = section.split("###");
  const lines = table.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("who may speak to whom", function () {
  this.timeout(20_000);
  let aws: ResourceGraph;
  let azure: ResourceGraph;
  before(async () => {
    aws = (await simulateStack("aws-prod")).graph;
    azure = (await simulateStack("azure-prod")).graph;
  });

  it("has a table for each namespace with policies, and says of every flow who, whom, where and what for", () => {
    const matrix = networkMatrix(aws, azure);
    expect([...matrix.matchAll(/^### In `(.*)`$/gm)].map(([, name]) => name)).to.deep.equal(["cert-manager", "rocketchat"]);
    const rows = [...rowsOf(matrix, "cert-manager"), ...rowsOf(matrix, "rocketchat")];
    for (const row of rows) {
      expect(row).to.have.lengthOf(4);
      for (const cell of row) expect(cell, row.join(" | ")).to.match(/^(?!.*(undefined|\[unknown\]|\[object)).+$/);
    }
    // One row for both ends of a flow.
    const flows = aws.resources
      .filter((resource) => isPolicy(resource) && !resource.name.endsWith("-default-deny"))
      .map(({ name }) => name.replace(/-(in|e)gress$/, ""));
    expect(rows).to.have.lengthOf(new Set(flows).size);
  });

  it("says once what is the same on both clouds, and for each what is not", () => {
    const rows = rowsOf(networkMatrix(aws, azure), "rocketchat");
    expect(rows).to.deep.include(["rocketchat", "percona-server-mongodb", "27017", "everything that is written"]);
    expect(rows).to.deep.include(["prometheus in `monitoring`", "percona-server-mongodb", "9216", "metrics"]);
    expect(rows).to.deep.include([
      "psmdb-operator",
      "AWS: 172.20.0.1/32; Azure: 10.0.3.0/28, API server",
      "443",
      "what the database shall be",
    ]);
    expect(rows).to.deep.include(["rocketchat", "169.254.170.23/32", "80", "credentials for uploads (AWS only)"]);
    const webhook = "AWS: 10.0.0.0/19, 10.0.32.0/19, 10.0.64.0/19, 10.0.128.0/20, 10.0.144.0/20, 10.0.160.0/20; ";
    expect(rowsOf(networkMatrix(aws, azure), "cert-manager")).to.deep.include([
      `${webhook}Azure: konnectivity-agent in \`kube-system\`, 10.0.3.0/28, every node`,
      "webhook",
      "10250",
      "checks of certificates and issuers",
    ]);
  });

  it("is read out of the objects: a policy that is gone is a row that is gone", () => {
    const without = { ...aws, resources: aws.resources.filter(({ name }) => name !== "chat-load-balancer-to-app-ingress") };
    const people = ({ resources, ...rest }: ResourceGraph) =>
      rowsOf(networkMatrix({ ...rest, resources }, azure), "rocketchat").filter((row) => row[3]?.startsWith("people"));
    expect(people(aws)).to.deep.equal([
      ["AWS: 10.0.128.0/20, 10.0.144.0/20, 10.0.160.0/20; Azure: 10.0.2.0/24", "rocketchat", "3000", "people"],
    ]);
    expect(people(without)).to.deep.equal([["10.0.2.0/24", "rocketchat", "3000", "people (Azure only)"]]);
  });

  it("says nothing of a namespace in which the rest is not denied", () => {
    const open = { ...aws, resources: aws.resources.filter(({ name }) => name !== "chat-default-deny") };
    expect(() => networkMatrix(open, azure)).to.throw("the namespace rocketchat of aws-prod has policies, and none that denies the rest");
  });
});
