/** Tags of a cloud resource. Both clouds take up to 50 of them. */
export type Tags = Readonly<Record<string, string>>;

/**
 * Tags that every resource of a stack carries: what it belongs to, who manages it, and whatever the operator adds.
 *
 * @param own tags of the stack's configuration; they cannot replace the program's
 */
export function stackTags(project: string, stack: string, own: Tags): Tags {
  return { ...own, project, stack, "managed-by": "pulumi" };
}

/** Of those, the ones that no change of configuration changes: for places where a new tag would restart machines. */
export function lastingTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => ["project", "stack", "managed-by"].includes(name)));
}
