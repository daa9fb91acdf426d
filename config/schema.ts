import { z } from "zod";

import { addonNames, kubernetes } from "../components/versions";
import { choice, cidr, flag, list, section, text, whole } from "./fields";
import * as common from "./sections";

const awsRegion = (description: string) => text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as us-west-2", description);
const subnetId = text(/^subnet-[0-9a-f]{8,17}$/, "the id of a subnet such as subnet-0123456789abcdef0", "A subnet");
const awsSize = text(/^[a-z0-9-]+\.[a-z0-9]+$/, "an EC2 instance type such as t3.medium", "EC2 instance type");

/** Configuration of a stack on AWS. */
export const awsSchema = section(
  {
    cloud: z.literal("aws").meta({ description: "The cloud of this stack", limits: '"aws" or "azure"' }),
    domain: common.domain,
    tls: section(
      {
        certificateArn: text(
          /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
          "the ARN of a certificate in ACM",
          "Certificate for the domain, issued in ACM in the stack's own region",
        ).optional(),
        hostedZone: text(
          /^[a-z0-9.-]+\.[a-z]{2,63}$/,
          "the name of a Route 53 zone such as example.com",
          "Public Route 53 zone that holds the domain: the certificate is issued and the address record is made in it",
        ).optional(),
      },
      "Where the certificate comes from: exactly one of the two",
    ),
    network: section(
      {
        create: section(
          {
            cidr: cidr(
              16,
              20,
              "Range of the VPC",
              "A smaller VPC has no room for the nodes, the pods and the load balancer of three zones, and EKS takes no larger one",
            ).default("10.0.0.0/16"),
            zones: list(
              text(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "an availability zone such as us-east-1a", "An availability zone"),
              2,
              "Availability zones; by default the first three of the account in which EKS can place a control plane and EC2 has the nodes' size",
              4, // what the address plan has room for
            ).optional(),
            natGateways: choice(
              ["per-zone", "single"],
              "One NAT gateway in each zone, or one for all: cheaper, but its zone takes the egress of all with it",
            ).default("per-zone"),
            flowLogRetentionDays: common.logRetentionDays("How long the VPC's flow logs are kept"),
          },
          "A VPC that the program makes",
        ).optional(),
        use: section(
          {
            vpcId: text(
              /^vpc-[0-9a-f]{8,17}$/,
              "the id of a VPC such as vpc-0123456789abcdef0",
              "The VPC, with DNS support and host names on",
            ),
            privateSubnetIds: list(
              subnetId,
              2,
              "Subnets of the nodes, one to a zone, each with a default route to a NAT gateway or the like",
              4,
            ),
            publicSubnetIds: list(
              subnetId,
              2,
              "Subnets of the load balancer, one to a zone, each with a default route to an internet gateway",
              4,
            ),
          },
          "A VPC that exists; its owner keeps flow logs, endpoints and routes",
        ).optional(),
      },
      "The VPC: exactly one of the two",
    ).prefault({ create: {} }),
    cluster: section(
      {
        version: choice(Object.keys(kubernetes.aws) as ["1.36", "1.35", "1.34"], "Kubernetes minor of control plane and nodes").default(
          kubernetes.default,
        ),
        apiServerCidrs: common.apiServerCidrs(0),
        acknowledgeOpenApi: flag(
          "Says that `apiServerCidrs` may hold 0.0.0.0/0: the Kubernetes API is then open to everyone, and only IAM stands before it",
        ).default(false),
        serviceCidr: common.serviceCidr("172.20.0.0/16"),
        nodes: common.nodes(awsSize.default("t3.medium"), 30).prefault({}),
        spot: common.spot(awsSize),
        logRetentionDays: common.logRetentionDays("How long the logs of control plane and containers are kept in CloudWatch"),
        containerInsights: flag("Whether CloudWatch also gets the metrics of every pod and node; it charges for each of them").default(
          false,
        ),
        addonVersions: z
          .partialRecord(z.enum(addonNames), z.string().regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/))
          .default({})
          .meta({
            description:
              "Versions of EKS add-ons, by name; those that are not named take the newest version for the Kubernetes minor each time the program runs",
            limits: `a map from ${addonNames.join(", ")} to versions such as v1.21.2-eksbuild.1`,
          }),
      },
      "The EKS cluster",
    ),
    loadBalancer: section(
      {
        allowedCidrs: list(cidr(0, 32, "A range that may reach the chat"), 1, "Who may reach the chat").default(["0.0.0.0/0"]),
        waf: flag("Whether AWS WAF inspects requests, with AWS's managed rules and a limit of requests for each address").default(false),
      },
      "The Application Load Balancer in front of the chat",
    ).prefault({}),
    storage: section(
      {
        uploadVersionDays: whole(1, 365, "days", "How long replaced and deleted uploads can be brought back").default(90),
        replication: section(
          { region: awsRegion("Region of the copies, another one than the stack's") },
          "Copies of all uploads in a second region; left out there are none",
        ).optional(),
      },
      "Where data lies",
    ).prefault({}),
    ...common.everywhere,
    backup: section(
      {
        ...common.backupRetention,
        copyRegion: awsRegion("Second region to which the daily backups are copied; left out there are no copies").optional(),
        vaultLock: choice(
          ["none", "governance", "compliance"],
          "Whether backups refuse to be deleted before their time: by all but those with the right to lift the lock, or, from three days after on, by everyone and for ever",
        ).default("none"),
        restoreTests: flag(
          "Whether AWS Backup restores every volume once a week to prove that it can; what it restored is deleted after an hour",
        ).default(true),
      },
      "Backups of volumes and database",
    ).prefault({}),
    alerts: section(
      {
        ...common.alertAddress,
        monthlyBudgetUsd: whole(
          1,
          1_000_000,
          "US dollars",
          "Bill of the whole account for a month, of which a mail warns at 80 % and when it is forecast; left out there is no budget",
        ).optional(),
      },
      "Who hears of trouble",
    ),
    access: section(
      {
        admins: list(
          text(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/, "the ARN of an IAM role or user", "An IAM principal"),
          0,
          "Who administers the cluster, beside whoever deploys it",
        ).default([]),
        viewers: list(
          text(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/, "the ARN of an IAM role or user", "An IAM principal"),
          0,
          "Who may look at everything but secrets",
        ).default([]),
        deployerRole: text(
          /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
          "the ARN of an IAM role",
          "Role that `pulumi up` works as and that kubectl must take on; needed where the stack's own settings name a role, a profile or keys for the provider",
        ).optional(),
      },
      "Who may use the cluster",
    ).prefault({}),
  },
  "A stack on AWS",
);

