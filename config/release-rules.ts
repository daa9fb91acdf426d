import { show, type Problem } from "../components/configuration-error";
import { images, rocketChatLines } from "../components/versions";
import { key, type Sound } from "./rules";
import type { StackConfig } from "./schema";

/** The release line of a version: `9.0` of `9.0.1`, `8.0` of `8.0.19-7`. */
export function lineOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** Rocket.Chat must be of a line that is known here, and take the database that it is given. */
export function releaseRules({ app, mongodb }: Sound<StackConfig>): Problem[] {
  if (app?.version === undefined) return [];
  const line = rocketChatLines[lineOf(app.version)];
  if (line === undefined) {
    return [
      {
        key: key("app.version"),
        value: show(app.version),
        limit: `It must be of a line whose needs are known here: ${Object.keys(rocketChatLines).join(", ")}.`,
        cure: `Name a release of one of these, such as ${images.rocketChat.tag}; other lines come with other versions of this project.`,
      },
    ];
  }
  if (mongodb?.version === undefined || line.mongodb.includes(lineOf(mongodb.version))) return [];
  return [
    {
      key: key("mongodb.version"),
      value: show(mongodb.version),
      limit: `It must be of MongoDB ${line.mongodb.join(" or ")}: Rocket.Chat ${app.version} is supported with no other.`,
      cure: `Name a release of Percona Server for MongoDB such as ${images.mongodb.tag}, or another release of Rocket.Chat.`,
    },
  ];
}
