/** IAM's policy documents, as they are written. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: OneOrMany<Statement>;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, OneOrMany<string>>>;
  readonly NotPrincipal?: unknown;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: Conditions;
}

/** Operator to key to values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, OneOrMany<string>>>>>;

export type OneOrMany<T> = T | readonly T[];

export function many<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  // The type guard of Array.isArray knows no readonly arrays.
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** Whether a value has the form of a policy document. */
export function isPolicyDocument(value: unknown): value is PolicyDocument {
  return typeof value === "object" && value !== null && "Statement" in value;
}

/** The conditions of a statement, one for each key. */
export function conditionsOf(
  statement: Statement,
): readonly { readonly operator: string; readonly key: string; readonly values: readonly string[] }[] {
  return Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: many(values) })),
  );
}

/** Principals of a statement by kind; everyone is `AWS`: `*`. */
export function principalsOf(statement: Statement): readonly { readonly kind: string; readonly id: string }[] {
  const { Principal } = statement;
  if (Principal === "*") return [{ kind: "AWS", id: "*" }];
  return Object.entries(Principal ?? {}).flatMap(([kind, ids]) => many(ids).map((id) => ({ kind, id })));
}

/** The parts of an ARN; `resource` may hold colons. */
export interface ArnParts {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

export function arnParts(arn: string): ArnParts | undefined {
  const [, service, region, account, resource] = /^arn:[a-z-]+:([^:]*):([^:]*):([^:]*):(.+)$/s.exec(arn) ?? [];
  if (service === undefined || region === undefined || account === undefined || resource === undefined) return undefined;
  return { service, region, account, resource };
}
