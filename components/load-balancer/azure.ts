import type * as network from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";

import type { AzureNetwork } from "../network/azure";
import type { Tags } from "../tags";
import { createAddress } from "./azure-address";
import { backendAddress, internalService } from "./azure-backend";
import { allowCertificate, type VaultCertificate } from "./azure-certificate";
import { createFirewall } from "./azure-firewall";
import { createGateway } from "./azure-gateway";
import { createTrafficManager } from "./azure-traffic-manager";
import { LoadBalancer, type Publication, type PublishedService } from "./index";

export interface AzureLoadBalancerArgs {
  readonly network: AzureNetwork;
  readonly region: string;
  /** What is published. */
  readonly service: PublishedService;
  /** Name under which people reach it. */
  readonly domain: string;
  /** Certificate for the domain. */
  readonly tls: VaultCertificate;
  /** Whether requests are inspected first: the gateway is then a WAF_v2 instead of a Standard_v2. */
  readonly waf: boolean;
  /** Bounds of the gateway's own autoscaling, in capacity units. */
  readonly capacity: { readonly min: number; readonly max: number };
  /** Whether a Traffic Manager profile stands in front, whose name the domain leads to then. */
  readonly trafficManager: boolean;
  /** Whether gateway and address refuse to be deleted. */
  readonly deletionProtection: boolean;
  readonly tags: Tags;
}

/**
 * An Application Gateway in front of one service: a fixed address, TLS with a certificate out of a Key Vault, plain HTTP redirected, and a firewall
 * where it is wanted. Who may reach it is the network's to say.
 *
 * It finds the service at one fixed address of the nodes' subnet, which the Service takes on an internal load balancer of its own. So neither waits
 * for the other, and nothing in the cluster may change the gateway.
 */
export class AzureLoadBalancer extends LoadBalancer {
  readonly publication: Publication;
  readonly address: pulumi.Output<string>;
  readonly gatewayId: pulumi.Output<string>;
  /** Policy of the firewall; undefined where there is none. */
  readonly firewallPolicyId: pulumi.Output<string> | undefined;

  constructor(name: string, args: AzureLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rocketchat:azure:LoadBalancer", name, {}, opts);
    const { resourceGroup, ingressCidrs, nodeSubnetName } = args.network;
    const placed = { resourceGroup, region: args.region, tags: args.tags, protect: args.deletionProtection };
    const internalAddress = this.internalAddress(args.network);
    const address = createAddress(this, name, placed);
    const certificate = allowCertificate(this, name, { ...placed, certificate: args.tls });
    this.firewallPolicyId = args.waf ? createFirewall(this, name, placed) : undefined;
    const gateway: network.ApplicationGateway = createGateway(this, name, {
      ...args,
      publicIpId: address.ip.id,
      backendAddress: internalAddress,
      certificate,
      firewallPolicyId: this.firewallPolicyId,
      protect: args.deletionProtection,
    });
    this.gatewayId = gateway.id;
    this.address = args.trafficManager
      ? createTrafficManager(this, name, { ...placed, address, domain: args.domain, healthCheckPath: args.service.healthCheckPath })
      : address.hostName;
    this.publication = {
      service: internalService(internalAddress, nodeSubnetName),
      namespaceLabels: {},
      // The gateway tells only addresses apart, and the internal load balancer only the gateway's instances.
      stickySessions: false,
      sourceCidrs: ingressCidrs,
      // The Service is made by the cluster's own identity in the cluster's own network, which the cluster waited for.
      ready: [],
    };
    this.registerOutputs({ address: this.address, gatewayId: this.gatewayId });
  }

  private internalAddress({ nodeCidrs: [nodeCidr] }: AzureNetwork): string {
    if (nodeCidr === undefined) throw new Error("the network has no subnet for nodes");
    return backendAddress(nodeCidr);
  }

  /** DNS is the operator's: a CNAME to the address, or an alias record where the domain is the apex of a zone. */
  override pointDomainAt(): void {
    // Nothing to do: a zone of Azure DNS may lie in any subscription, and most domains lie elsewhere.
  }
}
