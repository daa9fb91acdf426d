import * as network from "@pulumi/azure-native/network";
import type * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { known } from "../known";
import type { Tags } from "../tags";
import { idleTimeoutMinutes } from "./azure-backend";

export interface AddressArgs {
  readonly resourceGroup: resources.ResourceGroup;
  readonly region: string;
  /** Whether it refuses to be deleted: records of the domain lead to it. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/** An address of the internet, and its name in Azure's own DNS. */
export interface PublicAddress {
  readonly ip: network.PublicIPAddress;
  /** First part of that name: taken once in a region, and as free in the rest of Azure as chance makes it. */
  readonly label: pulumi.Output<string>;
  readonly hostName: pulumi.Output<string>;
}

/**
 * A fixed address that outlives a zone. Its name holds neither project nor stack: Azure refuses names with `microsoft` or `windows` in them, or
 * `login` before them (https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name), and people call their
 * stacks as they like.
 */
export function createAddress(parent: pulumi.Resource, name: string, args: AddressArgs): PublicAddress {
  const { resourceGroup, region, protect, tags } = args;
  const suffix = new random.RandomString(`${name}-suffix`, { length: 8, special: false, upper: false }, { parent });
  const label = pulumi.interpolate`rocketchat-${suffix.result}`;
  const ip = new network.PublicIPAddress(
    `${name}-ip`,
    {
      resourceGroupName: resourceGroup.name,
      location: region,
      publicIPAllocationMethod: "Static",
      sku: { name: "Standard", tier: "Regional" },
      zones: ["1", "2", "3"],
      dnsSettings: { domainNameLabel: label },
      // https://learn.microsoft.com/azure/application-gateway/application-gateway-faq
      idleTimeoutInMinutes: idleTimeoutMinutes,
      tags,
    },
    { parent, protect },
  );
  return { ip, label, hostName: ip.dnsSettings.apply((settings) => hostNameOf(settings?.fqdn)) };
}

/**
 * A name that Azure gave. A preview does not know it.
 *
 * @throws in a deployment without one
 */
export function hostNameOf(fqdn: string | undefined): string {
  return known(fqdn, () => new Error("Azure gave the load balancer no host name"));
}
