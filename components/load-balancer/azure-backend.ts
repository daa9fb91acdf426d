import { parseCidr, size } from "../network/cidr";
import type { PublicationService } from "./index";

/**
 * How far below the end of the nodes' subnet the internal load balancer has its address: 10.0.1.250 in 10.0.1.0/24. Azure gives addresses to nodes
 * from the low end on, and keeps the last one for itself (https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq).
 */
const fromTheEnd = 6;

/** Minutes without a byte after which Azure's load balancers forget a connection: the most that they allow, where they begin with 4. */
export const idleTimeoutMinutes = 30;

/**
 * The address at which the gateway finds the pods. It is fixed, since the gateway has to know it before there is a Service that could be asked.
 *
 * @param nodeCidr range of the nodes' subnet
 * @throws RangeError where the range is none, or too small to have an address that nodes do not take first
 */
export function backendAddress(nodeCidr: string): string {
  const block = parseCidr(nodeCidr);
  if (block === undefined || size(block) < 2 * fromTheEnd) throw new RangeError(`${nodeCidr} has no room for the internal load balancer`);
  const address = block.base + size(block) - fromTheEnd;
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/**
 * A Service with that address on a load balancer inside the network. `Local` sends a connection only to nodes that hold a pod, which Azure's own
 * probe finds by the Service's health check port, so no annotation may name another port for it; and pods see the gateway's address, so that network
 * policies can tell it from others. https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
 *
 * No affinity: the clients that this load balancer sees are the gateway's instances, and not people.
 */
export function internalService(address: string, subnetName: string): PublicationService {
  const annotations = {
    "azure-load-balancer-internal": "true",
    "azure-load-balancer-internal-subnet": subnetName,
    "azure-load-balancer-ipv4": address,
    "azure-load-balancer-tcp-idle-timeout": String(idleTimeoutMinutes),
  };
  return {
    type: "LoadBalancer",
    annotations: Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`service.beta.kubernetes.io/${key}`, value])),
    externalTrafficPolicy: "Local",
  };
}
