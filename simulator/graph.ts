/**
 * The resource graph: everything that a run of the program registered, and how it hangs together. Previews, tests, policies and whatever else
 * looks at the program are functions of it, and none of them knows how it was obtained.
 */
export interface ResourceGraph {
  readonly stack: string;
  readonly cloud: string;
  /** In the order of their URNs. */
  readonly resources: readonly GraphResource[];
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** One registered resource. Values that are secret read {@link secretText}, values that only a deployment will know read {@link unknownText}. */
export interface GraphResource {
  readonly urn: string;
  /** Type token, such as `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  readonly name: string;
  /** URN of the component that owns it; the stack itself for a component at the top. */
  readonly parent: string | undefined;
  /** URN of the explicit provider, where there is one. */
  readonly provider: string | undefined;
  /** Whether it is a resource of a cloud or of Kubernetes; otherwise it is a component. */
  readonly custom: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What it returned: its inputs and what the cloud computed; of a component, what it registered. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** URNs of what it waits for, explicitly or through a value. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
}

export const secretText = "[secret]";
export const unknownText = "[unknown]";

/** The graphs as one document for machines: the same text for the same program and configuration. */
export function toDocument(graphs: readonly ResourceGraph[]): string {
  const stacks = graphs.map(({ stack, cloud, resources, outputs }) => ({
    stack,
    cloud,
    resources: resources.map(
      ({ urn, type, name, parent, provider, custom, inputs, dependencies, protect, retainOnDelete, ignoreChanges }) => ({
        urn,
        type,
        name,
        parent: parent ?? null,
        provider: provider ?? null,
        custom,
        inputs,
        dependencies,
        protect,
        retainOnDelete,
        ignoreChanges,
      }),
    ),
    outputs,
  }));
  return `${JSON.stringify({ stacks }, undefined, 2)}\n`;
}
