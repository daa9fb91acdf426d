import * as pulumi from "@pulumi/pulumi";

/** The one HTTP service that is published. Its Service and its Ingress bear the same name. */
export interface PublishedService {
  readonly namespace: string;
  readonly name: string;
  /** Path that a pod answers with 200 while it serves, without an account. */
  readonly healthCheckPath: string;
  /** How long a pod goes on serving after it was told to stop, in seconds. */
  readonly drainSeconds: number;
}

/** How a service is published, in the terms of Kubernetes. */
export interface Publication {
  /** The Service in front of the pods. */
  readonly service: { readonly type: "ClusterIP"; readonly annotations: Readonly<Record<string, pulumi.Input<string>>> };
  /** The Ingress beside it. */
  readonly ingress: { readonly className: pulumi.Input<string>; readonly annotations: Readonly<Record<string, pulumi.Input<string>>> };
  /** Labels that the namespace of the pods needs, so that a new pod counts as ready only when it gets traffic. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Ranges from which the load balancer reaches the pods. */
  readonly sourceCidrs: readonly string[];
  /** What must exist before the service is published, and may go only after it. */
  readonly ready: readonly pulumi.Resource[];
}

/** The only thing of a stack that the internet reaches: it ends TLS, and hands requests to pods that answer. */
export abstract class LoadBalancer extends pulumi.ComponentResource {
  /** How the service is published through it. */
  abstract readonly publication: Publication;

  /**
   * Makes the domain lead to the load balancer, where the program may.
   *
   * @param address what the published service was given: known only when the load balancer exists
   */
  abstract pointDomainAt(address: pulumi.Output<string>): void;
}
