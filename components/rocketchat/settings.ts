import type * as pulumi from "@pulumi/pulumi";

import type { Publication } from "../load-balancer";
import type { UploadStore } from "../object-store";
import { heapMiB } from "./sizing";

/** An environment variable of the chat. */
export interface Variable {
  readonly value: pulumi.Input<string>;
  /** Where it is read, or described by whoever reads it. */
  readonly source: string;
}

/**
 * Ports of the chat's pods: people, metrics, and the instances among each other. Those keep to one port, which is theirs alone, so that a network
 * policy can name it.
 */
export const ports = { http: 3000, metrics: 9100, instances: 4000 } as const;

/** Where the image keeps uploads on disk. */
export const uploadsPath = "/app/uploads";

/** A mail server and how to sign in to it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly username?: string | undefined;
  readonly password?: pulumi.Output<string> | undefined;
}

/** Where the chat's traces go: pods that take OTLP over gRPC, and the name of their Service. */
export interface Telemetry {
  readonly host: string;
  readonly namespace: string;
  readonly pods: Readonly<Record<string, string>>;
}

/** Port on which a collector takes OTLP over gRPC: https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-default-port */
export const telemetryPort = 4317;

export interface SettingsArgs {
  /** Name under which people reach the chat. */
  readonly domain: string;
  readonly admin: { readonly username: string; readonly email: string };
  readonly smtp?: MailServer | undefined;
  readonly maxFileSizeMiB: number;
  readonly uploads: UploadStore;
  readonly telemetry: Telemetry;
  readonly publication?: Publication | undefined;
}

const repository = "https://github.com/RocketChat/Rocket.Chat/blob/develop";
const meteor = "https://docs.meteor.com/cli/environment-variables.html";
const health = `${repository}/apps/meteor/server/routes/health.ts`;
const openTelemetry = "https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/";
const firstStart = `${repository}/apps/meteor/server/startup/initialData.ts`;

/** What every pod is told alike, by the variable's name. None of it is secret. */
export function variables(args: SettingsArgs): Record<string, Variable> {
  const { domain, admin, telemetry, publication } = args;
  const collector = `http://${telemetry.host}:${telemetryPort}`;
  const overwritten = Object.entries(settings(args)).map(([id, setting]) => [`OVERWRITE_SETTING_${id}`, setting] as const);
  return {
    ROOT_URL: { value: urlOf(domain), source: meteor },
    PORT: { value: String(ports.http), source: meteor },
    // One proxy in front on either cloud: what else forwards a connection adds no header.
    HTTP_FORWARDED_COUNT: { value: "1", source: meteor },
    // One WebSocket is one connection, and stays with its pod. What a browser falls back to is many, which mean something to one pod only:
    // https://github.com/RocketChat/Rocket.Chat/issues/27256. So there is no falling back where they would be scattered.
    ...(publication?.stickySessions === false ? { DISABLE_SOCKJS: { value: "1", source: meteor } } : {}),
    DEPLOY_METHOD: { value: "pulumi", source: `${repository}/apps/meteor/app/statistics/server/lib/statistics.ts` },
    NODE_OPTIONS: { value: `--max-old-space-size=${heapMiB}`, source: "https://nodejs.org/api/cli.html#node_optionsoptions" },
    TCP_PORT: { value: String(ports.instances), source: `${repository}/apps/meteor/ee/server/local-services/instance/service.ts` },

    // Readiness follows the database; these keep a busy moment from looking like a lost one.
    EVENT_LOOP_LAG_MS: { value: "500", source: health },
    HEAP_USAGE_PERCENT: { value: "0.92", source: health },

    ADMIN_USERNAME: { value: admin.username, source: firstStart },
    ADMIN_NAME: { value: admin.username, source: firstStart },
    ADMIN_EMAIL: { value: admin.email, source: firstStart },
    ADMIN_EMAIL_VERIFIED: { value: "true", source: firstStart },

    TRACING_ENABLED: { value: "true", source: `${repository}/packages/tracing/src/index.ts` },
    OTEL_EXPORTER_OTLP_ENDPOINT: { value: collector, source: "https://opentelemetry.io/docs/specs/otel/protocol/exporter/" },
    // Metrics are Prometheus' and logs the agent's: left unsaid the SDK may send both to the port above, and by HTTP.
    OTEL_METRICS_EXPORTER: { value: "none", source: openTelemetry },
    OTEL_LOGS_EXPORTER: { value: "none", source: openTelemetry },

    ...Object.fromEntries(overwritten),
  };
}

