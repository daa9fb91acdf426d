import type { Store } from "../object-store";

/** A setting of Rocket.Chat that the program decides; administrators see it as read only. */
interface Setting {
  readonly value: string;
  /** Where the setting is defined in Rocket.Chat's source. */
  readonly source: string;
}

/** Port of the chat, and of its metrics. */
export const ports = { http: 3000, metrics: 9100 } as const;

const definitions = "https://github.com/RocketChat/Rocket.Chat/tree/develop/apps/meteor/server/settings";

/** Settings by their id, each the environment variable `OVERWRITE_SETTING_<id>`. */
function settings(url: string, uploads: Store, maxFileSizeMiB: number): Record<string, Setting> {
  const upload = `${definitions}/file-upload.ts`;
  return {
    // ROOT_URL counts at the first start only: https://github.com/RocketChat/Rocket.Chat/issues/21434
    Site_Url: { value: url, source: `${definitions}/general.ts` },
    Show_Setup_Wizard: { value: "completed", source: `${definitions}/setup-wizard.ts` },
    Prometheus_Enabled: { value: "true", source: `${definitions}/logs.ts` },
    Prometheus_Port: { value: String(ports.metrics), source: `${definitions}/logs.ts` },
    Log_Level: { value: "1", source: `${definitions}/logs.ts` },
    FileUpload_MaxFileSize: { value: String(maxFileSizeMiB * 1024 * 1024), source: upload },
    ...(uploads.kind === "s3"
      ? {
          FileUpload_Storage_Type: { value: "AmazonS3", source: upload },
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

/** Where the image keeps uploads on disk. */
export const uploadsPath = "/app/uploads";

/** The plain environment of the chat: what is neither secret nor different from pod to pod. */
export function environment(url: string, uploads: Store, maxFileSizeMiB: number): Record<string, string> {
  const overwritten = Object.entries(settings(url, uploads, maxFileSizeMiB)).map(
    ([id, { value }]) => [`OVERWRITE_SETTING_${id}`, value] as const,
  );
  return {
    ROOT_URL: url,
    PORT: String(ports.http),
    DEPLOY_METHOD: "pulumi",
    // One proxy in front: the load balancer.
    HTTP_FORWARDED_COUNT: "1",
    // Readiness follows the database; these keep a busy moment from looking like a lost one.
    EVENT_LOOP_LAG_MS: "500",
    HEAP_USAGE_PERCENT: "0.92",
    ...Object.fromEntries(overwritten),
  };
}
