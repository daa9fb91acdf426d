import {
  validateEndpointPolicy,
  validateIdentityPolicy,
  validateResourcePolicy,
  validateTrustPolicy,
  type ValidationError,
} from "@cloud-copilot/iam-policy";

import { actionProblems } from "./action-rules";
import { conditionProblems } from "./condition-rules";
import type { DocumentKind, GraphDocument } from "./documents";
import type { Finding, Problem, Surroundings } from "./finding";
import { many, type PolicyDocument, type Statement } from "./policy";
import { principalProblems } from "./principal-rules";

const syntax: Readonly<Record<DocumentKind, (policy: PolicyDocument) => ValidationError[]>> = {
  trust: validateTrustPolicy,
  inline: validateIdentityPolicy,
  managed: validateIdentityPolicy,
  key: validateResourcePolicy,
  bucket: validateResourcePolicy,
  topic: validateResourcePolicy,
  vault: validateResourcePolicy,
  logs: validateResourcePolicy,
  endpoint: validateEndpointPolicy,
};

/**
 * Most characters of a document. The inline policies of a role share theirs.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
 * https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const longest: Partial<Record<DocumentKind, number>> = {
  trust: 2048,
  inline: 10_240,
  managed: 6144,
  key: 32_768,
  bucket: 20_480,
  topic: 30_720,
  endpoint: 20_480,
  logs: 5120,
};

/** Everything that is wrong with a document by itself. */
export async function problemsOf(document: GraphDocument, surroundings: Surroundings): Promise<readonly Problem[]> {
  const statements = many(document.policy.Statement);
  const findings = [
    ...syntax[document.kind](document.policy).map(({ path, message }) => ({ rule: "syntax", subject: path, text: message })),
    ...documentFindings(document.policy, statements),
    ...sizeFindings(document.kind, [document.policy]),
    ...(await Promise.all(statements.map((statement) => statementFindings(document, statement, surroundings)))).flat(),
  ];
  return findings.map((finding) => ({ ...finding, document: document.name }));
}

async function statementFindings(document: GraphDocument, statement: Statement, surroundings: Surroundings): Promise<Finding[]> {
  return [
    ...negations(statement),
    ...(await actionProblems(document, statement, surroundings)),
    ...(await conditionProblems(statement)),
    ...principalProblems(document, statement, surroundings),
  ];
}

function documentFindings({ Version }: PolicyDocument, statements: readonly Statement[]): Finding[] {
  const sids = statements.flatMap(({ Sid }) => Sid ?? []);
  const twice = sids.filter((sid, index) => sids.indexOf(sid) !== index);
  return [
    ...(Version === "2012-10-17"
      ? []
      : [{ rule: "version", subject: String(Version), text: "the version is not 2012-10-17, without which variables are plain text" }]),
    ...twice.map((sid) => ({ rule: "sid", subject: sid, text: `two statements are called ${sid}` })),
  ];
}

/** What a negation covers grows with every service that AWS adds. */
function negations(statement: Statement): Finding[] {
  const negated = (["NotAction", "NotResource", "NotPrincipal"] as const).filter((element) => statement[element] !== undefined);
  return negated.map((element) => ({ rule: "negation", subject: element, text: `${element} covers what nobody has thought of` }));
}

/** Whether documents of a kind, together, are longer than AWS takes. White space does not count. */
export function sizeFindings(kind: DocumentKind, policies: readonly PolicyDocument[]): Finding[] {
  const limit = longest[kind];
  const size = policies.reduce((sum, policy) => sum + JSON.stringify(policy).length, 0);
  if (limit === undefined || size <= limit) return [];
  return [{ rule: "size", subject: kind, text: `${size} characters are more than the ${limit} that AWS takes` }];
}
