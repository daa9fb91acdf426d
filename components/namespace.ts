import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

export interface NamespaceArgs {
  /** Its name in the cluster. */
  readonly namespace: string;
  /** What its pods may do: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
  readonly podSecurity: "restricted" | "privileged";
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it refuses to be deleted: everything in it, claims of volumes included, goes with it. */
  readonly protect: boolean;
}

/** A namespace that holds its pods to a Pod Security Standard: others are refused, and whoever applies them is told why. */
export function createNamespace(parent: pulumi.Resource, name: string, args: NamespaceArgs): k8s.core.v1.Namespace {
  const levels = ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, args.podSecurity] as const);
  return new k8s.core.v1.Namespace(
    name,
    { metadata: { name: args.namespace, labels: { ...args.labels, ...Object.fromEntries(levels) } } },
    { parent, protect: args.protect },
  );
}
