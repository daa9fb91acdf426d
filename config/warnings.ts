import { kubernetes } from "../components/versions";
import { compareVersions } from "./azure-rules";
import type { StackConfig } from "./schema";

/** What is allowed and still worth a word. */
export function warnings(config: StackConfig): string[] {
  return [
    ...versionWarnings(config),
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
  const minor = version.split(".").slice(0, 2).join(".");
  if (minor in supported) return [];
  const judgement =
    compareVersions(minor, kubernetes.default) > 0 ? "newer than any that this program was tried with" : "out of standard support";
  return [
    `rocketchat:cluster.version is ${version}: that minor is ${judgement}; ${kubernetes.default} is supported until ${supported[kubernetes.default]}.`,
  ];
}
