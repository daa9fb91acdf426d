import * as trafficmanager from "@pulumi/azure-native/trafficmanager";
import type * as pulumi from "@pulumi/pulumi";

import type { AddressArgs, PublicAddress } from "./azure-address";
import { hostNameOf } from "./azure-address";

export interface TrafficManagerArgs extends AddressArgs {
  readonly address: PublicAddress;
  /** Name under which people reach the service, at every endpoint. */
  readonly domain: string;
  /** Path that an endpoint answers with 200 while it serves. */
  readonly healthCheckPath: string;
}

/**
 * A name that leads to the first gateway that serves, this one before all others. Returns the name.
 *
 * The profile holds its endpoints itself, since whatever changes it otherwise drops those that it does not hold
 * (https://github.com/hashicorp/terraform-provider-azurerm/issues/7470). Gateways of further regions join in a profile above, of which this one is a
 * nested endpoint: https://learn.microsoft.com/azure/traffic-manager/traffic-manager-nested-profiles
 */
export function createTrafficManager(parent: pulumi.Resource, name: string, args: TrafficManagerArgs): pulumi.Output<string> {
  const { address, resourceGroup, region, protect, tags } = args;
  const profile = new trafficmanager.Profile(
    `${name}-traffic-manager`,
    {
      resourceGroupName: resourceGroup.name,
      location: "global",
      profileStatus: "Enabled",
      trafficRoutingMethod: "Priority",
      dnsConfig: { relativeName: address.label, ttl: 60 },
      // 30 s is the slow pace, and 10 s the most that it waits: https://learn.microsoft.com/azure/traffic-manager/traffic-manager-monitoring
      monitorConfig: {
        protocol: "HTTPS",
        port: 443,
        path: args.healthCheckPath,
        customHeaders: [{ name: "Host", value: args.domain }],
        intervalInSeconds: 30,
        timeoutInSeconds: 10,
        toleratedNumberOfFailures: 3,
      },
      endpoints: [
        {
          name: region,
          type: "Microsoft.Network/trafficManagerProfiles/azureEndpoints",
          targetResourceId: address.ip.id,
          endpointStatus: "Enabled",
          priority: 1,
        },
      ],
      tags,
    },
    { parent, protect },
  );
  return profile.dnsConfig.apply((config) => hostNameOf(config?.fqdn));
}
