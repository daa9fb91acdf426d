/** Bounds of a namespace as they work out: disruption budgets over the pods that there are, and what is left of quotas. */
import type { ApiClient } from "./api-client";
import { type Json, type Manifest, describe, listAt, nameOf, objectAt, textAt, textsAt } from "./json";
import { quantity } from "./node-use";
import type { Report } from "./report";

/**
 * Reports budgets that cover no pod, and those that share one: Kubernetes evicts no pod that two budgets cover
 * (https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/registry/core/pod/storage/eviction.go), so that its node cannot be drained.
 */
export async function judgeBudgets(client: ApiClient, report: Report): Promise<void> {
  const budgets = await client.list("policy/v1", "PodDisruptionBudget");
  const covered = await Promise.all(budgets.map((budget) => podsOf(client, budget)));
  budgets.forEach((budget, index) => {
    const pods = covered[index] ?? [];
    const shared = budgets.filter((_, other) => other !== index && covered[other]?.some((pod) => pods.includes(pod)) === true);
    const words = pods.length === 0 ? "it covers no pod" : `these cover its pods, too: ${shared.map(describe).join(", ")}`;
    report.judged("its pods can be evicted", describe(budget), pods.length > 0 && shared.length === 0 ? undefined : words);
  });
}

async function podsOf(client: ApiClient, budget: Manifest): Promise<readonly string[]> {
  const namespace = textAt(budget, "metadata", "namespace") ?? "default";
  const pods = await client.list("v1", "Pod", { namespace, labelSelector: selectorText(objectAt(budget, "spec", "selector")) });
  return pods.map((pod) => `${namespace}/${nameOf(pod)}`);
}

/** A selector as the API takes it in a query. */
function selectorText(selector: Json): string {
  const equal = textsAt(selector, "matchLabels").map(([key, value]) => `${key}=${value}`);
  const set = listAt(selector, "matchExpressions").map((each) => {
    const [key, operator] = [textAt(each, "key") ?? "", textAt(each, "operator") ?? ""];
    const values = `(${listAt(each, "values").map(String).join(",")})`;
    return { In: `${key} in ${values}`, NotIn: `${key} notin ${values}`, Exists: key, DoesNotExist: `!${key}` }[operator] ?? key;
  });
  return [...equal, ...set].join(",");
}

/** One line for each quota: what is used of what there is, the tightest first. */
export async function quotaUse(client: ApiClient): Promise<readonly string[]> {
  const quotas = await client.list("v1", "ResourceQuota");
  return quotas.map((quota) => {
    const shares = textsAt(quota, "status", "hard").flatMap(([resource, hard]) => {
      const used = textAt(quota, "status", "used", resource);
      return used !== undefined ? [{ text: `${resource} ${used} of ${hard}`, share: quantity(used) / quantity(hard) }] : [];
    });
    return `${describe(quota)}: ${shares
      .sort((a, b) => b.share - a.share)
      .map(({ text }) => text)
      .join(", ")}`;
  });
}
