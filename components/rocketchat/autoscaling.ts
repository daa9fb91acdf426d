import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { labels, selector } from "./workload";

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
          utilization("cpu", 70),
          // Of the request, which is two thirds of the limit. Above what the heap may grow to: Node gives little memory back, and a target
          // within reach of an ordinary heap would only ever scale up.
          utilization("memory", 135),
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

function utilization(resource: string, percent: number): k8s.types.input.autoscaling.v2.MetricSpec {
  return { type: "Resource", resource: { name: resource, target: { type: "Utilization", averageUtilization: percent } } };
}
