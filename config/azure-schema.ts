import { z } from "zod";

import { kubernetes } from "../components/versions";
import { choice, cidr, flag, list, section, text, whole } from "./fields";
import * as common from "./sections";

const azureSize = text(/^Standard_[A-Za-z0-9_]+$/, "a virtual machine size such as Standard_B2s", "Virtual machine size");

const subnetName = (description: string) => text(/^[A-Za-z0-9][\w.-]{0,79}$/, "the name of a subnet", description);

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const principals = (min: number, description: string) =>
  list(
    section(
      {
        id: text(guid, "an object id, a GUID in lower case", "Object id of the principal in Entra ID"),
        type: choice(["Group", "User", "ServicePrincipal"], "What the principal is"),
      },
      "A principal of Entra ID",
    ),
    min,
    description,
  );

/** Configuration of a stack on Azure. */
export const azureSchema = section(
  {
    cloud: z.literal("azure").meta({ description: "The cloud of this stack", limits: '"aws" or "azure"' }),
    domain: common.domain,
    tls: section(
      {
        keyVaultId: text(
          /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/[A-Za-z0-9-]{3,24}$/,
          "the resource id of a Key Vault: /subscriptions/…/providers/Microsoft.KeyVault/vaults/NAME",
          "Key Vault (with role-based access, same subscription) that holds the certificate",
        ),
        secretName: text(
          /^[A-Za-z0-9-]{1,127}$/,
          "1 to 127 letters, digits and dashes, without a version",
          "Name of the certificate's secret in the vault; its newest version is used",
        ),
      },
      "Where the certificate comes from",
    ),
    network: section(
      {
        create: section(
          {
            cidr: cidr(8, 22, "Range of the virtual network").default("10.0.0.0/16"),
            nodeSubnetCidr: cidr(8, 27, "Subnet of the nodes and of the internal load balancer").default("10.0.1.0/24"),
            gatewaySubnetCidr: cidr(8, 26, "Subnet of Application Gateway, which needs one of its own").default("10.0.2.0/24"),
            apiServerSubnetCidr: cidr(8, 28, "Subnet through which the nodes reach the API server").default("10.0.3.0/28"),
            watcher: section(
              {
                name: text(
                  /^[\w.-]{1,80}$/,
                  "1 to 80 letters, digits, dots, dashes and underscores",
                  "Name of the region's Network Watcher; by default NetworkWatcher_REGION",
                ).optional(),
                resourceGroup: text(/^[\w.()-]{1,90}$/, "the name of a resource group", "Resource group of the Network Watcher").default(
                  "NetworkWatcherRG",
                ),
              },
              "The Network Watcher that Azure keeps in the region, for the flow logs",
            ).prefault({}),
            flowLogRetentionDays: whole(1, 365, "days", "How long the network's flow logs are kept").default(90),
          },
          "A virtual network that the program makes",
        ).optional(),
        use: section(
          {
            virtualNetworkId: text(
              /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[\w.-]{2,64}$/,
              "the resource id of a virtual network: /subscriptions/…/providers/Microsoft.Network/virtualNetworks/NAME",
              "The virtual network, in the stack's region and subscription",
            ),
            nodeSubnet: subnetName("Subnet of the nodes and of the internal load balancer, with a NAT gateway"),
            gatewaySubnet: subnetName("Subnet of Application Gateway, with nothing else in it"),
            apiServerSubnet: subnetName("Subnet that is delegated to Microsoft.ContainerService/managedClusters, with nothing else in it"),
          },
          "A virtual network that exists; its owner keeps security groups, NAT and flow logs",
        ).optional(),
      },
      "The virtual network: exactly one of the two",
    ).prefault({ create: {} }),
    cluster: section(
      {
        version: text(
          /^1\.\d{2}(\.\d{1,2})?$/,
          `a Kubernetes version from ${kubernetes.azureFloor} on, such as ${kubernetes.default} (its newest patch)`,
          "Kubernetes version of control plane and nodes",
        ).default(kubernetes.default),
        zones: list(choice(["1", "2", "3"], "An availability zone"), 1, "Availability zones of the workload's node pools").default([
          "1",
          "2",
          "3",
        ]),
        tier: choice(
          ["Free", "Standard", "Premium"],
          "Service level of the control plane; Free has no uptime agreement, Premium is for long-term support",
        ).default("Standard"),
        apiServerCidrs: common.apiServerCidrs(8),
        serviceCidr: common.serviceCidr("10.1.0.0/16"),
        podCidr: cidr(10, 20, "Addresses of the pods, a /24 of it for each node; can be set at creation only").default("10.244.0.0/16"),
        systemNodes: section(
          {
            size: azureSize.default("Standard_D2as_v5"),
            count: whole(2, 5, "nodes", "How many, spread over the zones").default(2),
          },
          "Machines that run only what AKS itself needs; AKS supports no B-series size for them",
        ).prefault({}),
        nodes: common.nodes(azureSize.default("Standard_B2s"), 64).prefault({}),
        spot: common.spot(azureSize),
        logRetentionDays: z.literal([30, 60, 90, 120, 180, 365]).default(90).meta({
          description: "How long Log Analytics keeps the logs of control plane, gateway, vault and stores",
          unit: "days",
          limits: "30, 60, 90, 120, 180 or 365",
        }),
        dailyLogCapGiB: whole(
          1,
          1000,
          "GiB",
          "What Log Analytics takes in a day before it drops the rest; left out there is no cap",
        ).optional(),
        containerInsights: flag(
          "Whether Azure Monitor also gets inventory and metrics of every pod and node; its agent takes a fifth of a small node",
        ).default(false),
      },
      "The AKS cluster",
    ),
    loadBalancer: section(
      {
        allowedCidrs: list(cidr(0, 32, "A range that may reach the chat"), 1, "Who may reach the chat").default(["0.0.0.0/0"]),
        waf: flag("Whether the gateway is a WAF_v2, which inspects requests by Microsoft's rules, instead of a Standard_v2").default(false),
        capacity: section(
          {
            min: whole(0, 100, "capacity units", "Units that are always reserved, and paid for").default(0),
            max: whole(2, 125, "capacity units", "Most units that the gateway grows to").default(10),
          },
          "Bounds of the gateway's own autoscaling",
        ).prefault({}),
        trafficManager: flag(
          "Whether a Traffic Manager profile stands in front, with this gateway as its first endpoint, so that gateways of further regions can join it",
        ).default(false),
      },
      "The Application Gateway in front of the chat",
    ).prefault({}),
    storage: section(
      {
        diskSku: choice(["Premium_LRS", "StandardSSD_LRS", "Standard_LRS"], "Kind of managed disk for volumes").default("Premium_LRS"),
        redundancy: choice(
          ["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"],
          "How the storage accounts copy what they hold; between those with and those without copies in other zones Azure cannot change an account",
        ).default("Standard_ZRS"),
        uploadVersionDays: whole(2, 365, "days", "How long replaced and deleted uploads can be brought back").default(90),
      },
      "Where data lies",
    ).prefault({}),
    ...common.everywhere,
    backup: section(
      {
        retentionDays: whole(
          1,
          70,
          "days",
          "How long the backups of volumes, made every four hours, are kept; a disk holds 500 snapshots",
        ).default(35),
        softDelete: flag(
          "Whether deleted backups can be brought back for 14 days; the vault then outlives `pulumi destroy` by as long, where the region enforces it",
        ).default(true),
        locks: flag(
          "Whether storage accounts and the backup vault carry a lock of Azure against deletion, also for those who work without this program",
        ).default(false),
      },
      "Backups of the volumes",
    ).prefault({}),
    alerts: section(
      {
        ...common.alertAddress,
        monthlyBudget: section(
          {
            amount: whole(
              1,
              1_000_000,
              "the subscription's currency",
              "Cost of the stack's resource groups in a month, of which a mail warns at 80 % and when it is forecast",
            ),
            firstMonth: text(
              /^20\d{2}-(0[1-9]|1[0-2])$/,
              "a month such as 2026-12",
              "Month in which the budget begins: the current one or a later one when the budget is made, and never read again",
            ),
          },
          "A budget; left out there is none",
        ).optional(),
      },
      "Who hears of trouble",
    ),
    access: section(
      {
        admins: principals(1, "Who administers the cluster; whoever runs `pulumi up` must be among them, since local accounts are off"),
        viewers: principals(0, "Who may look at everything but secrets").default([]),
        chatOperators: principals(
          0,
          "Who may operate the chat: restart and scale its pods, read its logs, make backups and restores",
        ).default([]),
        chatViewers: principals(0, "Who may look at the chat's namespace, its logs included, secrets excepted").default([]),
      },
      "Who may use the cluster",
    ),
  },
  "A stack on Azure",
);
