import type * as pulumi from "@pulumi/pulumi";

/** One statement of an IAM policy that allows something. */
export interface IamStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly pulumi.Input<string>[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

/** A built-in role of Azure on a scope. */
export interface RoleAssignmentData {
  /** What the role is called; part of the assignment's name. */
  readonly role: string;
  /** GUID of the role definition. */
  readonly roleDefinitionId: string;
  /** Resource id on which the role holds. */
  readonly scope: pulumi.Input<string>;
}

/** What a workload may do, in the terms of one cloud. A cluster of another cloud refuses it. */
export type Permissions =
  | { readonly kind: "iam"; readonly statements: readonly IamStatement[] }
  | { readonly kind: "azure-roles"; readonly assignments: readonly RoleAssignmentData[] };

/** The identity of a service account in the cloud. */
export interface WorkloadIdentity {
  /** Annotations that the service account needs. */
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
  /** Labels that its pods need. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** The identity itself: the ARN of a role, or a client id of Entra ID. */
  readonly id: pulumi.Output<string>;
  /** What must exist before the first pod that uses the identity is admitted. */
  readonly ready: readonly pulumi.Resource[];
}
