import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { WorkloadIdentity } from "../../cluster";
import { charts } from "../../versions";
import { databasePlacement } from "./names";

/** What Helm may take, in seconds: nodes start, and images are pulled. */
const releaseTimeout = 600;

/** User of the operator's image. */
const user = 2;

export interface OperatorArgs {
  readonly namespace: pulumi.Output<string>;
  /** As whom it reaches the backups; undefined where a key opens the store. */
  readonly identity: WorkloadIdentity | undefined;
  /** What must exist before its pod may speak. */
  readonly ready: readonly pulumi.Resource[];
  /** Whether the definitions refuse to be deleted. */
  readonly protect: boolean;
}

/**
 * Percona's operator for MongoDB, in the namespace of the database: watching another one, it would read every Secret of the cluster and be able to
 * run commands in every pod. One instance: while it is away the database runs on, and nothing but its changes and backups wait.
 */
export function createOperator(parent: pulumi.Resource, name: string, args: OperatorArgs): k8s.helm.v3.Release {
  const { namespace, identity, protect } = args;
  const definitions = new k8s.helm.v3.Release(
    `${name}-definitions`,
    // With the definitions go all databases and backups of the cluster, and the chart keeps nothing back:
    // https://github.com/percona/percona-helm-charts/tree/main/charts/psmdb-operator-crds. Hence one name for ever, and the rest of the options.
    release(charts.psmdbOperatorCrds, charts.psmdbOperatorCrds.chart, namespace, {}),
    { parent, protect, retainOnDelete: protect },
  );
  return new k8s.helm.v3.Release(
    `${name}-operator`,
    // The chart calls its service account, and labels its pod, after the release.
    { ...release(charts.psmdbOperator, databasePlacement.operatorServiceAccount, namespace, operatorValues(identity)), skipCrds: true },
    { parent, dependsOn: [definitions, ...args.ready, ...(identity?.ready ?? [])] },
  );
}

function release(
  { chart, version, repository }: (typeof charts)["psmdbOperator" | "psmdbOperatorCrds"],
  name: string,
  namespace: pulumi.Output<string>,
  values: Record<string, unknown>,
): k8s.helm.v3.ReleaseArgs {
  return {
    name,
    namespace,
    chart,
    version,
    repositoryOpts: { repo: repository },
    values,
    timeout: releaseTimeout,
    maxHistory: 3,
    atomic: false,
  };
}

/** https://github.com/percona/percona-helm-charts/blob/psmdb-operator-1.22.0/charts/psmdb-operator/values.yaml */
function operatorValues(identity: WorkloadIdentity | undefined): Record<string, unknown> {
  const seccompProfile = { type: "RuntimeDefault" };
  return {
    disableTelemetry: true,
    logStructured: true,
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "192Mi" } },
    podSecurityContext: { runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user, seccompProfile },
    // With it the chart mounts an empty /tmp, where the operator puts certificates.
    securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    ...(identity === undefined ? {} : { serviceAccount: { annotations: identity.annotations }, podLabels: identity.podLabels }),
  };
}
