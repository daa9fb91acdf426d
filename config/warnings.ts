import { kubernetes } from "../components/versions";
import type { StackConfig } from "./schema";

/** What is allowed and still worth a word. */
export function warnings(config: StackConfig): string[] {
  const supported: Readonly<Record<string, string>> = kubernetes[config.cloud];
  const minor = config.cluster.version.split(".").slice(0, 2).join(".");
  return [
    ...(minor in supported
      ? []
      : [
          `rocketchat:cluster.version is ${config.cluster.version}: that minor is out of standard support; ${kubernetes.default} is supported until ${supported[kubernetes.default]}.`,
        ]),
    ...(config.observability.logAgent === "promtail"
      ? ["rocketchat:observability.logAgent is promtail, which reached its end of life on 2026-03-02; alloy replaces it."]
      : []),
    ...(config.mongodb.members === 1
      ? ["rocketchat:mongodb.members is 1: the database survives no node, and upgrades interrupt the chat."]
      : []),
  ];
}
