/** The cluster test itself under test: a sound stack passes. */
import { expect } from "chai";
import { skipWithoutTools } from "./needed-tools";
import type { Report } from "./report";
import { judgeStack } from "./run";
import { readRunbooks } from "./runbooks";
import {
  authority,
  connection,
  database,
  databaseNeeds,
  issuer,
  memberCertificate,
  operatorRelease,
  prometheus,
  quota,
  rule,
  serviceMonitor,
  storageClass,
} from "./sample-database";
import {
  chatAutoscaler,
  chatDeployment,
  inOrder,
  namespaceName,
  object,
  resource,
  restrictedNamespace as namespace,
  sampleStack,
} from "./sample-graph";

const RUN_SECONDS = 240;

describe("the cluster test on a sound stack", function () {
  this.timeout(RUN_SECONDS * 1000);
  before(skipWithoutTools);

  let report: Report;

  before(async () => {
    const chat = object(chatDeployment(), [namespace]);
    const disks = object(storageClass);
    const operator = { ...operatorRelease, dependencies: [namespace.urn] };
    const chain = [...authority, issuer, memberCertificate("ssl"), memberCertificate("ssl-internal")];
    const stored = inOrder([namespace, disks, operator], [quota(), ...databaseNeeds, ...chain, database()]);
    report = await judgeStack(
      sampleStack([
        chat,
        namespace,
        disks,
        operator,
        ...stored,
        object(connection(), [namespace]),
        object(chatAutoscaler, [chat]),
        object(prometheus, [namespace, disks]),
        object(serviceMonitor, [namespace]),
        object(rule("sound", "up == 0"), [namespace]),
        resource("kubernetes:helm.sh/v3:Release", "absent", {
          chart: "no-such-chart",
          version: "1.0.0",
          repositoryOpts: { repo: "http://127.0.0.1:9" },
        }),
      ]),
      { runbooks: readRunbooks("docs/runbooks") },
    );
  });

  it("refuses nothing", () => {
    expect(report.of("failed")).to.deep.equal([]);
  });

  it("has the Percona operator make what the database needs, by the names that its clients use", () => {
    const made = report.findings.filter(
      ({ check, subject }) => check === "operator makes it" && subject.startsWith("PerconaServerMongoDB"),
    );
    expect(made.map(({ subject }) => subject.replace(/^.*?: /, ""))).to.deep.equal([
      "StatefulSet rocketchat-db-rs0 of 3 members",
      "StatefulSet rocketchat-db-rs0 of its priority class",
      "StatefulSet rocketchat-db-rs0 as its service account",
      "StatefulSet rocketchat-db-rs0 with volumes of its class",
      "StatefulSet rocketchat-db-rs0 with volumes of its size",
      "StatefulSet rocketchat-db-rs0 with members kept apart",
      "StatefulSet rocketchat-db-rs0 with the arguments of TLS, log-in and encryption",
      "StatefulSet rocketchat-db-rs0 with every container that was asked for",
      "StatefulSet rocketchat-db-rs0 mounting the Secrets that were named",
      "ConfigMap rocketchat-db-rs0-mongod that says what was asked for",
      "Service rocketchat-db-rs0 that gives each member its name",
      "PodDisruptionBudget rocketchat-db-mongod-rs0",
      "Secret rocketchat-db-secrets",
      "Secret rocketchat-db-mongodb-keyfile",
      "Secret rocketchat-db-ssl",
      "Secret internal-rocketchat-db-users",
      "backups by the schedule daily",
    ]);
  });

  it("plays cert-manager with a chain that fits, and the operator leaves it and every key alone", () => {
    for (const [check, count] of [
      ["its certificate is issued", 3],
      ["its certificates fit", 2],
      ["its Secrets stay the program's", 4],
      ["its clients find it", 1],
      ["its operator carries the change out", 2],
    ] as const)
      expect(report.findings.filter((each) => each.check === check && each.outcome === "passed").length, check).to.equal(count);
    expect([...report.played].filter((line) => line.startsWith("cert-manager: ")).length).to.equal(3);
  });

  it("puts a pod of the release's size in the place of a chart that cannot be had", () => {
    expect([...report.played]).to.include(`psmdb-operator: Deployment ${namespaceName}/psmdb-operator, 1, requests 20m 64Mi`);
  });

  it("finds every object of the runbooks accepted", () => {
    const tried = report.findings.filter(({ check }) => check === "what the runbook says is accepted");
    expect(tried.length).to.be.greaterThan(3);
  });

  it("has the Prometheus operator take monitor and rule", () => {
    const taken = report.findings.filter(({ check }) => check === "operator takes it").map(({ subject }) => subject);
    expect(taken).to.have.members([`ServiceMonitor ${namespaceName}/rocketchat`, `PrometheusRule ${namespaceName}/sound`]);
  });

  it("binds application, database and Prometheus at rest, in rollouts and at the maximum", () => {
    for (const check of [
      "runs at rest",
      "rolls out at rest",
      "runs at maximum scale",
      "rolls out at maximum scale",
      "runs after the updates",
    ]) {
      const subjects = report.findings.filter((each) => each.check === check).map(({ subject }) => subject);
      expect(subjects, check).to.have.members([
        `Deployment ${namespaceName}/rocketchat`,
        `Deployment ${namespaceName}/psmdb-operator`,
        `StatefulSet ${namespaceName}/rocketchat-db-rs0`,
        `StatefulSet ${namespaceName}/prometheus-kps`,
      ]);
    }
  });

  it("says by name what it did not judge and what it invented", () => {
    expect(report.of("not judged").map(({ subject }) => subject)).to.have.members([
      "Release absent",
      "Release psmdb-operator",
      `PerconaServerMongoDB ${namespaceName}/rocketchat-db`,
    ]);
    expect(report.standIns.map(({ place }) => place)).to.include(
      `Secret ${namespaceName}-rocketchat-db-secrets stringData.MONGODB_BACKUP_PASSWORD`,
    );
  });
});
