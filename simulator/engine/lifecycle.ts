import * as pulumi from "@pulumi/pulumi";

import type { SimulatedCloud } from "../cloud";
import { digits, regionOfResource, type Failure, type Registration, type ResourceType } from "../resource-type";
import { functionTypes, resourceTypes } from "../tables";
import { refusedInputs } from "../checks";
import { opened, revealed, secretEnvelope } from "../values";
import { diffInputs, touches, type InputDiff } from "./diff";
import { isApiObject, type LiveCluster } from "./live-cluster";

/** Inputs or outputs as the protocol carries them. */
type Wire = Readonly<Record<string, unknown>>;

const { unknownValue } = pulumi.runtime;

/** What the engine wants to know of a change. */
export interface LifecycleDiff {
  readonly changes: readonly (InputDiff & { readonly replaces: boolean })[];
  readonly deleteBeforeReplace: boolean;
}

/** The life of a resource between engine and simulated cloud: the provider's part, without the protocol around it. */
export class Lifecycle {
  constructor(
    private readonly cloud: SimulatedCloud,
    private readonly region: string,
    private readonly cluster?: LiveCluster,
  ) {}

  /** Fills in a missing name and says what the inputs alone get refused for. A name that was made up stays for the life of the resource. */
  check(type: string, name: string, olds: Wire, news: Wire, randomSeed: Uint8Array): { inputs: Wire; failures: Failure[] } {
    const row = this.row(type);
    const inputs =
      row.nameProperty === undefined
        ? news
        : withName(row.nameProperty, news, () => kept(row, name, olds) ?? madeUp(row, name, randomSeed));
    return { inputs, failures: refusedInputs(row, inputs) };
  }

  /** @param settings what the resource's provider was configured with */
  diff(type: string, name: string, oldInputs: Wire, news: Wire, settings: Wire = {}): LifecycleDiff {
    const row = this.row(type);
    const { createOnlyUnless: unless } = row;
    const mayChange = unless !== undefined && String(settings[unless.setting]) === "true" && unless.evenSo?.(opened(news) as Wire) !== true;
    const createOnly = [...(row.createOnly ?? []), ...(unless === undefined || mayChange ? [] : unless.paths)];
    const changes = diffInputs(revealed(oldInputs), revealed(news)).map((change) => ({
      ...change,
      replaces: createOnly.some((path) => touches(change.path, path)),
    }));
    // Two of one name cannot be there at once; only a made-up name makes room for the next, or for an object of Kubernetes another name or namespace.
    const given = row.nameProperty === undefined ? undefined : valueAt(news, row.nameProperty);
    const elsewhere = isApiObject(type) && changes.some(({ path }) => path === "metadata.name" || path === "metadata.namespace");
    return { changes, deleteBeforeReplace: typeof given === "string" && !isMadeUp(row, name, given) && !elsewhere };
  }

  async create(urn: string, type: string, name: string, inputs: Wire, preview: boolean): Promise<{ id: string; outputs: Wire }> {
    const row = this.row(type);
    if (preview) {
      return { id: "", outputs: this.outputs(row, inputs, this.expected(row, type, name, urn, inputs), row.knownAtPreview === true) };
    }
    const { id, computed } = this.cloud.create({ urn, type, name, inputs: opened(inputs) as Record<string, unknown> });
    try {
      await this.applied(type, inputs);
    } catch (error) {
      // The API refused what the simulated cluster took.
      this.cloud.delete(type, id);
      throw error;
    }
    return { id, outputs: this.outputs(row, inputs, computed, true) };
  }

  async update(type: string, id: string, olds: Wire, news: Wire, preview: boolean): Promise<Wire> {
    const row = this.row(type);
    if (preview) {
      const expected = this.expected(row, type, "", id, news);
      if (row.knownAtPreview === true) return this.outputs(row, news, expected, true);
      const computed = Object.fromEntries(Object.keys(expected).flatMap((key) => (key in news ? [] : [[key, olds[key]]])));
      const again = Object.fromEntries((row.recomputed ?? []).map((key) => [key, unknownValue]));
      return { ...news, ...computed, ...again };
    }
    const computed = this.cloud.update(type, id, opened(news) as Record<string, unknown>);
    try {
      await this.applied(type, news);
    } catch (error) {
      this.cloud.update(type, id, opened(olds) as Record<string, unknown>);
      throw error;
    }
    return this.outputs(row, news, computed, true);
  }

