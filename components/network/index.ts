import * as pulumi from "@pulumi/pulumi";

/**
 * The network of a stack: subnets for the nodes, which have no public address and reach the internet through NAT, and subnets for the
 * load balancer, the only thing that the internet reaches.
 */
export abstract class Network extends pulumi.ComponentResource {
  /** Subnets that nodes are placed in: on AWS one to a zone, in the order of the zones; on Azure one that spans them. */
  abstract readonly nodeSubnetIds: readonly pulumi.Output<string>[];
  /** Ranges of those subnets. */
  abstract readonly nodeCidrs: readonly string[];
  /** Ranges from which the load balancer reaches the pods. */
  abstract readonly ingressCidrs: readonly string[];
  /** What must exist before a machine in the node subnets can reach the internet. */
  abstract readonly egress: readonly pulumi.Resource[];
}
