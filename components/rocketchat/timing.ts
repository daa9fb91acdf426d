/** The life of a pod, in seconds. What has to be longer than what is said here once, as arithmetic, and held by a test. */

/** How long a probe of the kubelet may take to notice. */
interface Probe {
  readonly periodSeconds: number;
  readonly failureThreshold: number;
  readonly timeoutSeconds: number;
}

export const probes = {
  /** Half an hour: the first start waits for the database, an upgrade migrates it, and a killed migration leaves a lock behind. */
  startup: { periodSeconds: 10, failureThreshold: 180, timeoutSeconds: 5 },
  /** Outlasts an election of the database, which takes about twelve seconds: https://www.mongodb.com/docs/manual/core/replica-set-elections/ */
  readiness: { periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
  /** A busy minute of the one thread that answers is not yet a hanging process. */
  liveness: { periodSeconds: 15, failureThreshold: 4, timeoutSeconds: 5 },
} as const satisfies Record<string, Probe>;

export const timing = {
  /** What a load balancer gives the connections of a pod that it no longer sends anybody to. */
  deregistration: 30,
  /** Until every load balancer has heard that a pod is leaving: the controller's queue, its call, and the spread of the change. */
  notice: 15,
  /** What the process takes to end once it is told. It ends at the signal: https://moleculer.services/docs/0.14/configuration */
  shutdown: 15,
  /** From a pod's creation to its first answer where nothing is migrated: image, start, gate of the load balancer. */
  usualStart: 120,
  /** What a rollout may stand still for, beyond the longest start: a node that has to be added first. */
  placement: 600,
} as const;

/** How long a pod serves on after it was told to stop. Only then the process hears of it. */
export const drainSeconds = timing.deregistration + timing.notice;

/** When the kubelet kills what has not ended by itself. */
export const gracePeriodSeconds = drainSeconds + 2 * timing.shutdown;

/** The longest that a probe lets pass before it decides. */
export function decisionSeconds({ periodSeconds, failureThreshold, timeoutSeconds }: Probe): number {
  return periodSeconds * failureThreshold + timeoutSeconds;
}

/** When a rollout without progress counts as failed. */
export const progressDeadlineSeconds = probes.startup.periodSeconds * probes.startup.failureThreshold + timing.placement;

/** What Pulumi waits for a rollout of so many pods, one after another, the first of which may migrate the database; more than Kubernetes does. */
export function rolloutSeconds(pods: number): number {
  return progressDeadlineSeconds + pods * timing.usualStart;
}
