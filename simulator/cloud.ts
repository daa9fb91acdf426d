import { existedBefore } from "./aws/existing";
import { existedBefore as existedBeforeOnAzure } from "./azure/existing";
import { certificateExisted } from "./aws/load-balancer";
import { existingGroups } from "./azure";
import { findReferences, type Reference } from "./references";
import { regionOfResource, type Inventory, type Registration, type ResourceType } from "./resource-type";
import { resourceTypes } from "./tables";

/** What a simulated cloud refuses, in the words of one: the resource, the property, the reason. */
class CloudRefusal extends Error {
  override name = "CloudRefusal";
}

/** A resource that exists in the simulated cloud. */
export interface Live {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly registration: Registration;
  readonly computed: Readonly<Record<string, unknown>>;
}

/** Which resource, by whom it is asked for. */
export interface CreateRequest {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * The clouds of one rehearsal: what exists in them, across all runs of the engine. They refuse what real ones refuse: a name that is taken, a
 * reference to something that does not exist or lies elsewhere, a deletion while something still needs what is to go.
 */
export class SimulatedCloud implements Inventory {
  private readonly live = new Map<string, Live>();
  /** How many resources were made under a URN: the second is another one, with an id of its own. */
  private readonly made = new Map<string, number>();

  constructor(private readonly region: string) {}

  find(type: string, id: string): Readonly<Record<string, unknown>> | undefined {
    const found = this.live.get(keyOf(type, id));
    return found === undefined ? undefined : { ...found.registration.inputs, ...found.computed };
  }

  all(type: string): readonly Readonly<Record<string, unknown>>[] {
    return this.list().flatMap((found) => (found.type === type ? [{ ...found.registration.inputs, ...found.computed }] : []));
  }

  /** Everything that exists, in the order in which it was made. */
  list(): readonly Live[] {
    return [...this.live.values()];
  }

  /** Makes a resource. Throws {@link CloudRefusal}. */
  create({ urn, type, name, inputs }: CreateRequest): { id: string; computed: Readonly<Record<string, unknown>> } {
    const row = rowOf(type);
    const count = this.made.get(urn) ?? 0;
    const region = regionOfResource(type, inputs, this.region);
    const registration: Registration = { type, name, inputs, region, seed: count === 0 ? urn : `${urn}#${count}` };
    const id = row.id(registration);
    if (this.live.has(keyOf(type, id))) throw new CloudRefusal(`${type} ${id} exists already`);
    this.refuse(row, registration, id);
    const computed = row.computed?.(registration) ?? {};
    this.made.set(urn, count + 1);
    this.live.set(keyOf(type, id), { urn, type, id, registration, computed });
    return { id, computed };
  }

  /** Changes a resource in place. Throws {@link CloudRefusal}. */
  update(type: string, id: string, inputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const existing = this.live.get(keyOf(type, id));
    if (existing === undefined) throw new CloudRefusal(`${type} ${id} does not exist`);
    const row = rowOf(type);
    const registration: Registration = {
      ...existing.registration,
      inputs,
      previous: existing.computed,
      previousInputs: existing.registration.inputs,
    };
    this.without(existing).refuse(row, registration, id);
    const computed = row.computed?.(registration) ?? {};
    this.live.set(keyOf(type, id), { ...existing, registration, computed });
    return computed;
  }

  /** Deletes a resource; one that is gone already is no error. Throws {@link CloudRefusal}. */
  delete(type: string, id: string): void {
    this.refuseDeletion(type, id);
    const gone = this.live.delete(keyOf(type, id));
    if (gone && type === "kubernetes:core/v1:Namespace") this.emptyNamespace(id);
    if (!gone) return;
    for (const other of this.list()) if (goesWith(other, rowOf(type), id)) this.live.delete(keyOf(other.type, other.id));
  }

  /** Throws {@link CloudRefusal} where something still needs the resource, or it refuses itself. */
  refuseDeletion(type: string, id: string): void {
    const going = this.live.get(keyOf(type, id));
    if (going === undefined) return;
    const row = rowOf(type);
    const reason = row.refuseDeletion?.(going.registration, this);
    if (reason !== undefined) throw new CloudRefusal(`${type} ${id} cannot be deleted: ${reason}`);
    const others = this.list().filter((other) => other !== going && !goesWith(other, row, id));
    const needing = row.outlivedByReferences === true ? [] : others.filter((other) => this.refersTo(other, going));
    if (needing.length > 0)
      throw new CloudRefusal(`${type} ${id} cannot be deleted: ${needing.map((other) => other.urn).join(", ")} still needs it`);
  }

  /** What there is beside a resource: with it, the resource would be in its own way. */
  private without(resource: Live): SimulatedCloud {
    const others = new SimulatedCloud(this.region);
    for (const [key, other] of this.live) if (other !== resource) others.live.set(key, other);
    return others;
  }

