import { actionFacts, actionsLike, tellsKey, typesOf, type ActionFacts } from "./aws-data";
import type { GraphDocument } from "./documents";
import { arnParts, conditionsOf, many, principalsOf, type Statement } from "./policy";
import type { Finding, Surroundings } from "./finding";

/** What is wrong with a statement's actions, with the resources they stand on, and with its condition keys for them. */
export async function actionProblems(document: GraphDocument, statement: Statement, surroundings: Surroundings): Promise<Finding[]> {
  const resources = many(statement.Resource);
  const findings: Finding[] = [...resourceFindings(document, resources, surroundings)];
  const known: ActionFacts[] = [];
  for (const action of many(statement.Action)) {
    if (/[*?]/.test(action)) {
      findings.push(...(await wildcardFindings(document, statement, action)));
      continue;
    }
    const facts = await actionFacts(action);
    if (facts === undefined) {
      findings.push({ rule: "unknown-action", subject: action, text: `AWS has no action ${action}` });
      continue;
    }
    known.push(facts);
    findings.push(...levelFindings(document, facts, action, resources), ...keyFindings(facts, resources, statement));
  }
  // What a wildcard stands for acts on whatever there is.
  return known.length === many(statement.Action).length ? [...findings, ...idleResources(known, resources)] : findings;
}

async function wildcardFindings(document: GraphDocument, statement: Statement, action: string): Promise<Finding[]> {
  const found = await actionsLike(action);
  if (action !== "*" && found.length === 0) return [{ rule: "unknown-action", subject: action, text: `AWS has no action like ${action}` }];
  const all = await Promise.all(found.map(actionFacts));
  // A refusal cannot be too wide for its own good. And the account must be able to administer its key:
  // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
  if (statement.Effect === "Deny" || (document.kind === "key" && action === "kms:*" && ofAccount(statement)))
    return keysOfNone(all, statement, action);
  return [
    { rule: "wildcard-action", subject: action, text: `${action} stands for ${found.length} actions, and for what AWS adds` },
    ...all.flatMap((facts) => (facts === undefined ? [] : keyFindings(facts, many(statement.Resource), statement))),
  ];
}

const ofAccount = (statement: Statement): boolean => principalsOf(statement).every(({ id }) => /:iam::\d{12}:root$/.test(id));

/** Keys that none of many actions knows. */
function keysOfNone(all: readonly (ActionFacts | undefined)[], statement: Statement, action: string): Finding[] {
  const unknown = conditionsOf(statement).filter(
    ({ key }) => !all.some((facts) => facts !== undefined && tellsKey(facts, facts.resourceTypes, key)),
  );
  return unknown.map(({ key }) => ({ rule: "key-not-told", subject: `${action} ${key}`, text: `no ${action} tells ${key}` }));
}

/** Resources that are too wide, somebody else's, or not what the document is attached to. */
function resourceFindings(document: GraphDocument, resources: readonly string[], { account, regions }: Surroundings): Finding[] {
  return resources.flatMap((resource): Finding[] => {
    const of = (rule: string, text: string): Finding => ({ rule, subject: resource, text: `${resource} ${text}` });
    if (document.kind !== "inline" && document.kind !== "managed" && document.kind !== "endpoint" && !isOwn(document, resource))
      return [of("other-resource", `is not ${document.owner}, to which the policy is attached`)];
    if (resource === "*") return [];
    const parts = arnParts(resource);
    if (parts === undefined) return [of("resource-syntax", "is no ARN")];
    const wide = /[*?]/;
    return [
      ...(wide.test(parts.region) || wide.test(parts.account) || wide.test(parts.service)
        ? [of("wide-resource", "reaches into other regions, accounts or services")]
        : []),
      ...(wide.test(/^[^:/]*/.exec(parts.resource)?.[0] ?? "") ? [of("wide-resource", "names no type of resource")] : []),
      ...(/^\d+$/.test(parts.account) && parts.account !== account ? [of("foreign-resource", "belongs to another account")] : []),
      ...(/^[a-z]/.test(parts.region) && !regions.includes(parts.region)
        ? [of("foreign-resource", "lies in a region where the stack has nothing")]
        : []),
    ];
  });
}

