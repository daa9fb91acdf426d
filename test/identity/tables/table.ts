import { many } from "../policy";
import type { Scene } from "../scene";
import type { Call } from "../simulate";

/** A call, by the role that the table is about unless it says by whom. */
export interface TableCall extends Call {
  /** Another caller: a service of AWS by its name, or an ARN. */
  readonly as?: string;
}

/** What a role may do and what it may not: the calls that its work needs, and those that would do harm in the wrong hands. */
export interface RoleTable {
  /** Logical name of the role. */
  readonly role: string;
  /** Who may assume it, and who may not. */
  readonly assumed: (scene: Scene, arn: string) => CallTable;
  readonly calls: (scene: Scene, arn: string) => CallTable;
}

export interface CallTable {
  readonly may: readonly TableCall[];
  readonly mayNot: readonly TableCall[];
  /** Actions that no role should be allowed (forbidden.ts), and that a policy of AWS's own allows this one. */
  readonly evenMay?: readonly string[];
}

/** The pods of one service account, and no others, assume a role: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
export function podsOf(namespace: string, serviceAccount: string): RoleTable["assumed"] {
  return ({ account }, arn) => {
    const as = "pods.eks.amazonaws.com";
    const tags = (inNamespace: string, ofAccount: string) => ({
      "aws:RequestTag/kubernetes-namespace": inNamespace,
      "aws:RequestTag/kubernetes-service-account": ofAccount,
    });
    const both = (call: Omit<TableCall, "action" | "on">): TableCall[] =>
      ["sts:AssumeRole", "sts:TagSession"].map((action) => ({ action, on: arn, ...call }));
    return {
      may: both({ as, with: tags(namespace, serviceAccount) }),
      mayNot: [
        ...both({ as, with: tags("elsewhere", serviceAccount) }),
        ...both({ as, with: tags(namespace, "default") }),
        ...both({ as }),
        ...both({ as: "ec2.amazonaws.com", with: tags(namespace, serviceAccount) }),
        { action: "sts:AssumeRole", on: arn, as: `arn:aws:iam::${account}:role/other` },
      ],
    };
  };
}

/** A service of AWS assumes a role on behalf of this account only. */
export function serviceOf(service: string, sourceArn: (scene: Scene) => string): RoleTable["assumed"] {
  return (scene, arn) => {
    const call = { action: "sts:AssumeRole", on: arn, as: service };
    const source = { "aws:SourceAccount": scene.account, "aws:SourceArn": sourceArn(scene) };
    return {
      may: [{ ...call, with: source }],
      mayNot: [
        { ...call, with: { "aws:SourceAccount": stranger, "aws:SourceArn": sourceArn(scene).replace(scene.account, stranger) } },
        { ...call, as: "lambda.amazonaws.com", with: source },
        { action: "sts:AssumeRole", on: arn, as: `arn:aws:iam::${scene.account}:role/other` },
      ],
    };
  };
}

/** The same calls on the like in another region, where the stack has nothing. */
export function elsewhere({ region }: Scene, calls: readonly TableCall[]): readonly TableCall[] {
  return calls.flatMap((call) => {
    const on = many(call.on).map((resource) => resource.replace(`:${region}:`, ":ap-south-1:"));
    return on.some((resource, index) => resource !== many(call.on)[index]) ? [{ ...call, on }] : [];
  });
}

/** An account that is not the stack's. */
export const stranger = "111122223333";
