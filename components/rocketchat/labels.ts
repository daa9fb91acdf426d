/** Labels of everything that belongs to the chat; the pods are selected by the first. */
export const selector = { "app.kubernetes.io/name": "rocketchat" } as const;
export const labels = { ...selector, "app.kubernetes.io/managed-by": "pulumi" } as const;

/** User and group of the image. It names them, and Kubernetes cannot tell that a name is not root. */
export const user = 65533;
