import { createHmac } from "node:crypto";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { Database } from "./database";
import { variables, type MailServer, type SettingsArgs, type Variable } from "./settings";
import { labels } from "./labels";

export interface ConfigurationArgs extends SettingsArgs {
  readonly namespace: pulumi.Output<string>;
  readonly licence: {
    readonly registrationToken?: pulumi.Output<string> | undefined;
    readonly key?: pulumi.Output<string> | undefined;
  };
  readonly database: Pick<Database, "connectionString" | "masterKey">;
}

/** What the chat is told, and what of it is secret. */
export interface Configuration {
  readonly settings: k8s.core.v1.ConfigMap;
  readonly credentials: k8s.core.v1.Secret;
  /** Another one for other contents: a process reads its environment once, so that its pod is replaced. */
  readonly fingerprint: pulumi.Output<string>;
  /** Secret; counts until the administrator changes it. */
  readonly adminPassword: pulumi.Output<string>;
}

/** Settings and credentials of the chat. */
export function createConfiguration(parent: pulumi.Resource, name: string, args: ConfigurationArgs): Configuration {
  const { namespace, database } = args;
  const adminPassword = new random.RandomPassword(`${name}-admin-password`, { length: 32, special: false }, { parent }).result;
  const data = valuesOf(variables(args));
  const stringData = valuesOf(secretVariables(args, adminPassword));
  const settings = new k8s.core.v1.ConfigMap(
    `${name}-settings`,
    { metadata: { name: "rocketchat-settings", namespace, labels }, data },
    { parent },
  );
  const credentials = new k8s.core.v1.Secret(
    `${name}-credentials`,
    { metadata: { name: "rocketchat-credentials", namespace, labels }, stringData },
    { parent },
  );
  return { settings, credentials, fingerprint: fingerprint(database.masterKey, { ...data, ...stringData }), adminPassword };
}

/** What is secret, by the variable's name. */
function secretVariables({ licence, smtp, database }: ConfigurationArgs, adminPassword: pulumi.Output<string>): Record<string, Variable> {
  const meteor = "https://docs.meteor.com/cli/environment-variables.html";
  const repository = "https://github.com/RocketChat/Rocket.Chat/blob/develop/apps/meteor";
  return {
    MONGO_URL: { value: database.connectionString, source: meteor },
    ADMIN_PASS: { value: adminPassword, source: `${repository}/server/startup/initialData.ts` },
    ...(licence.registrationToken === undefined
      ? {}
      : { REG_TOKEN: { value: licence.registrationToken, source: `${repository}/app/cloud/server/index.ts` } }),
    ...(licence.key === undefined
      ? {}
      : { ROCKETCHAT_LICENSE: { value: licence.key, source: `${repository}/ee/app/license/server/startup.ts` } }),
    ...(smtp === undefined ? {} : { MAIL_URL: { value: mailUrl(smtp), source: meteor } }),
  };
}

function valuesOf(table: Readonly<Record<string, Variable>>): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(Object.entries(table).map(([key, { value }]) => [key, value]));
}

/**
 * A text that is another one for other contents, and says nothing of them: it stands in the open, and whoever reads a plain hash can try the
 * passwords that people choose. Without the key, which is random and as long as the hash, there is nothing to try.
 */
function fingerprint(key: pulumi.Output<string>, contents: Record<string, pulumi.Input<string>>): pulumi.Output<string> {
  return pulumi.unsecret(
    pulumi.all([key, pulumi.all(contents)]).apply(([secret, plain]) => {
      const sorted = Object.entries(plain).sort(([a], [b]) => (a < b ? -1 : 1));
      // The first line keeps it apart from the passwords, which follow from the same key.
      return createHmac("sha256", secret)
        .update(`what the chat's pods are told\n${JSON.stringify(sorted)}`)
        .digest("hex");
    }),
  );
}

/**
 * `smtp://user:password@host:port`, or without an account. On port 465 TLS comes before anything is said, and only the scheme tells the client; on
 * others the server offers it, and a client that has a password to lose insists: https://nodemailer.com/smtp/#tls-options
 */
function mailUrl({ host, port, username, password }: MailServer): pulumi.Output<string> {
  const scheme = port === 465 ? "smtps" : "smtp";
  return pulumi.secret(
    pulumi.output(password).apply((plain) => {
      if (username === undefined || plain === undefined) return `${scheme}://${host}:${port}`;
      const account = `${encodeURIComponent(username)}:${encodeURIComponent(plain)}`;
      return `${scheme}://${account}@${host}:${port}${port === 465 ? "" : "/?requireTLS=true"}`;
    }),
  );
}
