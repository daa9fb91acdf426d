import type * as pulumi from "@pulumi/pulumi";

import { createNetworkPolicies, type Flow, type NetworkPoliciesArgs } from "../network-policy";
import { scraper } from "../observability";

/** https://github.com/cert-manager/cert-manager/blob/v1.21.1/deploy/charts/cert-manager/values.yaml */
const ports = { webhook: 10250, metrics: 9402 } as const;

/** What cert-manager needs for certificates of the program's own authorities: nobody outside of the cluster is asked. */
export const certManagerFlows: readonly Flow[] = [
  { name: "all-to-dns", purpose: "names", from: { everyPod: true }, to: "dns" },
  // Controller, webhook, cainjector, and the job that waits for them at each change of the release.
  { name: "all-to-api-server", purpose: "certificates and their Secrets", from: { everyPod: true }, to: "api-server" },
  {
    name: "api-server-to-webhook",
    purpose: "checks of certificates and issuers",
    from: "webhook-callers",
    to: { pods: { "app.kubernetes.io/name": "webhook", "app.kubernetes.io/component": "webhook" } },
    ports: [ports.webhook],
  },
  { name: "scraper-to-all", purpose: "metrics", from: scraper, to: { everyPod: true }, ports: [ports.metrics] },
];

/** Shuts cert-manager's namespace but for its flows. Returns what its pods have to wait for. */
export function createCertManagerPolicies(
  parent: pulumi.Resource,
  name: string,
  args: Omit<NetworkPoliciesArgs, "flows">,
): pulumi.Resource[] {
  return createNetworkPolicies(parent, name, { ...args, flows: certManagerFlows });
}
