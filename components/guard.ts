import * as pulumi from "@pulumi/pulumi";

import { describeProblem, type Problem } from "./configuration-error";

/** Inputs of a resource as the engine has them: plain values, a secret as it is. */
export type Inputs = Readonly<Record<string, unknown>>;

/** What an input says deep inside; undefined where there is nothing at the path. */
export function inputAt(inputs: Inputs, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined), inputs);
}

/** Tag of the image at a path in the inputs; undefined where there is none. */
export function imageTagAt(inputs: Inputs, ...path: readonly string[]): string | undefined {
  const image = inputAt(inputs, ...path);
  return typeof image === "string" ? image.slice(image.lastIndexOf(":") + 1) : undefined;
}

/**
 * Refuses a change that cannot be taken back, or that would be lost without a word. Only the stack's state knows what was there before, so the
 * engine asks when it reaches the resource: in a preview already, and `pulumi up` begins with one.
 *
 * Bind it as `hooks: { beforeUpdate: [guard(...)] }`: https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
 *
 * @param name unique in the program
 * @param judge what is wrong with the change, if anything
 */
export function guard(name: string, judge: (before: Inputs, wanted: Inputs) => Problem | undefined): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    name,
    ({ oldInputs, newInputs }) => {
      const problem = judge(oldInputs ?? {}, newInputs ?? {});
      if (problem !== undefined) throw new pulumi.RunError(`this change is refused.\n\n${describeProblem(problem)}\n`);
    },
    { onDryRun: true },
  );
}
