import type { Failure, ResourceType } from "./resource-type";
import { opened, revealed, type WireValue } from "./values";

/** What a cloud refuses in the inputs alone, as the protocol carries them: a preview says so, a simulation in this process, and the real engine. */
export function refusedInputs(row: ResourceType, inputs: Readonly<Record<string, WireValue>>): Failure[] {
  const { check, validate } = row;
  return [
    ...(check?.(opened(inputs) as Record<string, unknown>) ?? []),
    ...(validate?.(revealed(inputs) as Record<string, unknown>) ?? []),
  ];
}
