import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Publication, PublicationService } from "../load-balancer";
import { ports } from "./settings";
import { labels, selector } from "./labels";

export interface ServiceArgs {
  readonly namespace: pulumi.Output<string>;
  /** What the load balancer asks of it, where the chat is published. */
  readonly publication: Publication | undefined;
  /** The pods behind it. */
  readonly deployment: k8s.apps.v1.Deployment;
}

/**
 * The address of the chat inside the cluster. Its port is the pods' own: network policies on AWS judge the Service's port, on Azure the pod's.
 *
 * Pulumi does not wait for it to be made: whether pods answer is said by the Deployment, and where a load balancer comes with it, its address was
 * fixed before. It does wait for it to be gone, with the load balancer (https://github.com/pulumi/pulumi-kubernetes/issues/1232).
 */
export function createService(parent: pulumi.Resource, name: string, args: ServiceArgs): k8s.core.v1.Service {
  const { namespace, publication } = args;
  const asked: PublicationService = publication?.service ?? { type: "ClusterIP", annotations: {} };
  return new k8s.core.v1.Service(
    `${name}-service`,
    {
      metadata: { name: "rocketchat", namespace, labels, annotations: { "pulumi.com/skipAwait": "true", ...asked.annotations } },
      spec: {
        type: asked.type,
        ...(asked.externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy: asked.externalTrafficPolicy }),
        selector,
        ports: [{ name: "http", port: ports.http, targetPort: ports.http }],
      },
    },
    {
      parent,
      // One that leads people in comes after the pods, and goes before them; and no second one could have its address meanwhile.
      ...(publication !== undefined && asked.type === "LoadBalancer"
        ? { dependsOn: [...publication.ready, args.deployment], deleteBeforeReplace: true }
        : {}),
    },
  );
}
