import { createHash } from "node:crypto";

import type * as pulumi from "@pulumi/pulumi";

/** What a simulated cloud knows of a resource when it makes it. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** As the program gave them; unknown values are missing. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Region of the stack. */
  readonly region: string;
}

/** Something that a cloud refuses, by the property that is at fault. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** One row of the simulator's table: how a cloud answers to one type of resource. */
export interface ResourceType {
  /** The id that the cloud gives. */
  readonly id: (resource: Registration) => string;
  /** What the cloud computes, beside the inputs that it returns as they are. A preview knows none of it. */
  readonly computed?: (resource: Registration) => Record<string, unknown>;
  /** Whether a preview knows the computed values too, since they follow from the inputs. */
  readonly knownAtPreview?: boolean;
  /** Computed values that are secret. */
  readonly secrets?: readonly string[];
  /** The property that holds tags, where the type takes them. */
  readonly tags?: string;
  /** What the cloud refuses in the inputs. */
  readonly check?: (inputs: Readonly<Record<string, unknown>>) => Failure[];
}

type TagsOf<R> = "tags" extends keyof R ? { readonly tags: "tags" } : { readonly tags?: never };
type ComputedOf<R> = { readonly [K in keyof R]?: R[K] extends pulumi.Output<infer T> ? T | undefined : unknown };

/**
 * A row for a class of an SDK. The compiler holds it against the class: computed values must be properties of it, and a type that takes
 * tags must say so.
 */
export function row<R>(
  own: Omit<ResourceType, "tags" | "computed"> & TagsOf<R> & { readonly computed?: (resource: Registration) => ComputedOf<R> },
): ResourceType {
  return own as ResourceType;
}

/** A function of a provider: what it answers to its arguments. */
export type FunctionType = (args: Readonly<Record<string, unknown>>, region: string) => Record<string, unknown>;

/** Types and functions of one package. */
export interface PackageTable {
  readonly types: Readonly<Record<string, ResourceType>>;
  readonly functions: Readonly<Record<string, FunctionType>>;
}

/** `length` hexadecimal digits that follow from the texts alone: a simulated cloud gives the same resource the same id in every run. */
export function digits(length: number, ...texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, length);
}

/** An input that has to be a text; `fallback` where it is missing or not known yet. */
export function textInput(resource: Pick<Registration, "inputs">, property: string, fallback = ""): string {
  const value = resource.inputs[property];
  return typeof value === "string" ? value : fallback;
}
