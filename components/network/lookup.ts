import { show, type Problem } from "../configuration-error";

/** Something that the configuration names and that has to be there. */
export interface Wanted {
  /** Full key under which it is named. */
  readonly key: string;
  readonly id: string;
  readonly cloud: "AWS" | "Azure";
  /** Where it has to be: "account and region", "subscription". */
  readonly place: string;
  readonly cure: string;
}

/** What a cloud answers to a question, or that it does not: in its own words. */
export async function lookUp<T>(wanted: Wanted, ask: () => Promise<T>): Promise<{ answer: T } | { problem: Problem }> {
  try {
    return { answer: await ask() };
  } catch (error) {
    const { key, id, cloud, place, cure } = wanted;
    const words = (error instanceof Error ? error.message : String(error)).split("\n").at(0) ?? "";
    const limit = `It must exist in the ${place} of the stack; ${cloud} says: ${words}`;
    return { problem: { key, value: show(id), limit, cure } };
  }
}
