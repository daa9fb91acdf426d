import type { GraphResource, ResourceGraph } from "../../simulator/graph";
import { named } from "../support/simulated";
import { documentsOf, rolesOf, textOf, type GraphDocument, type GraphRole } from "./documents";
import type { Surroundings } from "./finding";

/** A deployed stack as the tables speak of it: its resources by name, their ARNs, and what stands in their policies. */
export class Scene implements Surroundings {
  readonly documents: readonly GraphDocument[];
  readonly roles: readonly GraphRole[];
  readonly account: string;
  readonly region: string;
  readonly regions: readonly string[];

  constructor(
    readonly graph: ResourceGraph,
    region: string,
    furtherRegions: readonly string[] = [],
  ) {
    this.documents = documentsOf(graph);
    this.roles = rolesOf(graph);
    this.region = region;
    this.regions = [region, ...furtherRegions];
    const account = this.roles.map(({ arn }) => arn.split(":")[4]).find((id) => id !== undefined);
    if (account === undefined) throw new Error("the stack has no role whose ARN would tell the account");
    this.account = account;
  }

  /** Name of the EKS cluster. */
  get clusterName(): string {
    return textOf(this.resource("cluster-eks"), "name");
  }

  /** Id of the VPC that the cluster is in. */
  get vpcId(): string {
    const { vpcId } = this.resource("cluster-eks").inputs;
    if (typeof vpcId !== "string") throw new Error("the cluster is in no VPC");
    return vpcId;
  }

  has(name: string): boolean {
    return this.graph.resources.some((resource) => resource.name === name);
  }

  resource(name: string, type?: string): GraphResource {
    return named(this.graph, name, type);
  }

  /** ARN of the resource of that logical name. */
  arn(name: string, type?: string): string {
    return textOf(this.resource(name, type), "arn");
  }

  /** An ARN in the stack's account and region. */
  of(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.account}:${resource}`;
  }
}
