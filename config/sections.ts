import { z } from "zod";

import { images } from "../components/versions";
import { choice, cidr, flag, hostname, list, mailAddress, section, secret, text, whole } from "./fields";

/** The sections that mean the same on both clouds. A section whose every key has a default may be left out. */

/** Days that CloudWatch Logs accepts as a retention; Log Analytics takes any of them within its own limits. */
export const logRetentionDays = (description: string) =>
  z
    .literal([7, 14, 30, 60, 90, 120, 180, 365])
    .default(90)
    .meta({ description, unit: "days", limits: "7, 14, 30, 60, 90, 120, 180 or 365" });

export const domain = hostname("Name under which people reach the chat; certificate and links are made for it");

/** @param largest prefix of the largest range: 0 is everyone */
export const apiServerCidrs = (largest: number) =>
  list(
    cidr(
      largest,
      32,
      "A range that may reach the Kubernetes API from outside",
      "Name the ranges of your operators and of your CI; 0.0.0.0/0 would open the Kubernetes API to everyone",
    ),
    1,
    "Who may reach the Kubernetes API from outside: the networks of your operators and of your CI",
  );

export const serviceCidr = (fallback: string) =>
  cidr(12, 24, "Addresses of Kubernetes Services; can be set at creation only, and must not meet any network the pods talk to").default(
    fallback,
  );

/** Bounds of the pool that the workload runs on. `sizeExample` is the cloud's own name of a machine size. */
export const nodes = (size: z.ZodDefault<z.ZodString>, diskGiB: number) =>
  section(
    {
      size,
      min: whole(1, 20, "nodes", "Fewest nodes over all zones").default(3),
      max: whole(1, 20, "nodes", "Most nodes over all zones").default(4),
      diskGiB: whole(30, 1024, "GiB", "Size of a node's own disk (images, logs, temporary files)").default(diskGiB),
    },
    "Machines that run the workload, spread over the zones",
  );

/** A further pool of spare capacity that the cloud may take back; never home to the database. */
export const spot = (size: z.ZodString) =>
  section(
    {
      sizes: list(size, 1, "Machine sizes to choose from, all with the same number of processors and the same memory"),
      max: whole(1, 20, "nodes", "Most spot nodes, over all zones and beside the others"),
    },
    "Spare capacity at a discount for what can be interrupted; the database never runs there",
  ).optional();

const app = section(
  {
    version: text(/^\d+\.\d+\.\d+$/, "a release such as 9.0.0", "Rocket.Chat release, the tag of its image").default(images.rocketChat.tag),
    replicas: section(
      {
        min: whole(1, 20, "pods", "Fewest Rocket.Chat pods").default(2),
        max: whole(1, 20, "pods", "Most Rocket.Chat pods, reached under load").default(5),
      },
      "Bounds of the horizontal autoscaler",
    ).prefault({}),
    licence: section(
      {
        source: choice(
          ["registration", "secret", "none"],
          "Where the licence comes from: Rocket.Chat Cloud at registration, a key of yours, or nowhere (one replica only)",
        ).default("registration"),
        registrationToken: secret(
          "Token that registers the workspace at first start, from cloud.rocket.chat; without it an administrator registers in the browser",
        ).optional(),
        key: secret("Licence key, for source `secret`").optional(),
      },
      "Several replicas need a licence with the `scalability` module, or messages stay on the pod they were sent to",
    ).prefault({}),
    admin: section(
      {
        username: text(
          /^[a-z0-9._-]{3,64}$/,
          "3 to 64 of a-z, 0-9, dot, dash and underscore",
          "User name of the first administrator",
        ).default("admin"),
        email: mailAddress("Mail address of the first administrator"),
      },
      "The administrator that the first start creates; the password is generated and is a stack output",
    ),
    smtp: section(
      {
        host: hostname("Mail server"),
        port: whole(1, 65535, "port", "Port of the mail server").default(587),
        from: mailAddress("Sender of the chat's mails"),
        username: z.string().min(1).meta({ description: "Account at the mail server", limits: "a text that is not empty" }).optional(),
        password: secret("Password of that account").optional(),
      },
      "How the chat sends mail; without it there are no invitations and no password resets",
    ).optional(),
    uploads: section(
      { maxFileSizeMiB: whole(1, 1024, "MiB", "Largest file that a user may upload").default(100) },
      "Files that users upload",
    ).prefault({}),
  },
  "Rocket.Chat itself",
);

const mongodb = section(
  {
    members: z.literal([1, 3]).default(3).meta({
      description: "Members of the replica set, each in a zone of its own; 1 is for trials and survives no node",
      unit: "pods",
      limits: "1 or 3",
    }),
    storageGiB: whole(10, 4096, "GiB", "Volume of each member; it can grow later, never shrink").default(20),
    version: text(
      /^\d+\.\d+\.\d+-\d+$/,
      `a release of Percona Server for MongoDB such as ${images.mongodb.tag}`,
      "Percona Server for MongoDB, the tag of its image",
    ).default(images.mongodb.tag),
    backup: section(
      { retentionDays: whole(1, 365, "days", "How long the daily full backups are kept, and the changes between them").default(14) },
      "Backups of the database in the object store: a full one every day, and what changed since every ten minutes",
    ).prefault({}),
    passwordRevision: whole(1, 10_000, "a count", "Raise it to give every account of the database a new password, in place").default(1),
    masterKey: secret(
      "Key of another stack whose data this one restores, its output `databaseMasterKey`; to be set before the first deployment. Left out the program makes one",
      { pattern: /^[A-Za-z0-9]{64}$/, limits: "64 letters and digits" },
    ).optional(),
  },
  "The database",
).prefault({});

const kept = (days: number, gib: number, what: string) =>
  section(
    {
      retentionDays: whole(1, 365, "days", `How long ${what} are kept`).default(days),
      storageGiB: whole(5, 4096, "GiB", `Volume on which ${what} are written; it can grow later, never shrink`).default(gib),
    },
    `Keeping of ${what}`,
  ).prefault({});

const observability = section(
  {
    size: choice(
      ["compact", "ha"],
      "`compact` fits four small nodes with one copy of each part, `ha` runs copies of what can have them",
    ).default("compact"),
    metrics: kept(15, 20, "metrics"),
    logs: kept(30, 10, "logs"),
    traces: kept(7, 10, "traces"),
    logAgent: choice(["alloy", "promtail"], "What collects the pods' logs; Promtail reached its end of life on 2026-03-02").default(
      "alloy",
    ),
  },
  "Prometheus, Grafana, Loki and Tempo",
).prefault({});

export const alertAddress = { email: mailAddress("Where alerts of the cloud and of the cluster go") };

const tags = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_.:/=+@-]{0,127}$/), z.string().max(256))
  .default({})
  .meta({
    description: "Tags on every cloud resource that takes them, beside the program's own",
    limits: "a map of texts: names up to 128 characters, values up to 256",
  });

const deletionProtection = flag(
  "Whether what holds data, and the cluster, refuses to be deleted; set it to false and run `pulumi up` before `pulumi destroy`",
).default(true);

/** The sections that are the same to the letter on both clouds. */
export const everywhere = { app, mongodb, observability, tags, deletionProtection };
