import type * as network from "@pulumi/azure-native/network";

import { contains, parseCidr } from "../../components/network/cidr";
import { overlapsSibling } from "../network-rules";
import { digits, textInput, type Failure, type Inventory, type PackageTable, type Registration } from "../resource-type";
import { lookUpVnet } from "./existing";
import { placed } from "./ids";
import { dnsSettings, takenLabel, unsoundLabel } from "./load-balancer";

/** Simulated networks. */
export const networkTable: PackageTable = {
  types: {
    "azure-native:network:FlowLog": placed<network.FlowLog>(
      "Microsoft.Network/networkWatchers/flowLogs",
      ["networkWatcherName", "flowLogName"],
      {
        tags: "tags",
        createOnly: ["targetResourceId"],
      },
    ),
    "azure-native:network:NatGateway": placed<network.NatGateway>("Microsoft.Network/natGateways", ["natGatewayName"], {
      tags: "tags",
      createOnly: ["zones"],
    }),
    "azure-native:network:NetworkSecurityGroup": placed<network.NetworkSecurityGroup>(
      "Microsoft.Network/networkSecurityGroups",
      ["networkSecurityGroupName"],
      {
        tags: "tags",
      },
    ),
    "azure-native:network:PublicIPAddress": placed<network.PublicIPAddress>(
      "Microsoft.Network/publicIPAddresses",
      ["publicIpAddressName"],
      {
        tags: "tags",
        computed: (r) => ({ ipAddress: `198.51.100.${Number.parseInt(digits(2, r.seed), 16)}`, ...dnsSettings(r) }),
        createOnly: ["zones", "sku", "publicIPAllocationMethod"],
        check: unsoundLabel,
        refuse: takenLabel,
      },
    ),
    "azure-native:network:Subnet": placed<network.Subnet>(
      "Microsoft.Network/virtualNetworks/subnets",
      ["virtualNetworkName", "subnetName"],
      {
        refuse: (r, inventory) => [
          ...outsideNetwork(r, inventory),
          ...overlapsSibling(r, inventory, "addressPrefix", "virtualNetworkName"),
        ],
      },
    ),
    "azure-native:network:VirtualNetwork": placed<network.VirtualNetwork>("Microsoft.Network/virtualNetworks", ["virtualNetworkName"], {
      tags: "tags",
    }),
  },
  functions: { "azure-native:network:getVirtualNetwork": lookUpVnet },
};

/** A subnet lies in one of the ranges of its network, which it knows by name. */
function outsideNetwork(resource: Registration, inventory: Inventory): Failure[] {
  const network = inventory.all("azure-native:network:VirtualNetwork").find(({ name }) => name === resource.inputs["virtualNetworkName"]);
  const { addressPrefixes = [] } = (network?.["addressSpace"] ?? {}) as { readonly addressPrefixes?: readonly string[] };
  const inner = parseCidr(textInput(resource, "addressPrefix"));
  if (network === undefined || inner === undefined) return [];
  const inside = addressPrefixes.some((range) => {
    const outer = parseCidr(range);
    return outer !== undefined && contains(outer, inner);
  });
  if (inside) return [];
  return [
    { property: "addressPrefix", reason: `${textInput(resource, "addressPrefix")} does not lie inside ${addressPrefixes.join(", ")}` },
  ];
}
