import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Permissions, WorkloadIdentity } from "./identity";
import type { PolicyFacts } from "./policy-facts";

export type { Permissions, WorkloadIdentity } from "./identity";
export type { PolicyFacts } from "./policy-facts";

/** Names of the storage classes that volumes ask for. A claim that uses one waits for the class, and is gone before it. */
export interface StorageClasses {
  /** The default class: deleted with its claim. */
  readonly general: pulumi.Output<string>;
  /** For the database: a volume outlives its claim, and the cluster. */
  readonly database: pulumi.Output<string>;
}

/** Which service account gets an identity, and what it may do. */
export interface IdentityArgs {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly permissions: readonly Permissions[];
}

/** A toleration as it stands in a pod's specification. */
export interface Toleration {
  readonly key: string;
  readonly operator: "Equal" | "Exists";
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Somebody in the terms of a RoleBinding. */
export interface Subject {
  readonly kind: "Group" | "User";
  readonly name: string;
}

/** Who works in the namespace of the chat, and who may look at it. */
export interface AccessGroups {
  readonly operators: readonly Subject[];
  readonly viewers: readonly Subject[];
}

/** A Kubernetes cluster whose nodes have no public address, and everything that a pod needs of it. */
export abstract class Cluster extends pulumi.ComponentResource {
  /** Name of the cluster in its cloud. */
  abstract readonly clusterName: pulumi.Output<string>;
  /** Secret; asks the cloud's own CLI for a token, so that it holds none. */
  abstract readonly kubeconfig: pulumi.Output<string>;
  /** The only provider for Kubernetes objects. It depends on nodes, network and access, so that an object waits for what it needs. */
  abstract readonly provider: k8s.Provider;
  abstract readonly storageClasses: StorageClasses;
  /** What a pod tolerates to run on capacity that the cloud may take back; empty where there is none. */
  abstract readonly interruptibleTolerations: readonly Toleration[];
  abstract readonly accessGroups: AccessGroups;
  abstract readonly policyFacts: PolicyFacts;

  /**
   * Gives a Kubernetes service account an identity in the cloud, without a key.
   *
   * The identity depends on the cluster alone and so exists minutes before the nodes: a pod gets its credentials when it is admitted,
   * and one that is admitted too early never gets any.
   *
   * @param name suffix of the names of what is created
   * @throws pulumi.ResourceError where the permissions are another cloud's
   */
  abstract grantIdentity(name: string, args: IdentityArgs): WorkloadIdentity;
}
