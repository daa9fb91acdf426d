import { expect } from "chai";

import { chat } from "../../support/chat";
import { named, ofType, simulateComponent, waitsFor } from "../../support/simulated";

const labels = { "app.kubernetes.io/name": "rocketchat", "app.kubernetes.io/managed-by": "pulumi" };
const metadata = { name: "rocketchat", namespace: "rocketchat", labels };
const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

for (const preview of [true, false]) {
  describe(`the number of the chat's pods, in a ${preview ? "preview" : "deployment"}`, () => {
    it("is 2 to 5 by load, quick to rise and slow to fall", async () => {
      const graph = await simulateComponent(() => chat(), { preview });
      const target = { cpu: { type: "Utilization", averageUtilization: 70 }, memory: { type: "AverageValue", averageValue: "1414Mi" } };
      expect(named(graph, "chat-autoscaler").inputs).to.deep.equal({
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata,
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "rocketchat" },
          minReplicas: 2,
          maxReplicas: 5,
          metrics: [
            { type: "Resource", resource: { name: "cpu", target: target.cpu } },
            { type: "Resource", resource: { name: "memory", target: target.memory } },
          ],
          behavior: {
            scaleUp: { stabilizationWindowSeconds: 60, policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] },
            scaleDown: { stabilizationWindowSeconds: 600, policies: [{ type: "Pods", value: 1, periodSeconds: 300 }] },
          },
        },
      });
    });

    it("rises above one only when the first pod is ready, which makes the administrator alone", async () => {
      const graph = await simulateComponent(() => chat(), { preview });
      expect(waitsFor(graph, named(graph, "chat-autoscaler"), named(graph, "chat-deployment"))).to.equal(true);
      expect(waitsFor(graph, named(graph, "chat-deployment"), named(graph, "chat-autoscaler"))).to.equal(false);
    });

    it("loses one at a time to drains and upgrades, and holds up no drain with pods that are not ready anyway", async () => {
      const graph = await simulateComponent(() => chat(), { preview });
      expect(named(graph, "chat-budget").inputs).to.deep.equal({
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata,
        spec: {
          maxUnavailable: 1,
          selector: { matchLabels: { "app.kubernetes.io/name": "rocketchat" } },
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      });
    });

    it("follows the configuration's bounds", async () => {
      const graph = await simulateComponent(() => chat({ replicas: { min: 3, max: 8 } }), { preview });
      expect(named(graph, "chat-autoscaler").inputs["spec"]).to.include({ minReplicas: 3, maxReplicas: 8 });
    });

    it("stays the Deployment's own without a licence: there is no autoscaler, and still a budget", async () => {
      const graph = await simulateComponent(() => chat({ licence: { source: "none" }, replicas: { min: 1, max: 1 } }), { preview });
      expect(ofType(graph, autoscaler)).to.deep.equal([]);
      expect(named(graph, "chat-deployment").inputs["spec"]).to.include({ replicas: 1 });
      expect(named(graph, "chat-budget").inputs["spec"]).to.include({ maxUnavailable: 1 });
    });
  });
}
