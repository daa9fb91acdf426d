/** Labels of pods, those by which they are selected. */
export type Labels = Readonly<Record<string, string>>;

/** Pods: those with all of the labels in a namespace, or every one of the policies' own. */
export type Pods =
  | {
      /**
       * Where a Service leads to them, labels that it selects by: on EKS its address is let through only if these are among them.
       * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
       */
      readonly pods: Labels;
      /** @default the policies' own */
      readonly namespace?: string;
    }
  | { readonly everyPod: true };

/** Who may begin to speak. */
export type Source =
  | Pods
  /** Somebody outside the cluster, by their addresses: a load balancer. */
  | { readonly cidrs: readonly string[] }
  /** The API server, when it asks an admission webhook. */
  | "webhook-callers"
  /** What runs on the machines themselves. The kubelet of a pod's own node always may. */
  | "nodes";

/** Whom somebody may speak to. */
export type Destination =
  | Pods
  /** Kubelets, and pods that share their node's network. */
  | "nodes"
  /** Public addresses: no private range, and nothing of the cloud's own on the link. */
  | "internet"
  /** Public and private addresses, for a server that may be either, such as a mail relay; nothing of the cloud's own on the link. */
  | "anywhere";

/** What the platform offers to pods, at a port of its own. */
export type PlatformService = "dns" | "api-server" | "identity";

interface Named {
  /** Names the objects. Unique in its namespace: `app-to-database`. */
  readonly name: string;
  /** What it is for, as one phrase. */
  readonly purpose: string;
}

/** A flow of TCP connections that is allowed. At least one end is pods of the namespace that the policies are made in. */
export type Flow = Named &
  (
    | {
        readonly from: Source;
        readonly to: Destination;
        /** Where a Service lies between, its port and the pods' are the same: EKS judges the Service's, others the pods'. */
        readonly ports: readonly number[];
      }
    | { readonly from: Pods; readonly to: PlatformService }
  );
