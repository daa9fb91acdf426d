import { expect } from "chai";

import type { RocketChatAppArgs } from "../../../components/rocketchat";
import { variables } from "../../../components/rocketchat/settings";
import { chat, container, internalPublication } from "../../support/chat";
import { named, simulateComponent } from "../../support/simulated";

/** What every chat is told, wherever its uploads lie. */
const always = {
  ROOT_URL: "https://chat.acme.io",
  PORT: "3000",
  DEPLOY_METHOD: "pulumi",
  HTTP_FORWARDED_COUNT: "1",
  EVENT_LOOP_LAG_MS: "500",
  HEAP_USAGE_PERCENT: "0.92",
  NODE_OPTIONS: "--max-old-space-size=1075",
  TCP_PORT: "4000",
  TRACING_ENABLED: "true",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.telemetry.svc.cluster.local:4317",
  OTEL_METRICS_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
  ADMIN_USERNAME: "admin",
  ADMIN_NAME: "admin",
  ADMIN_EMAIL: "admin@acme.io",
  ADMIN_EMAIL_VERIFIED: "true",
  OVERWRITE_SETTING_Site_Url: "https://chat.acme.io",
  OVERWRITE_SETTING_Show_Setup_Wizard: "completed",
  OVERWRITE_SETTING_Prometheus_Enabled: "true",
  OVERWRITE_SETTING_Prometheus_Port: "9100",
  OVERWRITE_SETTING_Log_Level: "1",
  OVERWRITE_SETTING_FileUpload_MaxFileSize: "104857600",
};
const inBucket = {
  OVERWRITE_SETTING_FileUpload_Storage_Type: "AmazonS3",
  OVERWRITE_SETTING_FileUpload_S3_Bucket: "acme-uploads",
  OVERWRITE_SETTING_FileUpload_S3_BucketURL: "https://s3.eu-central-1.amazonaws.com",
  OVERWRITE_SETTING_FileUpload_S3_Region: "eu-central-1",
  OVERWRITE_SETTING_FileUpload_S3_Proxy_Uploads: "true",
  OVERWRITE_SETTING_FileUpload_S3_Proxy_Avatars: "true",
  OVERWRITE_SETTING_FileUpload_S3_Proxy_UserDataFiles: "true",
};
const onVolume = {
  OVERWRITE_SETTING_FileUpload_Storage_Type: "FileSystem",
  OVERWRITE_SETTING_FileUpload_FileSystemPath: "/app/uploads",
};

for (const preview of [true, false]) {
  describe(`the settings of the chat, in a ${preview ? "preview" : "deployment"}`, () => {
    const settings = async (change: () => Partial<RocketChatAppArgs> = () => ({})): Promise<unknown> => {
      const graph = await simulateComponent(() => chat(change()), { preview });
      expect(named(graph, "chat-settings").inputs["metadata"]).to.include({ name: "rocketchat-settings", namespace: "rocketchat" });
      return named(graph, "chat-settings").inputs["data"];
    };

    it("send uploads to a bucket without a key, and back through the chat, so that the bucket stays closed", async () => {
      expect(await settings()).to.deep.equal({ ...always, ...inBucket });
    });

    it("send uploads to the mounted folder where the store can be mounted", async () => {
      expect(await settings(() => ({ uploads: container() }))).to.deep.equal({ ...always, ...onVolume });
    });

    it("name the sender of mails where there is a mail server, and never its account", async () => {
      const smtp = { host: "smtp.acme.io", port: 587, from: "chat@acme.io", username: "mailer" };
      expect(await settings(() => ({ smtp }))).to.deep.equal({ ...always, ...inBucket, OVERWRITE_SETTING_From_Email: "chat@acme.io" });
    });

    it("follow the configuration: name, administrator, largest file", async () => {
      const change = { domain: "talk.acme.io", admin: { username: "root", email: "root@acme.io" }, maxFileSizeMiB: 1 };
      expect(await settings(() => change)).to.deep.include({
        ROOT_URL: "https://talk.acme.io",
        OVERWRITE_SETTING_Site_Url: "https://talk.acme.io",
        ADMIN_USERNAME: "root",
        ADMIN_NAME: "root",
        ADMIN_EMAIL: "root@acme.io",
        OVERWRITE_SETTING_FileUpload_MaxFileSize: "1048576",
      });
    });
  });
}

describe("the table of settings", () => {
  it("says of each where it is read: on GitHub, or by whoever describes it", () => {
    const smtp = { host: "smtp.acme.io", port: 587, from: "chat@acme.io" };
    const telemetry = { host: "collector", namespace: "telemetry", pods: {} };
    const admin = { username: "admin", email: "admin@acme.io" };
    const table = variables({
      ...{ domain: "chat.acme.io", admin, smtp, maxFileSizeMiB: 1, telemetry },
      ...{ uploads: container(), publication: internalPublication() },
    });
    expect(Object.keys(table)).to.include.members(["DISABLE_SOCKJS", "OVERWRITE_SETTING_From_Email", "TCP_PORT"]);
    const hosts = /^https:\/\/(github\.com\/RocketChat\/Rocket\.Chat|docs\.meteor\.com|nodejs\.org|opentelemetry\.io)\/./;
    for (const [name, { source }] of Object.entries(table)) expect(source, name).to.match(hosts);
  });
});
