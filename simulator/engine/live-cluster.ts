type Manifest = Readonly<Record<string, unknown>>;

/** A real Kubernetes API that takes the program's objects beside the simulated cluster. */
export interface LiveCluster {
  /** What the simulated cloud hands out as the cluster's kubeconfig. */
  readonly kubeconfig: string;
  /** Applies an object on the server's side, with strict validation. Throws with the server's own words. */
  readonly apply: (manifest: Manifest) => Promise<void>;
  /** Deletes an object and waits until it is gone; one that is gone already is no error. */
  readonly remove: (manifest: Manifest) => Promise<void>;
}

/** Whether a resource is an object of the API: a release is Helm's, and a provider nobody's. */
export function isApiObject(type: string): boolean {
  return type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh/");
}
