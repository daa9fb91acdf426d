import { contains, overlap, parseCidr } from "../components/network/cidr";
import type { Failure, Inventory, Registration } from "./resource-type";

/** Rules of networks that AWS and Azure share: what lies where, and what belongs together. */

type WithInputs = Pick<Registration, "inputs">;

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/**
 * Everything that the named inputs refer to must lie in one place: a subnet and a route table in one VPC.
 *
 * @param owner property of what is referred to that says where it lies
 * @param references inputs by the type that they refer to
 * @param expected where it has to be; by default where the first of them is
 */
export function sameOwner(
  resource: WithInputs,
  inventory: Inventory,
  owner: string,
  references: Readonly<Record<string, string>>,
  expected?: string,
): Failure[] {
  const found = Object.entries(references).flatMap(([property, type]) =>
    textsIn(resource.inputs[property]).flatMap((id) => {
      const place = inventory.find(type, id)?.[owner];
      return typeof place === "string" ? [{ property, id, place }] : [];
    }),
  );
  const where = expected ?? found[0]?.place;
  return found.flatMap(({ property, id, place }) =>
    place === where ? [] : [{ property, reason: `${id} belongs to ${place}, not to ${where ?? ""}` }],
  );
}

/** A range must lie inside the range of what holds it. */
export function insideParent(
  resource: WithInputs,
  inventory: Inventory,
  { range, parent, parentType, parentRange }: { range: string; parent: string; parentType: string; parentRange: string },
): Failure[] {
  const outerText = textsIn(inventory.find(parentType, textsIn(resource.inputs[parent])[0] ?? "")?.[parentRange])[0];
  const innerText = textsIn(resource.inputs[range])[0];
  if (outerText === undefined || innerText === undefined) return [];
  const [outer, inner] = [parseCidr(outerText), parseCidr(innerText)];
  if (outer !== undefined && inner !== undefined && contains(outer, inner)) return [];
  return [{ property: range, reason: `${innerText} does not lie inside ${outerText}` }];
}

/** No two resources of one type that lie in the same place may share an address. */
export function overlapsSibling(resource: Registration, inventory: Inventory, range: string, place: string): Failure[] {
  const own = parseCidr(textsIn(resource.inputs[range])[0] ?? "");
  if (own === undefined) return [];
  return inventory.all(resource.type).flatMap((sibling) => {
    const text = textsIn(sibling[range])[0] ?? "";
    const other = parseCidr(text);
    if (other === undefined || sibling[place] !== resource.inputs[place] || !overlap(own, other)) return [];
    return [{ property: range, reason: `${textsIn(resource.inputs[range])[0] ?? ""} overlaps ${text}, which is taken` }];
  });
}
