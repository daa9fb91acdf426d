import { digits, type row, textInput, type Failure, type Registration, type ResourceType } from "../resource-type";

/** How Azure names things: each value has the form of a real one, and none of them was ever given by Azure. */

/** Subscription of the simulated Azure. */
export const subscription = "99999999-9999-4999-8999-999999999999";

/** Resource groups that exist in every subscription that has a network, without the program's doing. */
export const existingGroups = ["NetworkWatcherRG"];

export const nameForm = { separator: "", digits: 8, longest: 63 };

/**
 * A row for a resource in a resource group.
 *
 * @param type `Microsoft.Network/virtualNetworks/subnets`
 * @param nameProperties the inputs that hold the names, outermost first; undefined for a singleton, which Azure calls `default`. Where the last is
 *   missing the provider makes a name.
 */
export function placed<R>(
  type: string,
  nameProperties: readonly [...(string | undefined)[], string],
  own: Parameters<typeof row<R>>[0] extends infer Own ? Omit<Own & object, "id"> : never,
): ResourceType {
  const [namespace = "", ...kinds] = type.split("/");
  const named = nameProperties.filter((property) => property !== undefined);
  const nameProperty = named.at(-1) ?? "";
  const more = own as Partial<ResourceType>;
  const name = (r: Registration): string => textInput(r, nameProperty, `${r.name}${digits(nameForm.digits, r.seed)}`);
  const unplaced: ResourceType = {
    ...more,
    nameProperty,
    autoName: nameForm,
    id: (r) => {
      const names = [
        ...nameProperties.slice(0, -1).map((property) => (property === undefined ? "default" : textInput(r, property))),
        name(r),
      ];
      const path = kinds.map((kind, index) => `${kind}/${names[index] ?? ""}`).join("/");
      return `/subscriptions/${subscription}/resourceGroups/${textInput(r, "resourceGroupName")}/providers/${namespace}/${path}`;
    },
    computed: (r) => ({ name: name(r), ...more.computed?.(r) }),
  };
  return atPath(unplaced, ...named, "resourceGroupName", "location");
}

/** The row with the inputs that make up the resource's path, which the SDK's class does not return: a resource cannot be renamed or moved. */
export function atPath(own: ResourceType, ...path: readonly string[]): ResourceType {
  return { ...own, createOnly: [...path, ...(own.createOnly ?? [])] };
}

/**
 * Inputs that Azure refuses to change, and for which the provider replaces nothing: an update fails. `asMade` goes into what is computed, where
 * the next change finds it again; an id must not be among them, since whatever is computed is a name by which others refer to the resource.
 */
export function fixed<R>(...paths: readonly (keyof R & string)[] | readonly `${keyof R & string}.${string}`[]): {
  readonly asMade: (resource: Registration) => Record<string, unknown>;
  readonly changed: (resource: Registration) => Failure[];
} {
  const at = (values: Readonly<Record<string, unknown>> | undefined, path: string): unknown =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);
  const roots = [...new Set(paths.map((path) => path.split(".")[0] ?? path))];
  return {
    asMade: ({ inputs }) => Object.fromEntries(roots.flatMap((root) => (inputs[root] === undefined ? [] : [[root, inputs[root]]]))),
    changed: ({ inputs, previous }) =>
      paths
        .filter((path) => previous !== undefined && JSON.stringify(at(previous, path)) !== JSON.stringify(at(inputs, path)))
        .map((property) => ({ property, reason: `PropertyChangeNotAllowed: changing property ${property} is not allowed` })),
  };
}

export const uuid = (seed: string): string => {
  const d = digits(32, seed);
  return [d.slice(0, 8), d.slice(8, 12), `4${d.slice(13, 16)}`, `8${d.slice(17, 20)}`, d.slice(20)].join("-");
};
