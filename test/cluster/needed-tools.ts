/** The programs that the cluster test runs. */
import type { ToolName } from "../tools/catalogue";
import { requireTools } from "../tools/locate";

/** What a cluster of the test's own consists of. */
export const controlPlaneTools = [
  "etcd",
  "kube-apiserver",
  "kube-scheduler",
  "kube-controller-manager",
] as const satisfies readonly ToolName[];
/** What works on a cluster, whoever has started it. */
export const companionTools = [
  "kwok",
  "helm",
  "percona-server-mongodb-operator",
  "prometheus-operator",
] as const satisfies readonly ToolName[];

/** For a suite's `before`: passes it over, and says why, where a program is missing. */
export function skipWithoutTools(this: Mocha.Context): void {
  try {
    requireTools([...controlPlaneTools, ...companionTools]);
  } catch (error) {
    console.log(`      skipped: ${error instanceof Error ? error.message : String(error)}`);
    this.skip();
  }
}