  async delete(type: string, id: string): Promise<void> {
    const going = this.cloud.find(type, id);
    this.cloud.refuseDeletion(type, id);
    // Gone from the simulated cloud last: what the API keeps has to be asked for again.
    if (going !== undefined && isApiObject(type)) await this.cluster?.remove(going);
    this.cloud.delete(type, id);
  }

  exists(type: string, id: string): boolean {
    return this.cloud.find(type, id) !== undefined;
  }

  invoke(token: string, args: Wire): Record<string, unknown> {
    const answer = functionTypes.get(token);
    if (answer === undefined) throw new Error(`the simulator does not know the function ${token}`);
    return answer(opened(args) as Record<string, unknown>, { region: this.region, kubeconfig: this.cluster?.kubeconfig });
  }

  private async applied(type: string, inputs: Wire): Promise<void> {
    if (isApiObject(type)) await this.cluster?.apply(opened(inputs) as Record<string, unknown>);
  }

  /** What a preview may show of the computed values: which there will be, and where they follow from the inputs, what they are. */
  private expected(row: ResourceType, type: string, name: string, urn: string, inputs: Wire): Wire {
    const plain = opened(inputs) as Record<string, unknown>;
    const registration: Registration = { type, name, inputs: plain, region: regionOfResource(type, plain, this.region), seed: urn };
    return row.computed?.(registration) ?? {};
  }

  private outputs(row: ResourceType, inputs: Wire, computed: Wire, known: boolean): Wire {
    const shown = Object.entries(computed).map(([key, value]) => {
      const wire = known ? value : unknownValue;
      return [key, row.secrets?.includes(key) === true ? secretEnvelope(wire) : wire] as const;
    });
    return { ...inputs, ...Object.fromEntries(shown) };
  }

  private row(type: string): ResourceType {
    const row = resourceTypes.get(type);
    if (row === undefined) throw new Error(`the simulator does not know the type ${type}: add a row for it`);
    return row;
  }
}

/** The value at a path of map keys. */
function valueAt(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? (inner as Wire)[key] : undefined), value);
}

function withName(path: string, inputs: Wire, name: () => string): Wire {
  const found = valueAt(inputs, path);
  if (found !== undefined && found !== null) return inputs;
  const [first = "", ...rest] = path.split(".");
  const inner = inputs[first];
  return { ...inputs, [first]: rest.length === 0 ? name() : withName(rest.join("."), (inner ?? {}) as Wire, name) };
}

function madeUp(row: ResourceType, name: string, randomSeed: Uint8Array): string {
  const { separator, digits: length, longest } = row.autoName ?? { separator: "-", digits: 7, longest: 63 };
  const suffix = `${separator}${digits(length, Buffer.from(randomSeed).toString("hex"))}`;
  return `${name.slice(0, longest - suffix.length)}${suffix}`;
}

/** The name that the resource already has, where it was made up. */
function kept(row: ResourceType, name: string, olds: Wire): string | undefined {
  const old = row.nameProperty === undefined ? undefined : valueAt(olds, row.nameProperty);
  return typeof old === "string" && isMadeUp(row, name, old) ? old : undefined;
}

function isMadeUp(row: ResourceType, name: string, candidate: string): boolean {
  const { separator, digits: length, longest } = row.autoName ?? { separator: "-", digits: 7, longest: 63 };
  const stem = candidate.slice(0, candidate.length - length - separator.length);
  return (
    name.slice(0, longest - length - separator.length) === stem &&
    new RegExp(`^${separator}[0-9a-f]{${length}}$`).test(candidate.slice(stem.length))
  );
}