  private refuse(row: ResourceType, registration: Registration, id: string): void {
    // A gateway's rule names the gateway's own listener.
    const itself: Live = { urn: "", type: registration.type, id, registration, computed: {} };
    const missing = this.references(registration, id, row).filter((reference) => !isMeant(reference, itself) && !this.resolves(reference));
    const failures = [
      ...missing.map(({ property, id: wanted }) => ({ property, reason: `${wanted} does not exist` })),
      ...(row.check?.(registration.inputs) ?? []),
      ...(row.refuse?.(registration, this) ?? []),
    ];
    const [first] = failures;
    if (first !== undefined) throw new CloudRefusal(`${registration.type} ${registration.name}: ${first.property}: ${first.reason}`);
  }

  /** What a resource needs: ids anywhere in its inputs, other resources by name, and whatever its own id says it lies in. */
  private references(registration: Registration, id: string, row: ResourceType): Reference[] {
    const byName = Object.entries(row.refersTo ?? {}).flatMap(([property, type]) => {
      const name = registration.inputs[property];
      return typeof name === "string" ? [{ property, id: name, type }] : [];
    });
    const parent = armParent(id);
    const all = [...findReferences(registration.inputs), ...byName, ...(parent === undefined ? [] : [{ property: "id", id: parent }])];
    return all.map((reference) => ({ ...reference, id: reference.id.replace(singleton, "") }));
  }

  private resolves(reference: Reference): boolean {
    return existsAnyway(reference.id) || this.list().some((candidate) => isMeant(reference, candidate));
  }

  private refersTo(other: Live, target: Live): boolean {
    return this.references(other.registration, other.id, rowOf(other.type)).some((reference) => isMeant(reference, target));
  }

  /** The objects of a namespace go with it. */
  private emptyNamespace(namespace: string): void {
    for (const { type, id } of this.list()) {
      if (type.startsWith("kubernetes:") && id.startsWith(`${namespace}/`)) this.live.delete(keyOf(type, id));
    }
  }
}

/** Whether a resource goes with the one of that id, below which it lies, as role assignments and diagnostic settings on it do too. */
function goesWith({ id, type }: Live, { takesAlong }: ResourceType, above: string): boolean {
  return takesAlong !== undefined && (takesAlong === true || takesAlong.includes(type)) && id.startsWith(`${above}/`);
}

function keyOf(type: string, id: string): string {
  return `${type}\0${id}`;
}

function rowOf(type: string): ResourceType {
  const row = resourceTypes.get(type);
  if (row === undefined) throw new CloudRefusal(`the simulator does not know the type ${type}`);
  return row;
}

/** Whether a reference means a resource: by its id, by something that it computed (an ARN), or by a part of it that has an id of its own. */
function isMeant({ id, type }: Reference, candidate: Live): boolean {
  if (type !== undefined) return candidate.type === type && (candidate.id === id || Object.values(candidate.computed).includes(id));
  if (candidate.id === id || Object.values(candidate.computed).includes(id)) return true;
  const { arn } = candidate.computed;
  if (typeof arn === "string" && id.startsWith(`${arn}:`)) return true;
  return id.startsWith(`${candidate.id}/`) && hasPart(candidate.registration.inputs, id.slice(candidate.id.length + 1));
}

/** Whether a resource has the part that `frontendIPConfigurations/public` names: an item of that list with that name. */
function hasPart(inputs: Readonly<Record<string, unknown>>, path: string): boolean {
  const [kind = "", name, ...rest] = path.split("/");
  const items = Object.entries(inputs).find(([property]) => property.toLowerCase().startsWith(kind.toLowerCase()))?.[1];
  return (
    rest.length === 0 &&
    Array.isArray(items) &&
    items.some((item: unknown) => typeof item === "object" && item !== null && Reflect.get(item, "name") === name)
  );
}

/** What an Azure resource lies in: the resource above it, or its resource group. */
function armParent(id: string): string | undefined {
  const above = /^(\/subscriptions\/.+)\/[^/]+\/[^/]+$/.exec(id)?.[1];
  if (above === undefined || /\/roleAssignments\//.test(id)) return undefined;
  return above.replace(/\/providers\/[^/]+$/, "");
}

/** Services of a storage account, which nobody has to make: they are there as long as the account. */
const singleton = /\/(blob|file|queue|table)Services\/default$/;

/** What nobody has to make: networks and certificates that were there before, Azure's own groups, built-in roles, the subscription. */
function existsAnyway(id: string): boolean {
  if (existedBefore(id) || existedBeforeOnAzure(id) || certificateExisted(id)) return true;
  if (/^\/subscriptions\/[^/]+$|\/providers\/Microsoft\.Authorization\/roleDefinitions\//.test(id)) return true;
  return existingGroups.some((group) => `${id}/`.includes(`/resourceGroups/${group}/`));
}
