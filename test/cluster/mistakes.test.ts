/** The cluster test itself under test: each known mistake makes the check fail that is there for it. */
import { expect } from "chai";
import { skipWithoutTools } from "./needed-tools";
import type { Finding, Report } from "./report";
import { judgeStack } from "./run";
import { namespaceName } from "./sample-graph";
import { mistakes } from "./sample-mistakes";

const RUN_SECONDS = 240;

/** The one finding of a check about a subject. */
function finding(report: Report, check: string, subject: string): Finding | undefined {
  return report.findings.find((each) => each.check === check && each.subject.startsWith(subject));
}

function expectFailure(report: Report, check: string, subject: string, words: RegExp): void {
  const found = finding(report, check, subject);
  expect(found?.outcome, `${check}: ${subject}`).to.equal("failed");
  expect(found?.words).to.match(words);
}

describe("the cluster test on a stack of mistakes", function () {
  this.timeout(RUN_SECONDS * 1000);
  before(skipWithoutTools);

  let report: Report;

  before(async () => {
    const { stack, ...others } = mistakes();
    report = await judgeStack(stack, others);
  });

  it("refuses an unknown field", () => {
    expectFailure(report, "accepted", `ConfigMap ${namespaceName}/misspelt`, /field not declared in schema|unknown field/);
  });

  it("finds an object that does not wait for its namespace", () => {
    expectFailure(report, "after its namespace", `ConfigMap ${namespaceName}/early`, /not found/);
    expect(finding(report, "accepted", `ConfigMap ${namespaceName}/early`)?.outcome).to.equal("passed");
  });

  it("refuses a pod template that breaks Pod Security", () => {
    expectFailure(report, "its pods are admitted", `Deployment ${namespaceName}/privileged`, /violates PodSecurity "restricted/);
    expectFailure(report, "runs at rest", `Deployment ${namespaceName}/privileged`, /violates PodSecurity "restricted/);
  });

  it("refuses a database whose members break Pod Security, although its resource is accepted", () => {
    expect(finding(report, "accepted", "PerconaServerMongoDB")?.outcome).to.equal("passed");
    expectFailure(report, "runs at rest", `StatefulSet ${namespaceName}/rocketchat-db-rs0`, /violates PodSecurity "restricted/);
  });

  it("finds a pod that no node can hold, after all pools have grown", () => {
    expectFailure(report, "runs at rest", `Deployment ${namespaceName}/huge`, /0\/6 nodes are available: .*Insufficient memory/);
  });

  it("finds a reference to a Secret that nobody makes", () => {
    expectFailure(report, "what it refers to exists", `Deployment ${namespaceName}/dangling`, /Secret nobodys/);
  });

  it("finds an autoscaler without a target", () => {
    expectFailure(report, "scales to its maximum", `HorizontalPodAutoscaler ${namespaceName}/aimless`, /"nobody" not found/);
  });

  it("finds a Deployment that fights its autoscaler over the replicas", () => {
    expectFailure(report, "updates without a rejection", `Deployment ${namespaceName}/stated`, /conflict.*spec\.replicas/);
  });

  it("refuses the change of an immutable field", () => {
    const failed = report
      .of("failed")
      .filter(({ check, subject }) => check === "updates without a rejection" && subject === `Deployment ${namespaceName}/selected`);
    expect(failed.map(({ words }) => words).join()).to.match(/field is immutable/);
  });

  it("refuses a rule that does not parse", () => {
    expectFailure(report, "operator takes it", `PrometheusRule ${namespaceName}/unparsable`, /unclosed left parenthesis/);
  });

  it("refuses a Certificate that names no Secret", () => {
    expectFailure(report, "accepted", `Certificate ${namespaceName}/rocketchat-db-unnamed`, /spec\.secretName: Required/);
  });

  it("finds a database whose authority nobody makes", () => {
    expectFailure(
      report,
      "its certificate is issued",
      "Certificate half/rocketchat-db-ssl",
      /Secret rocketchat-db-ca, which holds no pair/,
    );
    expectFailure(
      report,
      "what it needs is there first",
      "PerconaServerMongoDB half/",
      /not there: Secret rocketchat-db-ssl, Secret rocketchat-db-ssl-internal/,
    );
  });

  it("finds a quota that refuses a pod", () => {
    expectFailure(report, "runs at rest", "Deployment small/crowded", /exceeded quota: rocketchat/);
  });

  it("finds a connection string that leads elsewhere", () => {
    expectFailure(report, "its clients find it", `PerconaServerMongoDB ${namespaceName}/`, /it names rocketchat-db-rs0-0\.elsewhere/);
  });

  it("finds two budgets over one pod", () => {
    expectFailure(report, "its pods can be evicted", `PodDisruptionBudget ${namespaceName}/one`, /two$/);
  });

  it("finds a Role that opens Secrets to people, and one that names what there is not", () => {
    expectFailure(report, "people cannot reach Secrets by it", `RoleBinding ${namespaceName}/nosy: Group lookers`, /^may get secrets$/);
    expectFailure(report, "it names what there is", `Role ${namespaceName}/nosy`, /podz of ""/);
  });

  it("refuses a field of a runbook's object that does not exist, a database that the stack does not have, and an unexplained placeholder", () => {
    const words = (line: number): string | undefined => finding(report, "what the runbook says is accepted", `page.md:${line}`)?.words;
    expect(words(4)).to.match(/unknown field "spec\.backupname"/);
    expect(words(13)).to.match(/no database rocketchat\/another/);
    expect(words(20)).to.match(/^<WHATEVER> is no placeholder/);
  });

  it("lets everything pass that has nothing to do with a mistake", () => {
    const sound = report.findings.filter(
      ({ subject, check }) => subject.startsWith(`Deployment ${namespaceName}/selected`) && check !== "updates without a rejection",
    );
    expect(sound.map(({ outcome }) => outcome)).to.not.include("failed");
    expect(sound).to.not.deep.equal([]);
  });
});
