import { runSimulation, runUnsafeSimulation, type Simulation } from "@cloud-copilot/iam-simulate";

import { actionFacts, tellsKey, typesOf } from "./aws-data";
import type { DocumentKind } from "./documents";
import { arnParts, many, type OneOrMany, type PolicyDocument } from "./policy";
import type { Scene } from "./scene";

/** A call of AWS's API. */
export interface Call {
  readonly action: string;
  /** ARNs of all that the call names, or `*` for an action that acts on nothing in particular. It passes where each of them passes. */
  readonly on: OneOrMany<string>;
  /** Condition keys that AWS tells of this call, beside those of every call. */
  readonly with?: Context;
}

type Context = Readonly<Record<string, OneOrMany<string> | undefined>>;

/** Who calls: a service of AWS by its name, or a role by its ARN with the policies that it has. */
export interface Caller {
  readonly principal: string;
  readonly policies: readonly { readonly name: string; readonly policy: PolicyDocument }[];
}

/**
 * Whether AWS would let a call pass, by the caller's policies and by those of the stack's keys, buckets, topics, vaults and roles.
 *
 * Which keys AWS tells is asked of its own data here: the simulator would take tags of a request or of a resource from every call.
 *
 * @throws where there is no such call: an action or a resource that AWS does not know, or a condition key that it does not tell of them
 */
export async function passes(scene: Scene, caller: Caller, call: Call): Promise<boolean> {
  const facts = await actionFacts(call.action);
  if (facts === undefined) throw new Error(`AWS has no action ${call.action}`);
  const told: Context = { ...everyCall(scene, caller.principal), ...call.with };
  const heard = new Set<string>();
  const decisions = many(call.on).map(async (resource) => {
    const types = typesOf(facts, resource);
    if (resource === "*" ? facts.resourceTypes.length > 0 : types.length === 0)
      throw new Error(`${call.action} does not act on ${resource}`);
    const context = Object.entries(told).flatMap(([key, values]): [string, string | string[]][] => {
      if (values === undefined || !tellsKey(facts, types, key)) return [];
      heard.add(key);
      return [[key, typeof values === "string" ? values : [...values]]];
    });
    return allowed(scene, caller, call.action, resource, Object.fromEntries(context));
  });
  const results = await Promise.all(decisions);
  const untold = Object.keys(call.with ?? {}).filter((key) => !heard.has(key));
  if (untold.length > 0) throw new Error(`${call.action} on ${many(call.on).join(", ")} does not tell ${untold.join(", ")}`);
  return results.every((result) => result);
}

async function allowed(
  scene: Scene,
  { principal, policies }: Caller,
  action: string,
  resource: string,
  contextVariables: Record<string, string | string[]>,
): Promise<boolean> {
  const simulation: Simulation = {
    request: { principal, action, resource: { resource, accountId: ownerOf(scene, resource) }, contextVariables },
    identityPolicies: [...policies],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  const resourcePolicy = policyOn(scene, action, resource);
  // The first asks no data, which is asked above, and breaks down over the policy of a resource. The other takes one, but knows only the classic
  // half of Elastic Load Balancing, whose resources have no policies.
  if (resourcePolicy === undefined) return runUnsafeSimulation(simulation, {}) === "Allowed";
  const result = await runSimulation(withPlainContext({ ...simulation, resourcePolicy }), {});
  if (result.resultType === "error") throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  return result.overallResult === "Allowed";
}

/** How AWS's data writes any key of an encryption context. */
const anyContext = "kms:EncryptionContext:${EncryptionContextKey}";

/**
 * The same with the key of the encryption context under the name that it has in AWS's data: the simulator knows it under no other. What the
 * policies say of further keys is left as it is, and so are not told.
 */
function withPlainContext(simulation: Simulation): Simulation {
  const [key, ...more] = Object.keys(simulation.request.contextVariables).filter((told) => told.startsWith("kms:EncryptionContext:"));
  if (more.length > 0) throw new Error(`an encryption context of several keys cannot be simulated: ${[key, ...more].join(", ")}`);
  return key === undefined
    ? simulation
    : (JSON.parse(JSON.stringify(simulation).replaceAll(`"${key}":`, `"${anyContext}":`)) as Simulation);
}

/** What AWS tells of every call, over TLS from within the stack; of KMS's, also whose it is. */
function everyCall({ account, region }: Scene, principal: string): Context {
  const common = { "aws:SecureTransport": "true", "aws:RequestedRegion": region };
  if (!principal.startsWith("arn:")) return { ...common, "aws:PrincipalIsAWSService": "true" };
  return { ...common, "aws:PrincipalArn": principal, "aws:PrincipalAccount": account, "kms:CallerAccount": account };
}

/** The account that a resource belongs to; buckets do not say, and those of the tables are the stack's own account's. */
function ownerOf(scene: Scene, resource: string): string {
  const account = arnParts(resource)?.account;
  return account === undefined || !/^\d+$/.test(account) ? scene.account : account;
}

const guards: Readonly<Record<string, DocumentKind>> = { kms: "key", s3: "bucket", sns: "topic", backup: "vault", sts: "trust" };

/** The policy that stands on a resource of the stack. */
function policyOn(scene: Scene, action: string, resource: string): PolicyDocument | undefined {
  const guard = guards[action.slice(0, action.indexOf(":"))];
  return scene.documents.find(
    ({ kind, owner }) => kind === guard && (owner === resource || (kind === "bucket" && resource.startsWith(`${owner}/`))),
  )?.policy;
}
