import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { secretText, type ResourceGraph } from "../../../simulator/graph";
import { chat, credentials } from "../../support/chat";
import { named, simulateComponent, waitsFor } from "../../support/simulated";

type DeploymentSpec = k8s.types.output.apps.v1.DeploymentSpec;
type Container = k8s.types.output.core.v1.Container;

const selector = { "app.kubernetes.io/name": "rocketchat" };
const specOf = (graph: ResourceGraph): DeploymentSpec => named(graph, "chat-deployment").inputs["spec"] as DeploymentSpec;

function containerOf(graph: ResourceGraph): Container {
  const [container, ...more] = specOf(graph).template.spec.containers;
  if (container === undefined || more.length > 0) throw new Error("a pod of the chat has one container");
  return container;
}

for (const preview of [true, false]) {
  describe(`the pods of the chat, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => chat(), { preview });
    });

    it("are as many as the autoscaler says: the Deployment does not", () => {
      expect(specOf(graph)).to.not.have.property("replicas");
      expect(specOf(graph).selector).to.deep.equal({ matchLabels: selector });
    });

    it("are replaced one at a time, so that never two releases migrate the database at once", () => {
      expect(specOf(graph).strategy).to.deep.equal({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    });

    it("run the pinned release, and neither pull it again at each start nor take a token for the Kubernetes API", () => {
      expect(containerOf(graph)).to.include({
        image: "registry.rocket.chat/rocketchat/rocket.chat:9.0.0",
        imagePullPolicy: "IfNotPresent",
      });
      expect(specOf(graph).template.spec).to.include({ serviceAccountName: "rocketchat", automountServiceAccountToken: false });
    });

    it("have all that Pod Security `restricted` demands, by number where the image names its user, and a root they cannot write", () => {
      expect(specOf(graph).template.spec.securityContext).to.deep.equal({
        runAsNonRoot: true,
        runAsUser: 65533,
        runAsGroup: 65533,
        fsGroup: 65533,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(containerOf(graph).securityContext).to.deep.equal({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    });

    it("may write to a bounded /tmp and to the folder of uploads, and nowhere else", () => {
      expect(containerOf(graph).volumeMounts).to.deep.equal([
        { name: "tmp", mountPath: "/tmp" },
        { name: "uploads", mountPath: "/app/uploads" },
      ]);
      expect(specOf(graph).template.spec.volumes).to.deep.equal([
        { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
        { name: "uploads", emptyDir: { sizeLimit: "1Gi" } },
      ]);
    });

    it("ask for what fits a small node beside the rest, and keep Node's heap below the limit", () => {
      expect(containerOf(graph).resources).to.deep.equal({ requests: { cpu: "500m", memory: "1024Mi" }, limits: { memory: "1536Mi" } });
      const heap = containerOf(graph).env.find(({ name }) => name === "NODE_OPTIONS")?.value;
      expect(heap).to.equal("--max-old-space-size=1075");
    });

    it("spread over zones and nodes, and still start where they cannot", () => {
      const spread = { maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: selector } };
      expect(specOf(graph).template.spec.topologySpreadConstraints).to.deep.equal([
        { ...spread, topologyKey: "topology.kubernetes.io/zone" },
        { ...spread, topologyKey: "kubernetes.io/hostname" },
      ]);
    });

    it("take at least half an hour to start without being killed, and less than their rollout is given", () => {
      const { periodSeconds, failureThreshold, httpGet } = containerOf(graph).startupProbe;
      const budget = periodSeconds * failureThreshold;
      expect(budget).to.be.at.least(30 * 60);
      expect(specOf(graph).progressDeadlineSeconds).to.be.above(budget);
      expect(httpGet).to.deep.equal({ path: "/health", port: "http" });
    });

    it("leave the Service when the database is lost, and are not restarted for it", () => {
      const { readinessProbe, livenessProbe } = containerOf(graph);
      expect(readinessProbe).to.deep.equal({
        httpGet: { path: "/readyz", port: "http" },
        periodSeconds: 10,
        timeoutSeconds: 5,
        failureThreshold: 3,
      });
      expect(livenessProbe).to.deep.equal({
        httpGet: { path: "/health", port: "http" },
        periodSeconds: 15,
        timeoutSeconds: 5,
        failureThreshold: 4,
      });
    });

    it("serve on while the load balancer takes notice, and have time left to end", () => {
      const { sleep } = containerOf(graph).lifecycle.preStop;
      expect(sleep.seconds).to.equal(30);
      expect(specOf(graph).template.spec.terminationGracePeriodSeconds).to.be.at.least(sleep.seconds + 30);
    });

    it("read settings and credentials by reference: no secret stands in the Deployment", () => {
      expect(containerOf(graph).envFrom).to.deep.equal([
        { configMapRef: { name: "rocketchat-settings" } },
        { secretRef: { name: "rocketchat-credentials" } },
      ]);
      expect(containerOf(graph).env.map(({ name }) => name)).to.deep.equal(["INSTANCE_IP", "NODE_OPTIONS"]);
      expect(containerOf(graph).env[0]?.valueFrom).to.deep.equal({ fieldRef: { fieldPath: "status.podIP" } });
      for (const source of ["chat-settings", "chat-credentials", "chat-service-account"]) {
        expect(waitsFor(graph, named(graph, "chat-deployment"), named(graph, source)), source).to.equal(true);
      }
    });

    it("show their two ports by name", () => {
      expect(containerOf(graph).ports).to.deep.equal([
        { name: "http", containerPort: 3000 },
        { name: "metrics", containerPort: 9100 },
      ]);
    });
  });
}

describe("the pods of the chat", () => {
  it("show no secret whatever is configured", async () => {
    const secretive = {
      licence: { source: "secret", key: pulumi.secret("licence-of-acme") },
      smtp: { host: "smtp.acme.io", port: 587, from: "chat@acme.io", username: "chat", password: pulumi.secret("mail-of-acme") },
    } as const;
    const values = Object.values(await credentials(secretive));
    expect(values).to.have.lengthOf(4);
    const graph = await simulateComponent(() => chat(secretive));
    for (const name of ["chat-deployment", "chat-settings"]) {
      const text = JSON.stringify(named(graph, name));
      expect(text.includes(secretText), name).to.equal(false);
      for (const value of [...values, "licence-of-acme", "mail-of-acme"]) expect(text.includes(value), name).to.equal(false);
    }
  });

  it("are one without a licence, since messages would not reach the others", async () => {
    const graph = await simulateComponent(() => chat({ licence: { source: "none" }, replicas: { min: 1, max: 1 } }));
    expect(specOf(graph).replicas).to.equal(1);
  });

  it("run the release that the configuration names, on capacity that may be taken back where there is some", async () => {
    const tolerations = [{ key: "acme.io/spot", operator: "Equal", value: "true", effect: "NoSchedule" }] as const;
    const graph = await simulateComponent(() => chat({ version: "9.1.2", tolerations }));
    expect(containerOf(graph).image).to.equal("registry.rocket.chat/rocketchat/rocket.chat:9.1.2");
    expect(specOf(graph).template.spec.tolerations).to.deep.equal(tolerations);
  });
});
