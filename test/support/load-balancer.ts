import * as pulumi from "@pulumi/pulumi";

import type { PublishedService } from "../../components/load-balancer";
import { AwsLoadBalancer, type AwsLoadBalancerArgs } from "../../components/load-balancer/aws";
import { AzureLoadBalancer, type AzureLoadBalancerArgs } from "../../components/load-balancer/azure";
import type { ResourceGraph } from "../../simulator/graph";
import { awsCluster, awsNetwork, region, tags } from "./aws";
import * as azure from "./azure";
import { named } from "./simulated";

/** A service to publish that is not the chat. */
const service: PublishedService = { namespace: "shop", name: "front", port: 8080, healthCheckPath: "/alive", drainSeconds: 25 };

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

/**
 * Id of something in the resource group of a stack on Azure.
 *
 * @param path below the group, such as `Microsoft.Network/publicIPAddresses/NAME`
 */
export const idInGroup = (graph: ResourceGraph, path: string): string =>
  `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/${String(named(graph, "network-rg").outputs["name"])}/providers/${path}`;

/** Id of a resource there, of which only Azure knows the whole name. */
export const idOf = (graph: ResourceGraph, type: string, name: string): string =>
  idInGroup(graph, `${type}/${String(named(graph, name).outputs["name"])}`);

/** Where the certificate of a stack on Azure lies. */
export const vault = "/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/tls/providers/Microsoft.KeyVault/vaults/acme-tls";

/** The load balancer of a stack on Azure, changed as a test asks. */
export const azureLoadBalancer = (change: Partial<AzureLoadBalancerArgs> = {}): AzureLoadBalancer =>
  new AzureLoadBalancer("balancer", {
    network: change.network ?? azure.azureNetwork(),
    region: azure.region,
    service,
    domain: "shop.acme.io",
    tls: { keyVaultId: vault, secretName: "shop-acme-io" },
    waf: false,
    capacity: { min: 0, max: 10 },
    trafficManager: false,
    deletionProtection: true,
    tags: azure.tags,
    ...change,
  });
