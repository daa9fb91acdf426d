import * as pulumi from "@pulumi/pulumi";

/** The one HTTP service that is published. Its Service and its Ingress bear the same name. */
export interface PublishedService {
  readonly namespace: string;
  readonly name: string;
  /** Port of the Service, and of the pods behind it. */
  readonly port: number;
  /** Path that a pod answers with 200 while it serves, without an account. */
  readonly healthCheckPath: string;
  /** What the load balancer gives the connections of a pod that is leaving, in seconds; pods go on serving for longer. */
  readonly drainSeconds: number;
}

/** How a service is published, in the terms of Kubernetes. */
export interface Publication {
  /** The Service in front of the pods. */
  readonly service: PublicationService;
  /** @default none: the load balancer reaches the Service itself */
  readonly ingress?: PublicationIngress;
  /** Labels that the namespace of the pods needs, so that a new pod counts as ready only when it gets traffic. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Whether everything that one browser asks reaches one pod; otherwise each connection may reach another. */
  readonly stickySessions: boolean;
  /** Ranges from which the load balancer reaches the pods. */
  readonly sourceCidrs: readonly string[];
  /** What must exist before the service is published, and may go only after it. */
  readonly ready: readonly pulumi.Resource[];
}

/** What the Service has to be. */
export interface PublicationService {
  /** `LoadBalancer` where the load balancer reaches the pods through an address inside the network, which the Service gets from the cloud. */
  readonly type: "ClusterIP" | "LoadBalancer";
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
  /** @default Kubernetes' own: any node takes a connection, and hides who made it */
  readonly externalTrafficPolicy?: "Local";
}

/** What the Ingress has to be. */
export interface PublicationIngress {
  readonly className: pulumi.Input<string>;
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The only thing of a stack that the internet reaches: it ends TLS, and hands requests to pods that answer. */
export abstract class LoadBalancer extends pulumi.ComponentResource {
  /** How the service is published through it. */
  abstract readonly publication: Publication;
  /** Host name that the domain has to lead to; undefined where only the published Ingress is told it. */
  abstract readonly address: pulumi.Output<string> | undefined;

  /**
   * Makes the domain lead to the load balancer, where the program may.
   *
   * @param address what the published service was given: known only when the load balancer exists
   */
  abstract pointDomainAt(address: pulumi.Output<string>): void;
}
