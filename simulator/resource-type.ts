import { createHash } from "node:crypto";

import type * as pulumi from "@pulumi/pulumi";

/** What a simulated cloud knows of a resource when it makes or changes it. */
export interface Registration {
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** As the program gave them; unknown values are missing. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Where it lies. */
  readonly region: string;
  /** What made-up ids and names are made of: the URN, and for a second resource under one URN something more. */
  readonly seed: string;
  /** Outputs before a change; missing at creation. */
  readonly previous?: Readonly<Record<string, unknown>>;
  /** Inputs before a change; missing at creation. */
  readonly previousInputs?: Readonly<Record<string, unknown>>;
}

/** Something that a cloud refuses, by the property that is at fault. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** Looks up what a simulated cloud holds. */
export interface Inventory {
  /** Inputs and outputs of the live resource of that type whose id is `id`. */
  readonly find: (type: string, id: string) => Readonly<Record<string, unknown>> | undefined;
  /** Inputs and outputs of all live resources of a type. */
  readonly all: (type: string) => readonly Readonly<Record<string, unknown>>[];
}

/** One row of the simulator's table: how a cloud answers to one type of resource. */
export interface ResourceType {
  /** The id that the cloud gives. */
  readonly id: (resource: Registration) => string;
  /** What the cloud computes, beside the inputs that it returns as they are. A preview knows none of it. */
  readonly computed?: (resource: Registration) => Record<string, unknown>;
  /** Whether a preview knows the computed values too, since they follow from the inputs. */
  readonly knownAtPreview?: boolean;
  /** Computed values that another change may change: a preview of it does not know them. */
  readonly recomputed?: readonly string[];
  /** Computed values that are secret. */
  readonly secrets?: readonly string[];
  /** The property that holds tags, where the type takes them. */
  readonly tags?: string;
  /** The input that names the resource; where it is missing the provider makes a name of the logical one. */
  readonly nameProperty?: string;
  /** The form of a made-up name. */
  readonly autoName?: { readonly separator: string; readonly digits: number; readonly longest: number };
  /** Inputs, by path, that can be set at creation only: a change of one makes another resource. */
  readonly createOnly?: readonly string[];
  /** Inputs that can be set at creation only unless the provider was told otherwise by one of its own settings; some new inputs overrule it. */
  readonly createOnlyUnless?: {
    readonly setting: string;
    readonly paths: readonly string[];
    readonly evenSo?: (inputs: Readonly<Record<string, unknown>>) => boolean;
  };
  /** Inputs that say another resource's id where the id has no form of its own, by the type they have to be. */
  readonly refersTo?: Readonly<Record<string, string>>;
  /** Whether the cloud deletes it while others still refer to it. */
  readonly outlivedByReferences?: boolean;
  /**
   * Whether what lies below it goes with it, instead of holding it back: Azure deletes a storage account with everything inside. A list names the
   * types of which that holds.
   */
  readonly takesAlong?: true | readonly string[];
  /** What the cloud refuses in the inputs alone; a preview says so. */
  readonly check?: (inputs: Readonly<Record<string, unknown>>) => Failure[];
  /** The same of inputs in which unknown values are marked instead of missing: whether something is missing cannot be said otherwise. */
  readonly validate?: (inputs: Readonly<Record<string, unknown>>) => Failure[];
  /** What it refuses because of what it already holds; only a deployment finds out. */
  readonly refuse?: (resource: Registration, inventory: Inventory) => Failure[];
  /** Why it cannot be deleted as things are, beside that others refer to it; undefined where it can. */
  readonly refuseDeletion?: (resource: Registration, inventory: Inventory) => string | undefined;
}

type Paths<R> = keyof R & string;
type TagsOf<R> = "tags" extends keyof R ? { readonly tags: "tags" } : { readonly tags?: never };
type ComputedOf<R> = { readonly [K in keyof R]?: R[K] extends pulumi.Output<infer T> ? T | undefined : unknown };

/** The parts of a row that name properties, held against the class. */
interface Checked<R> {
  readonly computed?: (resource: Registration) => ComputedOf<R>;
  readonly recomputed?: readonly Paths<R>[];
  readonly secrets?: readonly Paths<R>[];
  readonly createOnly?: readonly (Paths<R> | `${Paths<R>}.${string}`)[];
  readonly refersTo?: { readonly [K in Paths<R>]?: string };
}

/**
 * A row for a class of an SDK. The compiler holds it against the class: the properties that it names must be properties of the class, and a
 * type that takes tags must say so.
 */
export function row<R>(own: Omit<ResourceType, "tags" | keyof Checked<R>> & TagsOf<R> & Checked<R>): ResourceType {
  return own as ResourceType;
}

/** What a function of a provider may know beside its arguments. */
export interface FunctionContext {
  readonly region: string;
  /** Kubeconfig of a real cluster that stands in for the simulated one. */
  readonly kubeconfig?: string | undefined;
}

/** A function of a provider: what it answers to its arguments. */
export type FunctionType = (args: Readonly<Record<string, unknown>>, context: FunctionContext) => Record<string, unknown>;

/** Types and functions of one package. */
export interface PackageTable {
  readonly types: Readonly<Record<string, ResourceType>>;
  readonly functions: Readonly<Record<string, FunctionType>>;
}

/** `length` hexadecimal digits that follow from the texts alone: a simulated cloud gives the same resource the same id in every run. */
export function digits(length: number, ...texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, length);
}

/** Where a resource lies: every type of AWS takes a region of its own; otherwise it lies in the stack's. */
export function regionOfResource(type: string, inputs: Readonly<Record<string, unknown>>, stack: string): string {
  const { region } = inputs;
  return type.startsWith("aws:") && typeof region === "string" ? region : stack;
}

/** An input that has to be a text; `fallback` where it is missing or not known yet. */
export function textInput(resource: Pick<Registration, "inputs">, property: string, fallback = ""): string {
  const value = resource.inputs[property];
  return typeof value === "string" ? value : fallback;
}
