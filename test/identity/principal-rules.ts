import type { GraphDocument } from "./documents";
import { conditionsOf, many, principalsOf, type Statement } from "./policy";
import type { Finding, Surroundings } from "./finding";

/**
 * How a service of AWS, which works for every customer, is held to this account: what it says of whom it works for, or why it needs no such bound.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
const services: Readonly<Record<string, "source" | "source-if-told" | "log-group" | "log-path" | "pod">> = {
  // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
  "vpc-flow-logs.amazonaws.com": "source",
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html
  "backup.amazonaws.com": "source",
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
  "cloudwatch.amazonaws.com": "source",
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
  "events.amazonaws.com": "source",
  // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
  "budgets.amazonaws.com": "source",
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
  "logging.s3.amazonaws.com": "source",
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
  "delivery.logs.amazonaws.com": "source",
  // AWS's example has no condition, and nothing says that S3 always tells for whom it copies:
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
  "s3.amazonaws.com": "source-if-told",
  // The account is in the path: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
  "logdelivery.elasticloadbalancing.amazonaws.com": "log-path",
  // https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
  "pods.eks.amazonaws.com": "pod",
};

/**
 * Services that get a role only from whoever may hand it over (`iam:PassRole`), which is nobody of another account, and of which AWS documents
 * no key that would say more.
 */
const passedRoles: readonly string[] = [
  // https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
  "ec2.amazonaws.com",
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
  "backup.amazonaws.com",
];

/** What is wrong with whom a statement lets in. */
export function principalProblems(document: GraphDocument, statement: Statement, { account, regions }: Surroundings): Finding[] {
  if (statement.Effect === "Deny") return [];
  return principalsOf(statement).flatMap(({ kind, id }): Finding[] => {
    const of = (rule: string, text: string): Finding => ({ rule, subject: id, text: `${id} ${text}` });
    switch (kind) {
      case "Service":
        if (document.kind === "trust" && passedRoles.includes(id)) return [];
        return serviceFindings(id, statement, account, regions).map(([rule, text]) => of(rule, text));
      case "Federated":
        return federatedFindings(statement).map((text) => of("federated", text));
      case "AWS":
        // The endpoint policy bounds what passes through it; who may call is everyone's own policies' to say.
        if (id === "*" && document.kind !== "endpoint" && !heldToAccount(statement, account))
          return [of("open-principal", "is everyone in every account")];
        return id === "*" || id.includes(`:${account}:`) ? [] : [of("foreign-principal", "belongs to another account")];
      default:
        return [of("foreign-principal", `is a ${kind}`)];
    }
  });
}

/** Whether a statement for everyone is for callers of one account only. */
function heldToAccount(statement: Statement, account: string): boolean {
  return conditionsOf(statement).some(
    ({ operator, key, values }) =>
      /^(kms:CallerAccount|aws:PrincipalAccount|aws:SourceAccount)$/i.test(key) && operator === "StringEquals" && values.join() === account,
  );
}

function serviceFindings(id: string, statement: Statement, account: string, regions: readonly string[]): [rule: string, text: string][] {
  const regional = /^logs\.([a-z0-9-]+)\.amazonaws\.com$/.exec(id)?.[1];
  if (regional !== undefined && !regions.includes(regional)) return [["foreign-principal", "is of a region where the stack has nothing"]];
  const bound = regional === undefined ? services[id] : "log-group";
  if (bound === undefined) return [["unknown-service", "is no service that principal-rules.ts knows how to hold to this account"]];
  switch (bound) {
    case "pod":
      return podFindings(statement).map((text) => ["pod-identity", text]);
    case "source-if-told":
      return namesAccount(statement, account, /^aws:Source(Account|Arn)$/i, "(IfExists)?")
        ? []
        : [["confused-deputy", "works for every account: ask for aws:SourceAccount or aws:SourceArn, if told"]];
    case "source":
      return namesAccount(statement, account, /^aws:Source(Account|Arn)$/i)
        ? []
        : [["confused-deputy", "works for every account: ask for aws:SourceAccount or aws:SourceArn"]];
    case "log-group":
      return namesAccount(statement, account, /^(kms:EncryptionContext:aws:logs:arn|aws:Source(Account|Arn))$/i)
        ? []
        : [["confused-deputy", "works for every account: ask for the log groups' ARN in the encryption context"]];
    case "log-path":
      return namesAccount(statement, account, /^aws:Source(Account|Arn)$/i) ||
        many(statement.Resource).every((resource) => resource.includes(`/AWSLogs/${account}/`))
        ? []
        : [["confused-deputy", `works for every account: its path must go through AWSLogs/${account}`]];
  }
}

function namesAccount(statement: Statement, account: string, keys: RegExp, ifExists = ""): boolean {
  const operators = new RegExp(`^(String|Arn)(Equals|Like)${ifExists}$`);
  return conditionsOf(statement).some(
    ({ operator, key, values }) =>
      keys.test(key) && operators.test(operator) && values.every((value) => value === account || value.includes(`:${account}:`)),
  );
}

/** Of all pods of all clusters of the account, those of one service account. */
function podFindings(statement: Statement): string[] {
  return ["kubernetes-namespace", "kubernetes-service-account"]
    .filter((tag) => {
      const found = conditionsOf(statement).find(({ key }) => key === `aws:RequestTag/${tag}`);
      return found?.operator !== "StringEquals" || found.values.length !== 1;
    })
    .map((tag) => `vouches for every pod: ask for one aws:RequestTag/${tag}`);
}

/** Of all that an OpenID Connect provider vouches for, one service account, and only what it made for AWS. */
function federatedFindings(statement: Statement): string[] {
  return ["sub", "aud"]
    .filter((claim) => !conditionsOf(statement).some(({ operator, key }) => operator === "StringEquals" && key.endsWith(`:${claim}`)))
    .map((claim) => `vouches for more than one service account: ask for ${claim}`);
}
