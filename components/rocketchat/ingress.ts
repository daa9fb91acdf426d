import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { known } from "../known";
import type { PublicationIngress } from "../load-balancer";
import { labels } from "./labels";

export interface IngressArgs {
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  /** The only name that it answers to. */
  readonly domain: string;
  readonly service: k8s.core.v1.Service;
  readonly ingress: PublicationIngress;
  /** Whether it refuses to be deleted. */
  readonly protect: boolean;
  /** What has to exist, and what has to answer, before anybody is led to it. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * Publishes the chat through the platform's load balancer. Returns the address that it was given, a host name or an IP address.
 *
 * The pods come first, and go last: who is let in meets somebody who answers. And the load balancer's own parts outlive it, since they have to
 * take down what they made for it.
 */
export function createIngress(parent: pulumi.Resource, name: string, args: IngressArgs): pulumi.Output<string> {
  const { service } = args;
  const { className, annotations } = args.ingress;
  const ingress = new k8s.networking.v1.Ingress(
    `${name}-ingress`,
    {
      metadata: { name: args.name, namespace: args.namespace, labels, annotations },
      spec: {
        ingressClassName: className,
        rules: [
          {
            host: args.domain,
            http: {
              paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: service.metadata.name, port: { name: "http" } } } }],
            },
          },
        ],
      },
    },
    {
      parent,
      protect: args.protect,
      dependsOn: [...args.dependsOn],
      // Pulumi waits for the load balancer to be there, and to be gone: by itself for ten minutes.
      customTimeouts: { create: "30m", update: "30m", delete: "30m" },
    },
  );
  return ingress.status.apply(addressOf);
}

/** What an Ingress says of its load balancer. */
interface IngressStatus {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[] };
}

/**
 * The address in a status. A preview does not know it, whatever the cluster says of an object that it only tries out.
 *
 * @throws in a deployment without an address: Pulumi has waited for one
 */
export function addressOf(status: IngressStatus | undefined): string {
  const [first] = status?.loadBalancer?.ingress ?? [];
  return known(first?.hostname ?? first?.ip, () => new Error("the Ingress of the chat was given no address"));
}
