/**
 * What one position of a pattern may be: a character, any one character, or a run of characters that `run` admits. A policy's own wildcards
 * admit everything, a variable of AWS's ARN templates what such a name may hold.
 */
type Token = { readonly char: string } | { readonly one: true } | { readonly run: RegExp };

const anything = /[^]/;

/** A resource as a policy names it, where `*` and `?` are wildcards. */
function policyTokens(pattern: string): Token[] {
  return Array.from(pattern).map((char) => (char === "*" ? { run: anything } : char === "?" ? { one: true } : { char }));
}

/** Names that hold slashes; any other variable stands for one segment. */
const paths = /^(ObjectName|LogGroupName|LogStreamName|Alias|.*WithPath|.*Path|RepositoryName)$/;

/** An ARN template of AWS, such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. */
function templateTokens(template: string): Token[] {
  return template
    .split(/(\$\{[^}]+\})/)
    .flatMap((part): Token[] =>
      part.startsWith("${") ? [{ run: paths.test(part.slice(2, -1)) ? anything : /[^:/]/ }] : policyTokens(part),
    );
}

/** Whether some ARN fits both what a policy names and AWS's template of a type of resource. */
export function fitsTemplate(pattern: string, template: string): boolean {
  // IAM wants an action on a log group to name `log-group:NAME:*`: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
  const ending = template.endsWith(":log-group:${LogGroupName}") && pattern.endsWith(":*") ? ":*" : "";
  return meet(policyTokens(pattern.slice(0, pattern.length - ending.length)), templateTokens(template));
}

/** Whether some text fits both patterns. */
function meet(left: readonly Token[], right: readonly Token[]): boolean {
  const seen = new Set<string>();
  const open: [number, number][] = [[0, 0]];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [i, j] = at;
    if (i === left.length && j === right.length) return true;
    if (seen.has(`${i} ${j}`)) continue;
    seen.add(`${i} ${j}`);
    const [a, b] = [left[i], right[j]];
    if (a !== undefined && "run" in a) open.push([i + 1, j]);
    if (b !== undefined && "run" in b) open.push([i, j + 1]);
    if (a === undefined || b === undefined || !common(a, b)) continue;
    // A run stays where it is.
    open.push(["run" in a ? i : i + 1, "run" in b ? j : j + 1]);
  }
  return false;
}

/** Whether one character fits both. */
function common(a: Token, b: Token): boolean {
  if ("char" in a && "char" in b) return a.char === b.char;
  if ("char" in a) return "one" in b || ("run" in b && b.run.test(a.char));
  return "char" in b ? common(b, a) : true;
}
