import type * as pulumi from "@pulumi/pulumi";

import type { PolicyFacts, WorkloadIdentity } from "../cluster";
import type { Publication } from "../load-balancer";
import { createNetworkPolicies, type Flow } from "../network-policy";
import type { UploadStore } from "../object-store";
import { scraper } from "../observability";
import { databasePods, databasePorts, operatorPods } from "./database";
import { placement } from "./identities";
import { labels, selector } from "./labels";
import { ports, telemetryPort, type MailServer, type Telemetry } from "./settings";

/** What decides which connections the chat needs. */
export interface ChatFlowsArgs {
  readonly uploads: Pick<UploadStore, "kind">;
  /** Who reaches the backups; nobody where a key opens the store. */
  readonly databaseIdentities: readonly WorkloadIdentity[];
  readonly telemetry: Telemetry;
  /** @default no mail is sent */
  readonly smtp?: Pick<MailServer, "port"> | undefined;
  /** @default nobody reaches the chat from outside */
  readonly publication?: Pick<Publication, "sourceCidrs"> | undefined;
}

export interface ChatPoliciesArgs extends ChatFlowsArgs {
  readonly namespace: pulumi.Output<string>;
  readonly policyFacts: PolicyFacts;
}

/** Port of the operator's metrics: https://github.com/percona/percona-server-mongodb-operator/blob/v1.22.0/cmd/manager/main.go */
const operatorMetricsPort = 8080;

/** Every connection that pods of the chat's namespace begin or take; whatever is not here is denied. */
export function chatFlows(args: ChatFlowsArgs): Flow[] {
  return [
    { name: "all-to-dns", purpose: "names", from: { everyPod: true }, to: "dns" },
    ...appFlows(args),
    ...databaseFlows(args.databaseIdentities.length > 0),
    ...metricFlows(),
  ];
}

const app = { pods: selector };
const database = { pods: databasePods };
const operator = { pods: operatorPods };

function appFlows({ uploads, telemetry, smtp, publication }: ChatFlowsArgs): Flow[] {
  const stores = uploads.kind === "s3";
  const collector = { pods: telemetry.pods, namespace: telemetry.namespace };
  return [
    ...(publication === undefined
      ? []
      : [{ name: "load-balancer-to-app", purpose: "people", from: { cidrs: publication.sourceCidrs }, to: app, ports: [ports.http] }]),
    { name: "app-to-app", purpose: "events between instances", from: app, to: app, ports: [ports.instances] },
    { name: "app-to-database", purpose: "everything that is written", from: app, to: database, ports: [databasePorts.mongod] },
    {
      name: "app-to-internet",
      purpose: `registration, notifications to phones, sign-in through others${stores ? ", uploads" : ""}`,
      from: app,
      to: "internet",
      ports: [443],
    },
    // A mounted store is the business of its driver, which the node runs, and so is the identity that opens it.
    ...(stores ? [{ name: "app-to-identity", purpose: "credentials for uploads", from: app, to: "identity" } as const] : []),
    ...(smtp === undefined ? [] : [{ name: "app-to-mail", purpose: "mail", from: app, to: "anywhere", ports: [smtp.port] } as const]),
    { name: "app-to-collector", purpose: "traces", from: app, to: collector, ports: [telemetryPort] },
  ];
}

function databaseFlows(signsIn: boolean): Flow[] {
  const { mongod } = databasePorts;
  return [
    { name: "database-to-database", purpose: "replication", from: database, to: database, ports: [mongod] },
    { name: "operator-to-database", purpose: "members, users, state of backups", from: operator, to: database, ports: [mongod] },
    { name: "operator-to-api-server", purpose: "what the database shall be", from: operator, to: "api-server" },
    // The backup agent runs beside mongod; the operator itself looks into the store and deletes what is too old.
    ...[
      { who: "database", from: database },
      { who: "operator", from: operator },
    ].flatMap(({ who, from }): Flow[] => [
      { name: `${who}-to-store`, purpose: "backups", from, to: "internet", ports: [443] },
      ...(signsIn ? [{ name: `${who}-to-identity`, purpose: "credentials for backups", from, to: "identity" } as const] : []),
    ]),
  ];
}

function metricFlows(): Flow[] {
  return [
    { name: "scraper-to-app", purpose: "metrics", from: scraper, to: app, ports: [ports.metrics] },
    { name: "scraper-to-database", purpose: "metrics", from: scraper, to: database, ports: [databasePorts.exporter] },
    { name: "scraper-to-operator", purpose: "metrics", from: scraper, to: operator, ports: [operatorMetricsPort] },
  ];
}

/** Shuts the chat's namespace but for its flows. Returns what its pods have to wait for. */
export function createChatPolicies(parent: pulumi.Resource, name: string, args: ChatPoliciesArgs): pulumi.Resource[] {
  return createNetworkPolicies(parent, name, {
    namespace: placement.namespace,
    namespaceReady: args.namespace,
    facts: args.policyFacts,
    flows: chatFlows(args),
    labels,
  });
}
