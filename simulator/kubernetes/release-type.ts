/** Token of a Helm release: what a chart brings along is there as long as its release. */
export const releaseType = "kubernetes:helm.sh/v3:Release";
