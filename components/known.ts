import * as pulumi from "@pulumi/pulumi";

/**
 * What only the cloud can say of a resource. A preview does not know it, whatever the provider returns there of what is about to change.
 *
 * @param refusal what to say in a deployment where the cloud leaves it out; it is thrown
 */
export function known<T>(answer: T | undefined, refusal: () => Error): T {
  if (answer !== undefined) return answer;
  if (pulumi.runtime.isDryRun()) return pulumi.unknown as unknown as T;
  throw refusal();
}
