/**
 * The JSON of a graph hides secrets and cannot know what a cloud will answer. Both leave a marker; this module puts something there that the
 * API server can judge, and says where it did so, for what was invented has not been proven.
 */
import type { Json, JsonObject } from "./json";
import { isObject } from "./json";

/** What the graph document prints in place of a value it may not or cannot show. */
const MARKER = /\[(secret|unknown)\]/;
const MARKERS = /\[(secret|unknown)\]/g;

export interface StandIn {
  /** The resource and the path inside its inputs. */
  readonly place: string;
  /** The path as the API server writes it: `spec.rules[0].host`. */
  readonly path: string;
  readonly reason: "secret" | "unknown";
  readonly value: Json;
}

/** What a field of this name usually holds; the first match counts. Everything else becomes a short word. */
const BY_KEY: readonly (readonly [RegExp, Json])[] = [
  [/^(replicas|minReplicas|maxReplicas|minAvailable|maxUnavailable|size)$/, 1],
  [/(port|Port)$/, 8080],
  [/^(clusterIP|loadBalancerIP|ip|address|podIP|hostIP)$/, "10.0.1.250"],
  [/(cidr|Cidr|CIDR)$/, "10.0.0.0/16"],
  [/(cidrs|Cidrs|CIDRs|loadBalancerSourceRanges)$/, ["10.0.0.0/16"]],
  [/^(host|hostname|dnsName|externalName)$/, "chat.example.com"],
  [/^namespace$/, "default"],
  [/^(cpu)$/, "100m"],
  [/^(memory|storage|ephemeral-storage)$/, "1Gi"],
  [/^(caBundle)$/, Buffer.from("stand-in").toString("base64")],
  [/^(labels|annotations|matchLabels|parameters|stringData|data)$/, {}],
  [/(Seconds|Threshold)$/, 30],
];

/** Every marker in a resource's inputs replaced; each replacement is added to `found`. */
export function fillStandIns(inputs: JsonObject, resource: string, found: StandIn[]): JsonObject {
  return fillObject(inputs, [], (parts, reason, value) => {
    const path = parts.reduce((text, part) => (/^\d+$/.test(part) ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`), "");
    found.push({ place: `${resource} ${path}`, path, reason, value });
  });
}

type Note = (path: readonly string[], reason: StandIn["reason"], value: Json) => void;

function fillObject(value: JsonObject, path: readonly string[], note: Note): JsonObject {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, fill(item ?? null, [...path, key], note)]));
}

function fill(value: Json, path: readonly string[], note: Note): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item, index) => fill(item, [...path, String(index)], note));
  if (isObject(value)) return fillObject(value, path, note);
  const reason = typeof value === "string" ? MARKER.exec(value)?.[1] : undefined;
  if (typeof value !== "string" || reason === undefined) return value;
  // A marker inside a longer text (an interpolated URL) leaves the text around it to be judged.
  const standIn = value.replace(MARKERS, "").length > 0 ? value.replace(MARKERS, "stand-in") : valueFor(path);
  note(path, reason === "secret" ? "secret" : "unknown", standIn);
  return standIn;
}

function valueFor(path: readonly string[]): Json {
  const named = [...path].reverse().find((part) => !/^\d+$/.test(part)) ?? "";
  // Values of `data` are base64 in a Secret; in a ConfigMap the same text is as good as any other.
  if (path.length === 2 && path[0] === "data") return Buffer.from("stand-in").toString("base64");
  // Label values, annotations and environment variables are words whatever their key says.
  const parent = path[path.length - 2];
  if (parent === "labels" || parent === "annotations" || parent === "stringData" || named === "value") return "stand-in";
  const last = path[path.length - 1] ?? "";
  if (named === "except") return "10.0.0.0/24";
  if (last === "number" && parent === "port") return 8080;
  if (/^\d+$/.test(last) && /(cidrs|Cidrs|CIDRs|SourceRanges)$/.test(named)) return "10.0.0.0/16";
  return BY_KEY.find(([pattern]) => pattern.test(last))?.[1] ?? "stand-in";
}
