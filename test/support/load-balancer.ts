import * as pulumi from "@pulumi/pulumi";

import type { PublishedService } from "../../components/load-balancer";
import { AwsLoadBalancer, type AwsLoadBalancerArgs } from "../../components/load-balancer/aws";
import { awsCluster, awsNetwork, region, tags } from "./aws";

/** A service to publish that is not the chat. */
const service: PublishedService = { namespace: "shop", name: "front", healthCheckPath: "/alive", drainSeconds: 25 };

export const certificateArn = "arn:aws:acm:eu-central-1:999999999999:certificate/01234567-89ab-cdef-0123-456789abcdef";

/** The load balancer of a stack on AWS, changed as a test asks. */
export const awsLoadBalancer = (change: Partial<AwsLoadBalancerArgs> = {}): AwsLoadBalancer => {
  const network = change.network ?? awsNetwork();
  return new AwsLoadBalancer("balancer", {
    cluster: change.cluster ?? awsCluster({ network }),
    network,
    region,
    service,
    domain: "shop.acme.io",
    tls: { certificateArn },
    allowedCidrs: ["0.0.0.0/0"],
    accessLogs: { bucket: pulumi.output("acme-access-logs"), prefix: "alb", ready: [] },
    deletionProtection: true,
    tags,
    ...change,
  });
};
