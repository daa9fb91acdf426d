import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { labels, selector } from "./labels";
import { autoscalingMemoryMiB } from "./sizing";

export interface AutoscalingArgs {
  readonly namespace: pulumi.Output<string>;
  readonly deployment: k8s.apps.v1.Deployment;
  readonly replicas: { readonly min: number; readonly max: number };
  /** Without it the number of pods is the Deployment's own. */
  readonly autoscale: boolean;
}

/** How many pods there are, and how many of them an operator or an upgrade may take away at once. */
export function createAutoscaling(parent: pulumi.Resource, name: string, args: AutoscalingArgs): void {
  new k8s.policy.v1.PodDisruptionBudget(
    `${name}-budget`,
    {
      metadata: { name: "rocketchat", namespace: args.namespace, labels },
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: selector },
        // Without the database no pod is ready; a node must still be drainable.
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    },
    { parent },
  );
  if (!args.autoscale) return;
  new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    `${name}-autoscaler`,
    {
      metadata: { name: "rocketchat", namespace: args.namespace, labels },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: args.deployment.metadata.name },
        minReplicas: args.replicas.min,
        maxReplicas: args.replicas.max,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
          { type: "Resource", resource: { name: "memory", target: { type: "AverageValue", averageValue: `${autoscalingMemoryMiB}Mi` } } },
        ],
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 60, policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] },
          scaleDown: { stabilizationWindowSeconds: 600, policies: [{ type: "Pods", value: 1, periodSeconds: 300 }] },
        },
      },
    },
    // The Deployment is done when its first pod is ready: the second must not race it to create the administrator.
    { parent, dependsOn: [args.deployment] },
  );
}
