import type { Problem } from "./finding";

/** A problem that stays, and why. */
export interface Accepted {
  readonly rule: string;
  readonly document: string;
  readonly subject: string | RegExp;
  readonly reason: string;
}

const kinsOfKey =
  "AWS writes key policies with these two wildcards: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html";

/** Each is met by some variant of the stack, or a test says so. */
export const accepted: readonly Accepted[] = [
  ...["encryption-logs-key", "encryption-volumes-key", "encryption-alerts-key"].map((document) => ({
    rule: "wildcard-action",
    document,
    subject: /^kms:(ReEncrypt|GenerateDataKey)\*$/,
    reason: kinsOfKey,
  })),
  {
    rule: "key-not-told",
    document: "encryption-logs-key",
    subject: "kms:DescribeKey kms:EncryptionContext:aws:logs:arn",
    reason:
      "AWS's own text names it, and it grants nothing: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  },
  {
    rule: "foreign-principal",
    document: "store-access-logs-policy",
    subject: /^arn:aws:iam::\d{12}:root$/,
    reason:
      "AWS's own account for load balancers of older regions: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
  },
];

export function isAccepted(problem: Problem): boolean {
  return accepted.some((one) => accepts(one, problem));
}

export function accepts({ rule, document, subject }: Accepted, problem: Problem): boolean {
  const fits = typeof subject === "string" ? subject === problem.subject : subject.test(problem.subject);
  return fits && rule === problem.rule && document === problem.document;
}
