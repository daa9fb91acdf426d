import { z } from "zod";

import { addonNames, kubernetes } from "../components/versions";
import { choice, cidr, flag, list, section, text, whole } from "./fields";
import * as common from "./sections";

const awsRegion = (description: string) => text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as us-west-2", description);
const subnetId = text(/^subnet-[0-9a-f]{8,17}$/, "the id of a subnet such as subnet-0123456789abcdef0", "A subnet");
const awsSize = text(/^[a-z0-9-]+\.[a-z0-9]+$/, "an EC2 instance type such as t3.medium", "EC2 instance type");

const iamPrincipals = (description: string) =>
  list(text(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/, "the ARN of an IAM role or user", "An IAM principal"), 0, description).default(
    [],
  );

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
        hourlyRetentionHours: whole(24, 168, "hours", "How long the hourly volume snapshots are kept").default(48),
        dailyRetentionDays: whole(7, 365, "days", "How long the daily backups are kept").default(35),
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
        admins: iamPrincipals("Who administers the cluster, beside whoever deploys it"),
        viewers: iamPrincipals("Who may look at everything but secrets"),
        chatOperators: iamPrincipals("Who may operate the chat: restart and scale its pods, read its logs, make backups and restores"),
        chatViewers: iamPrincipals("Who may look at the chat's namespace, its logs included, secrets excepted"),
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
