import { keyType } from "./aws-data";
import { conditionsOf, many, type Statement } from "./policy";
import type { Finding } from "./finding";

/** Operators by the type of key that they compare. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators: Readonly<Record<string, RegExp>> = {
  String: /^String(Not)?(Equals|EqualsIgnoreCase|Like)$/,
  ARN: /^Arn(Not)?(Equals|Like)$/,
  Bool: /^Bool$/,
  Numeric: /^Numeric(Not)?(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)$/,
  Date: /^Date(Not)?(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)$/,
  IPAddress: /^(Not)?IpAddress$/,
};

/** What is wrong with a statement's conditions themselves, whatever its actions. */
export async function conditionProblems(statement: Statement): Promise<Finding[]> {
  const findings = await Promise.all(
    conditionsOf(statement).map(async ({ operator, key, values }) => {
      const claim = /^[a-z0-9.-]+\.[a-z]+\/.*:(aud|sub)$/i.test(key);
      const type = claim ? "String" : await keyType(key);
      if (type === undefined) return [{ rule: "unknown-key", subject: key, text: `AWS has no condition key ${key}` }];
      return [...operatorFindings(statement, operator, key, type), ...valueFindings(operator, key, values)];
    }),
  );
  return findings.flat();
}

function operatorFindings(statement: Statement, operator: string, key: string, type: string): Finding[] {
  const [, set, base = ""] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(?:IfExists)?$/.exec(operator) ?? [];
  const of = (text: string): Finding => ({ rule: "operator", subject: `${operator} ${key}`, text: `${operator} ${key}: ${text}` });
  if (base === "Null") return [];
  const single = type.replace(/^ArrayOf/, "");
  const findings: Finding[] = [];
  // An ARN in a key of texts compares as one, piece by piece: AWS's own policies do so with the encryption context of log groups.
  const fits =
    operators[single]?.test(base) === true || (single === "String" && /:arn$/i.test(key) && operators["ARN"]?.test(base) === true);
  if (!fits) findings.push(of(`the key's values are of type ${single}`));
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
  if (set === undefined && single !== type) findings.push(of("a key with several values needs ForAllValues or ForAnyValue"));
  if (set !== undefined && single === type) findings.push(of("ForAllValues and ForAnyValue are for keys with several values"));
  if (set === "ForAllValues" && statement.Effect === "Allow" && !demanded(statement, key))
    findings.push(of(`ForAllValues also holds where there is no ${key}: ask for it with Null`));
  return findings;
}

/** Whether another condition asks that the key be there. */
function demanded(statement: Statement, key: string): boolean {
  return conditionsOf(statement).some(
    (other) => other.operator === "Null" && other.key.toLowerCase() === key.toLowerCase() && other.values.join() === "false",
  );
}

function valueFindings(operator: string, key: string, values: readonly string[]): Finding[] {
  const of = (text: string): Finding => ({ rule: "value", subject: `${operator} ${key}`, text: `${operator} ${key}: ${text}` });
  const truth = operator === "Null" || operator.startsWith("Bool");
  return many(values).flatMap((value): Finding[] => {
    if (truth) return ["true", "false"].includes(value) ? [] : [of(`${value} is neither true nor false`)];
    if (!/(Like|^Arn\w*|:Arn\w*)$/.test(operator) && /[*?]/.test(value)) return [of(`in ${value} a wildcard is plain text`)];
    return /Like$/.test(operator) && /^[*]+$/.test(value) ? [of("everything fits")] : [];
  });
}
