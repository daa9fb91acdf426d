import { refusedInputs } from "../../../simulator/checks";
import { resourceTypes } from "../../../simulator/tables";
import { altered } from "./altered";
import { sound } from "./sound-objects";

/** What the check of a type refuses in inputs as the protocol carries them, each as one text. */
export function refused(type: string, inputs: Readonly<Record<string, unknown>>): string[] {
  const row = resourceTypes.get(type);
  if (row === undefined) throw new Error(`there is no row for ${type}`);
  return refusedInputs(row, inputs).map(({ property, reason }) => `${property}: ${reason}`);
}

/** The same of the sound object of a kind with other values at some paths: `refusedWith("core/v1:Service", { "spec.ports[0].port": 0 })`. */
export function refusedWith(kind: string, changes: Readonly<Record<string, unknown>>): string[] {
  const type = `kubernetes:${kind}`;
  const object = Object.entries(changes).reduce((inner, [path, value]) => altered(inner, path, value), sound[type] ?? {});
  return refused(type, object);
}
