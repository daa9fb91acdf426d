import { digits, type row, textInput, type Registration, type ResourceType } from "../resource-type";

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

export const uuid = (seed: string): string => {
  const d = digits(32, seed);
  return [d.slice(0, 8), d.slice(8, 12), `4${d.slice(13, 16)}`, `8${d.slice(17, 20)}`, d.slice(20)].join("-");
};
