/** The cluster test itself under test: a sound stack passes, and each known mistake makes the check fail that is there for it. */
import { expect } from "chai";
import { requireTools } from "../tools/locate";
import type { Finding, Report } from "./report";
import { judgeStack } from "./run";
import { database, databaseUsers, prometheus, rule, serviceMonitor, storageClass } from "./sample-database";
import {
  chatAutoscaler,
  chatDeployment,
  namespaceName,
  object,
  resource,
  restrictedContainer,
  restrictedNamespace as namespace,
  sampleStack,
} from "./sample-graph";
import { type JsonObject, type Manifest, withValue } from "./json";

const RUN_SECONDS = 240;

function named(name: string): JsonObject {
  return { name, namespace: namespaceName };
}

function configMap(name: string): Manifest {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: named(name), data: { key: "value" } };
}

/** A Deployment of another name, so that several mistakes fit into one run. */
function deployment(name: string, container: JsonObject = {}, spec: JsonObject = {}): Manifest {
  const labels = { app: name };
  const renamed = { ...chatDeployment({ ...container }, { ...spec, selector: { matchLabels: labels } }), metadata: named(name) };
  return withValue(
    withValue(renamed, ["spec", "template", "metadata", "labels"], labels),
    ["spec", "template", "spec", "topologySpreadConstraints"],
    [],
  );
}

/** The one finding of a check about a subject. */
function finding(report: Report, check: string, subject: string): Finding | undefined {
  return report.findings.find((each) => each.check === check && each.subject.startsWith(subject));
}

function expectFailure(report: Report, check: string, subject: string, words: RegExp): void {
  const found = finding(report, check, subject);
  expect(found?.outcome, `${check}: ${subject}`).to.equal("failed");
  expect(found?.words).to.match(words);
}

describe("the cluster test", function () {
  this.timeout(RUN_SECONDS * 1000);

  before(function () {
    try {
      requireTools([
        "etcd",
        "kube-apiserver",
        "kube-scheduler",
        "kube-controller-manager",
        "kwok",
        "helm",
        "percona-server-mongodb-operator",
        "prometheus-operator",
      ]);
    } catch (error) {
      console.log(`      skipped: ${error instanceof Error ? error.message : String(error)}`);
      this.skip();
    }
  });

  describe("on a sound stack", () => {
    let report: Report;

    before(async () => {
      const chat = object(chatDeployment(), [namespace]);
      const users = object(databaseUsers, [namespace]);
      const disks = object(storageClass);
      report = await judgeStack(
        sampleStack([
          chat,
          namespace,
          disks,
          users,
          object(chatAutoscaler, [chat]),
          object(database(), [namespace, users, disks]),
          object(prometheus, [namespace, disks]),
          object(serviceMonitor, [namespace]),
          object(rule("sound", "up == 0"), [namespace]),
          resource("kubernetes:helm.sh/v3:Release", "absent", {
            chart: "no-such-chart",
            version: "1.0.0",
            repositoryOpts: { repo: "http://127.0.0.1:9" },
          }),
        ]),
      );
    });

    it("refuses nothing", () => {
      expect(report.of("failed")).to.deep.equal([]);
    });

    it("has the Percona operator make the database's StatefulSet, Service, budget and Secrets", () => {
      const made = report.findings.filter(
        ({ check, subject }) => check === "operator makes it" && subject.startsWith("PerconaServerMongoDB"),
      );
      expect(made.map(({ subject }) => subject.replace(/^.*: /, ""))).to.deep.equal([
        "StatefulSet rc-mongo-rs0 of 3 members",
        "Service rc-mongo-rs0",
        "PodDisruptionBudget rc-mongo-mongod-rs0",
        "Secret rc-mongo-secrets",
        "Secret rc-mongo-mongodb-keyfile",
        "Secret rc-mongo-ssl",
      ]);
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
          `StatefulSet ${namespaceName}/rc-mongo-rs0`,
          `StatefulSet ${namespaceName}/prometheus-kps`,
        ]);
      }
    });

    it("says by name what it did not judge and what it invented", () => {
      expect(report.of("not judged").map(({ subject }) => subject)).to.have.members([
        "Release absent",
        `PerconaServerMongoDB ${namespaceName}/rc-mongo`,
      ]);
      expect(report.standIns.map(({ place }) => place)).to.include(
        `Secret ${namespaceName}-rc-mongo-secrets stringData.MONGODB_BACKUP_PASSWORD`,
      );
    });
  });

  describe("on a stack of mistakes", () => {
    let report: Report;

    before(async () => {
      const stated = object(deployment("stated", {}, { replicas: 2 }), [namespace]);
      const selected = object(deployment("selected"), [namespace]);
      const stack = sampleStack([
        namespace,
        object(withValue(configMap("misspelt"), ["dtaa"], {}), [namespace]),
        object(configMap("early")),
        object(deployment("privileged", { securityContext: { ...restrictedContainer, allowPrivilegeEscalation: true } }), [namespace]),
        object(deployment("huge", { resources: { requests: { memory: "8Gi" } } }), [namespace]),
        object(deployment("dangling", { envFrom: [{ secretRef: { name: "nobodys" } }] }), [namespace]),
        object(
          {
            ...chatAutoscaler,
            metadata: named("aimless"),
            spec: {
              ...(chatAutoscaler["spec"] as JsonObject),
              scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "nobody" },
            },
          },
          [namespace],
        ),
        stated,
        object(
          {
            ...chatAutoscaler,
            metadata: named("stated"),
            spec: {
              ...(chatAutoscaler["spec"] as JsonObject),
              scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "stated" },
            },
          },
          [stated],
        ),
        selected,
        object(rule("unparsable", "sum(up"), [namespace]),
        object(database({ containerSecurityContext: {} }), [namespace]),
      ]);
      const other = { app: "selected", tier: "new" };
      const changed = withValue(
        withValue(selected.inputs, ["spec", "selector", "matchLabels"], other),
        ["spec", "template", "metadata", "labels"],
        other,
      );
      const resources = stack.resources.map((each) => (each === selected ? { ...each, inputs: changed } : each));
      report = await judgeStack(stack, { changed: { ...stack, resources } });
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
      expectFailure(report, "runs at rest", `StatefulSet ${namespaceName}/rc-mongo-rs0`, /violates PodSecurity "restricted/);
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

    it("lets everything pass that has nothing to do with a mistake", () => {
      const sound = report.findings.filter(
        ({ subject, check }) => subject.startsWith(`Deployment ${namespaceName}/selected`) && check !== "updates without a rejection",
      );
      expect(sound.map(({ outcome }) => outcome)).to.not.include("failed");
      expect(sound).to.not.deep.equal([]);
    });
  });
});
