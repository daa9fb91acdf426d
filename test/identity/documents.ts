import type { GraphResource, ResourceGraph } from "../../simulator/graph";
import { isPolicyDocument, type PolicyDocument } from "./policy";

/** What a document is attached to: an identity says what it may do, a resource who may do what with it, a role who may assume it. */
export type DocumentKind = "trust" | "inline" | "managed" | "key" | "bucket" | "topic" | "vault" | "endpoint" | "logs";

/** A policy document of the program. */
export interface GraphDocument {
  /** Logical name of the resource that holds it; for one of several, with the place. */
  readonly name: string;
  readonly kind: DocumentKind;
  readonly policy: PolicyDocument;
  /** What it is attached to: the name of a role for `inline`, an ARN for the others. */
  readonly owner: string;
}

interface Place {
  readonly kind: DocumentKind;
  readonly owner: (resource: GraphResource, graph: ResourceGraph) => string;
}

const ownArn = (resource: GraphResource): string => textOf(resource, "arn");

/** Where documents are, by type and input. A document anywhere else is an error, so that none goes unread. */
const places: Readonly<Record<string, Place>> = {
  "aws:iam/role:Role assumeRolePolicy": { kind: "trust", owner: ownArn },
  "aws:iam/role:Role inlinePolicies[].policy": { kind: "inline", owner: (resource) => textOf(resource, "name") },
  "aws:iam/rolePolicy:RolePolicy policy": { kind: "inline", owner: (resource) => textOf(resource, "role") },
  "aws:iam/policy:Policy policy": { kind: "managed", owner: ownArn },
  "aws:kms/key:Key policy": { kind: "key", owner: ownArn },
  "aws:kms/replicaKey:ReplicaKey policy": { kind: "key", owner: ownArn },
  "aws:s3/bucketPolicy:BucketPolicy policy": { kind: "bucket", owner: (resource) => `arn:aws:s3:::${textOf(resource, "bucket")}` },
  "aws:sns/topicPolicy:TopicPolicy policy": { kind: "topic", owner: ownArn },
  "aws:sns/topic:Topic policy": { kind: "topic", owner: ownArn },
  "aws:backup/vaultPolicy:VaultPolicy policy": {
    kind: "vault",
    owner: (resource, graph) => arnOfNamed(graph, "aws:backup/vault:Vault", textOf(resource, "backupVaultName")),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint policy": { kind: "endpoint", owner: ownArn },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy policyDocument": { kind: "logs", owner: () => "*" },
};

/**
 * Every policy document in the inputs of a graph's resources, as an object or as text.
 *
 * @throws where a document is in a place that nobody has named: a rule that reads it must be chosen first
 */
export function documentsOf(graph: ResourceGraph): readonly GraphDocument[] {
  return graph.resources.flatMap((resource) => {
    const found = [...findDocuments(resource.inputs, "")];
    return found.map(([path, policy]) => {
      const place = places[`${resource.type} ${path.replaceAll(/\[\d+\]/g, "[]")}`];
      if (place === undefined) throw new Error(`${resource.name} holds a policy document that no rule reads: ${resource.type} ${path}`);
      const name = path.includes("[") ? `${resource.name} ${path}` : resource.name;
      return { name, kind: place.kind, policy, owner: place.owner(resource, graph) };
    });
  });
}

function* findDocuments(value: unknown, path: string): Generator<[path: string, policy: PolicyDocument]> {
  const read = typeof value === "string" && value.startsWith("{") ? parsed(value) : value;
  if (isPolicyDocument(read)) yield [path, read];
  else if (Array.isArray(read)) for (const [index, item] of read.entries()) yield* findDocuments(item, `${path}[${index}]`);
  else if (typeof read === "object" && read !== null)
    for (const [key, item] of Object.entries(read)) yield* findDocuments(item, path === "" ? key : `${path}.${key}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A role of the program, and what it may do. */
export interface GraphRole {
  readonly name: string;
  readonly arn: string;
  readonly documents: readonly GraphDocument[];
  /** ARNs of AWS's own policies. */
  readonly awsManaged: readonly string[];
}

/**
 * The program's own roles. That of the control plane is made inside `eks.Cluster`, with AWS's `AmazonEKSClusterPolicy`, and is in no graph.
 */
export function rolesOf(graph: ResourceGraph): readonly GraphRole[] {
  const documents = documentsOf(graph);
  return graph.resources
    .filter(({ type }) => type === "aws:iam/role:Role")
    .map((role) => {
      const ofRole = textOf(role, "name");
      const attached = [...attachedArns(graph, ofRole), ...listOf(role.inputs["managedPolicyArns"])];
      return {
        name: role.name,
        arn: textOf(role, "arn"),
        documents: documents.filter(
          ({ kind, owner }) => (kind === "inline" && owner === ofRole) || (kind === "managed" && attached.includes(owner)),
        ),
        awsManaged: attached.filter((arn) => /^arn:[a-z-]+:iam::aws:policy\//.test(arn)),
      };
    });
}

function attachedArns(graph: ResourceGraph, role: string): string[] {
  return graph.resources
    .filter(({ type, inputs }) => type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment" && inputs["role"] === role)
    .map((attachment) => textOf(attachment, "policyArn"));
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function arnOfNamed(graph: ResourceGraph, type: string, name: string): string {
  const found = graph.resources.find((resource) => resource.type === type && resource.outputs["name"] === name);
  if (found === undefined) throw new Error(`no ${type} is called ${name}`);
  return textOf(found, "arn");
}

/** A text among what a resource was given and returned. */
export function textOf({ name, inputs, outputs }: GraphResource, property: string): string {
  const value = outputs[property] ?? inputs[property];
  if (typeof value !== "string") throw new Error(`${name} has no ${property}`);
  return value;
}
