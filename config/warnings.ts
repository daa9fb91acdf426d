import { images, kubernetes, rocketChatLines } from "../components/versions";
import { compareVersions } from "./azure-rules";
import { lineOf } from "./release-rules";
import type { StackConfig } from "./schema";

/** What is allowed and still worth a word. */
export function warnings(config: StackConfig): string[] {
  return [
    ...versionWarnings(config),
    ...releaseWarnings(config.app.version),
    ...(config.observability.logAgent === "promtail"
      ? ["rocketchat:observability.logAgent is promtail, which reached its end of life on 2026-03-02; alloy replaces it."]
      : []),
    ...(config.mongodb.members === 1
      ? ["rocketchat:mongodb.members is 1: the database survives no node, and upgrades interrupt the chat."]
      : []),
  ];
}

function versionWarnings({ cloud, cluster: { version } }: StackConfig): string[] {
  const supported: Readonly<Record<string, string>> = kubernetes[cloud];
  const minor = lineOf(version);
  if (minor in supported) return [];
  const judgement =
    compareVersions(minor, kubernetes.default) > 0 ? "newer than any that this program was tried with" : "out of standard support";
  return [
    `rocketchat:cluster.version is ${version}: that minor is ${judgement}; ${kubernetes.default} is supported until ${supported[kubernetes.default]}.`,
  ];
}

/** A line that Rocket.Chat stops to support before the one that the program starts with. */
function releaseWarnings(version: string): string[] {
  const [line, first] = [rocketChatLines[lineOf(version)], rocketChatLines[lineOf(images.rocketChat.tag)]];
  if (line === undefined || first === undefined || line.supportedUntil >= first.supportedUntil) return [];
  return [
    `rocketchat:app.version is ${version}: its line is supported until about ${line.supportedUntil}, and then sends no push notifications; ${images.rocketChat.tag} is until ${first.supportedUntil}.`,
  ];
}