const azureSize = text(/^Standard_[A-Za-z0-9_]+$/, "a virtual machine size such as Standard_B2s", "Virtual machine size");

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
        cidr: cidr(8, 22, "Range of the virtual network").default("10.0.0.0/16"),
        nodeSubnetCidr: cidr(8, 27, "Subnet of the nodes and of the internal load balancer").default("10.0.1.0/24"),
        gatewaySubnetCidr: cidr(8, 26, "Subnet of Application Gateway, which needs one of its own").default("10.0.2.0/24"),
        apiServerSubnetCidr: cidr(8, 28, "Subnet through which the nodes reach the API server").default("10.0.3.0/28"),
        zones: list(choice(["1", "2", "3"], "An availability zone"), 1, "Availability zones of the workload's node pools").default([
          "1",
          "2",
          "3",
        ]),
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
      "The virtual network",
    ).prefault({}),
    cluster: section(
      {
        version: text(
          /^1\.\d{2}(\.\d{1,2})?$/,
          `a Kubernetes version from ${kubernetes.azureFloor} on, such as ${kubernetes.default} (its newest patch)`,
          "Kubernetes version of control plane and nodes",
        ).default(kubernetes.default),
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
      },
      "The AKS cluster",
    ),
    storage: section(
      {
        diskSku: choice(["Premium_LRS", "StandardSSD_LRS", "Standard_LRS"], "Kind of managed disk for volumes").default("Premium_LRS"),
        redundancy: choice(
          ["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"],
          "How the storage accounts copy what they hold",
        ).default("Standard_ZRS"),
        uploadVersionDays: whole(2, 365, "days", "How long replaced and deleted uploads can be brought back").default(90),
      },
      "Where data lies",
    ).prefault({}),
    ...common.everywhere,
    backup: section(common.backupRetention, "Backups of volumes and database").prefault({}),
    alerts: section(common.alertAddress, "Who hears of trouble"),
    access: section(
      {
        admins: principals(1, "Who administers the cluster; whoever runs `pulumi up` must be among them, since local accounts are off"),
        viewers: principals(0, "Who may look at everything but secrets").default([]),
      },
      "Who may use the cluster",
    ),
  },
  "A stack on Azure",
);

export const schemas = { aws: awsSchema, azure: azureSchema } as const;

export type Cloud = keyof typeof schemas;

/** Region and the configuration proper, as read from the stack's file, defaults filled in. */
export type AwsConfig = z.output<typeof awsSchema> & { readonly region: string };
export type AzureConfig = z.output<typeof azureSchema> & { readonly region: string };
export type StackConfig = AwsConfig | AzureConfig;
