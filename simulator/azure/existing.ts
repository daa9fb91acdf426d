import { subscription } from "./ids";

/**
 * What the simulated subscription held before any stack: two virtual networks of other people's making, one sound and one that would not serve,
 * and a group of vaults with certificates.
 */

const group = `/subscriptions/${subscription}/resourceGroups/landing-zone`;
const vaults = `/subscriptions/${subscription}/resourceGroups/tls`;
const vnetId = (name: string): string => `${group}/providers/Microsoft.Network/virtualNetworks/${name}`;

const endpoints = (...services: string[]): { service: string }[] => services.map((service) => ({ service }));
const aks = [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }];
const nat = { natGateway: { id: `${group}/providers/Microsoft.Network/natGateways/egress` } };

interface ExistingVnet {
  readonly location: string;
  readonly addressPrefixes: readonly string[];
  readonly subnets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const existingVnets: Readonly<Record<string, ExistingVnet>> = {
  hub: {
    location: "eastus",
    addressPrefixes: ["10.8.0.0/16"],
    subnets: {
      workers: { addressPrefix: "10.8.1.0/24", ...nat, serviceEndpoints: endpoints("Microsoft.Storage", "Microsoft.KeyVault") },
      entrance: { addressPrefixes: ["10.8.2.0/24"], serviceEndpoints: endpoints("Microsoft.KeyVault") },
      control: { addressPrefix: "10.8.3.0/28", delegations: aks },
    },
  },
  careless: {
    location: "westeurope",
    addressPrefixes: ["10.0.0.0/8"],
    subnets: {
      workers: { addressPrefix: "10.9.1.0/29" },
      entrance: { addressPrefix: "10.9.2.0/27", delegations: [{ name: "web", serviceName: "Microsoft.Web/serverFarms" }] },
      control: { addressPrefix: "10.9.3.0/29" },
    },
  },
};

/** Whether an id means something that was there before. */
export function existedBefore(id: string): boolean {
  return [group, vaults].some((holder) => `${id}/`.startsWith(`${holder}/`));
}

export function lookUpVnet(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const name = String(args["virtualNetworkName"]);
  const vnet = args["resourceGroupName"] === "landing-zone" ? existingVnets[name] : undefined;
  if (vnet === undefined)
    throw new Error(
      `Status=404 Code="ResourceNotFound": the simulated subscription has only ${Object.keys(existingVnets).map(vnetId).join(", ")}`,
    );
  const { location, addressPrefixes, subnets } = vnet;
  return {
    id: vnetId(name),
    name,
    location,
    addressSpace: { addressPrefixes },
    subnets: Object.entries(subnets).map(([subnet, own]) => ({ ...own, name: subnet, id: `${vnetId(name)}/subnets/${subnet}` })),
  };
}
