import { account } from "./aws";
import { subscription } from "./azure";

/** A place in a resource's inputs that means another resource. */
export interface Reference {
  /** Path of the input. */
  readonly property: string;
  /** What stands there. */
  readonly id: string;
  /** What it has to be, where the input says so. */
  readonly type?: string;
}

/** Ids that only the simulated clouds give out: wherever one stands, it means the resource that got it. */
const idForms = [
  /^(eipalloc|fl|igw|lt|nat|rtb|sg|subnet|vpc|vpce)-0[0-9a-f]{16}$/,
  new RegExp(`^arn:aws:[a-z0-9-]+:[a-z0-9-]*:${account}:(?!root$|role/deployer$)`),
  new RegExp(`^/subscriptions/${subscription}/`),
];

/** Every id of a simulated resource in `inputs`. Documents that are written as one text (policies) are not looked into. */
export function findReferences(inputs: unknown, path = ""): Reference[] {
  if (typeof inputs === "string") return idForms.some((form) => form.test(inputs)) ? [{ property: path, id: inputs }] : [];
  if (Array.isArray(inputs)) return inputs.flatMap((item, index) => findReferences(item, `${path}[${index}]`));
  if (typeof inputs !== "object" || inputs === null) return [];
  return Object.entries(inputs).flatMap(([key, value]) => findReferences(value, path === "" ? key : `${path}.${key}`));
}
