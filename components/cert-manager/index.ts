import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { PolicyFacts } from "../cluster";
import { createNamespace } from "../namespace";
import { charts } from "../versions";
import { createCertManagerPolicies } from "./network-policies";

export interface CertManagerArgs {
  readonly policyFacts: PolicyFacts;
  /** Whether the namespace refuses to be deleted. */
  readonly protect: boolean;
}

const namespace = "cert-manager";
const labels = { "app.kubernetes.io/managed-by": "pulumi" } as const;

/** What Helm may take, in seconds: images are pulled, and a job waits for the webhook to answer. */
const releaseTimeout = 600;

/**
 * cert-manager, which makes and renews the certificates that the program asks for. Each part runs once: while one is away certificates are not
 * renewed, which they are weeks ahead.
 */
export class CertManager extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** What must exist before a certificate can be asked for: the release is done when its webhook has answered. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, { policyFacts, protect }: CertManagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rocketchat:index:CertManager", name, {}, opts);
    const { metadata } = createNamespace(this, `${name}-namespace`, { namespace, podSecurity: "restricted", labels, protect });
    const policies = createCertManagerPolicies(this, name, { namespace, namespaceReady: metadata.name, facts: policyFacts, labels });
    const { chart, version, repository } = charts.certManager;
    const release = new k8s.helm.v3.Release(
      `${name}-release`,
      {
        name: chart,
        namespace: metadata.name,
        chart,
        version,
        repositoryOpts: { repo: repository },
        values: certManagerValues(),
        timeout: releaseTimeout,
        maxHistory: 3,
        atomic: false,
      },
      { parent: this, dependsOn: policies },
    );
    this.namespace = metadata.name;
    this.ready = [release];
    this.registerOutputs({ namespace: this.namespace });
  }
}

/** https://github.com/cert-manager/cert-manager/blob/v1.21.1/deploy/charts/cert-manager/values.yaml */
function certManagerValues(): Record<string, unknown> {
  const resources = { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } };
  return {
    // Kept with every certificate when the release goes: without its definition a resource is deleted.
    crds: { enabled: true, keep: true },
    // By default in kube-system, which it has no other business in.
    global: { leaderElection: { namespace } },
    resources,
    webhook: { resources },
    cainjector: { resources: { ...resources, requests: { cpu: "10m", memory: "48Mi" } } },
    startupapicheck: { resources, timeout: "5m" },
  };
}