/** Settings of Rocket.Chat that the program decides, by their id; administrators see them as read-only. */
function settings({ domain, smtp, maxFileSizeMiB, uploads }: SettingsArgs): Record<string, Variable> {
  const definitions = `${repository}/apps/meteor/server/settings`;
  const logs = `${definitions}/logs.ts`;
  const upload = `${definitions}/file-upload.ts`;
  return {
    // ROOT_URL counts at the first start only: https://github.com/RocketChat/Rocket.Chat/issues/21434
    Site_Url: { value: urlOf(domain), source: `${definitions}/general.ts` },
    Show_Setup_Wizard: { value: "completed", source: `${definitions}/setup-wizard.ts` },
    Prometheus_Enabled: { value: "true", source: logs },
    Prometheus_Port: { value: String(ports.metrics), source: logs },
    // Errors and information. They are JSON without being asked to, since the image is for production:
    // https://github.com/RocketChat/Rocket.Chat/blob/develop/packages/logger/src/getPino.ts
    Log_Level: { value: "1", source: logs },
    ...(smtp === undefined ? {} : { From_Email: { value: smtp.from, source: `${definitions}/email.ts` } }),
    FileUpload_MaxFileSize: { value: String(maxFileSizeMiB * 1024 * 1024), source: upload },
    ...(uploads.kind === "s3"
      ? {
          // Without a key it takes the identity of the pod: https://github.com/RocketChat/Rocket.Chat/pull/10673
          FileUpload_Storage_Type: { value: "AmazonS3", source: upload },
          FileUpload_S3_Bucket: { value: uploads.bucket, source: upload },
          FileUpload_S3_Region: { value: uploads.region, source: upload },
          // Some releases refuse to start without a whole address: https://github.com/RocketChat/Rocket.Chat/issues/40729
          FileUpload_S3_BucketURL: { value: `https://s3.${uploads.region}.amazonaws.com`, source: upload },
          // Through the chat, so that the bucket needs no public access and no rule for browsers.
          FileUpload_S3_Proxy_Uploads: { value: "true", source: upload },
          FileUpload_S3_Proxy_Avatars: { value: "true", source: upload },
          FileUpload_S3_Proxy_UserDataFiles: { value: "true", source: upload },
        }
      : {
          FileUpload_Storage_Type: { value: "FileSystem", source: upload },
          FileUpload_FileSystemPath: { value: uploadsPath, source: upload },
        }),
  };
}

/** Where people reach a chat of that name. */
export function urlOf(domain: string): string {
  return `https://${domain}`;
}

/** An environment variable that only the pod itself can tell. */
type PodVariable = { readonly field: string } | { readonly value: string };

/**
 * What every pod is told of itself, in this order: one may refer to those before it.
 *
 * The attributes lead from a trace to the logs of the pod and the node that it came from. What a service is called is not among them: Rocket.Chat
 * says that itself, in a word that outweighs the environment (https://github.com/RocketChat/Rocket.Chat/blob/develop/apps/meteor/server/tracing.ts).
 *
 * @param namespace of the pods
 * @param version Rocket.Chat release
 */
export function podVariables(namespace: string, version: string): Record<string, PodVariable> {
  const attributes = {
    "service.namespace": "rocketchat",
    "service.version": version,
    "service.instance.id": "$(POD_NAME)",
    "k8s.namespace.name": namespace,
    "k8s.pod.name": "$(POD_NAME)",
    "k8s.node.name": "$(NODE_NAME)",
  };
  return {
    // Instances find each other by this address.
    INSTANCE_IP: { field: "status.podIP" },
    POD_NAME: { field: "metadata.name" },
    NODE_NAME: { field: "spec.nodeName" },
    // https://opentelemetry.io/docs/specs/semconv/resource/k8s/
    OTEL_RESOURCE_ATTRIBUTES: {
      value: Object.entries(attributes)
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
    },
  };
}