function isOwn({ kind, owner }: GraphDocument, resource: string): boolean {
  // In the policy of a key or a vault, `*` is the thing itself.
  if (kind === "key" || kind === "vault") return resource === "*" || resource === owner;
  return owner === "*" || resource === owner || resource.startsWith(`${owner}/`);
}

/** An action that AWS can bind to a resource and that is bound to none, or the other way round. */
function levelFindings(document: GraphDocument, facts: ActionFacts, action: string, resources: readonly string[]): Finding[] {
  if (facts.name !== action) return [{ rule: "unknown-action", subject: action, text: `AWS writes ${facts.name}` }];
  // Bound by what they are attached to.
  if (document.kind === "trust" || document.kind === "key" || document.kind === "vault") return [];
  const types = facts.resourceTypes.map(({ name }) => name).join(", ");
  const of = (rule: string, text: string): Finding[] => [{ rule, subject: action, text: `${action} ${text}` }];
  if (resources.includes("*")) return types === "" ? [] : of("wildcard-resource", `stands on *, and AWS can bind it to ${types}`);
  if (types === "") return of("no-resource-level", "is known to AWS on * only, so that it grants nothing on a resource");
  return resources.some((resource) => typesOf(facts, resource).length > 0)
    ? []
    : of("resource-type", `acts on ${types}, and on nothing that the statement names`);
}

/** Resources that none of a statement's actions acts on. */
function idleResources(all: readonly ActionFacts[], resources: readonly string[]): Finding[] {
  return resources
    .filter((resource) => resource !== "*" && !all.some((facts) => typesOf(facts, resource).length > 0))
    .map((resource) => ({ rule: "resource-type", subject: resource, text: `${resource} is nothing that the statement's actions act on` }));
}

/** Keys of the statement that AWS does not tell for this action on these resources: such a condition never holds, or always. */
function keyFindings(facts: ActionFacts, resources: readonly string[], statement: Statement): Finding[] {
  const types = resources.length === 0 ? facts.resourceTypes : resources.flatMap((resource) => typesOf(facts, resource));
  return conditionsOf(statement)
    .filter(({ key }) => !isFederated(key) && !tellsKey(facts, types, key))
    .map(({ key }) => ({ rule: "key-not-told", subject: `${facts.name} ${key}`, text: `${facts.name} does not tell ${key}` }));
}

/** A claim of an OpenID Connect provider, which AWS cannot list. */
const isFederated = (key: string): boolean => /^[a-z0-9.-]+\.[a-z]+\/.*:(aud|sub)$/i.test(key);

/** What a role was given in part only: an action on one type of resource, while every call of it names another one too. */
export async function incompleteGrants(documents: readonly GraphDocument[]): Promise<Finding[]> {
  const granted = new Map<string, string[]>();
  for (const { Effect, Action, Resource } of documents.flatMap(({ policy }) => many(policy.Statement)))
    if (Effect === "Allow") for (const action of many(Action)) granted.set(action, [...(granted.get(action) ?? []), ...many(Resource)]);
  const findings = await Promise.all(
    [...granted].map(async ([action, resources]) => {
      const facts = await actionFacts(action);
      // Where AWS names several types as required it means one of them.
      const required = facts?.resourceTypes.filter(({ required }) => required) ?? [];
      if (facts === undefined || required.length === 0 || resources.includes("*")) return [];
      const reached = resources.flatMap((resource) => typesOf(facts, resource).map(({ name }) => name));
      if (required.some(({ name }) => reached.includes(name))) return [];
      return [
        { rule: "incomplete", subject: action, text: `every call of ${action} needs ${required.map(({ name }) => name).join(" or ")}` },
      ];
    }),
  );
  return findings.flat();
}
