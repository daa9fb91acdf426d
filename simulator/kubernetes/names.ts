import type { Failure } from "../resource-type";
import { isMap, pathTo, unknownValue } from "../values";

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const qualified = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const dataKey = /^[-._a-zA-Z0-9]+$/;

/** How a name has to be formed. */
type Form = (value: string) => string | undefined;

const asLabel: Form = (value) =>
  value.length <= 63 && label.test(value) ? undefined : "must be at most 63 lower case letters, digits and inner hyphens (DNS label)";
const asSubdomain: Form = (value) =>
  value.length <= 253 && subdomain.test(value)
    ? undefined
    : "must be at most 253 lower case letters, digits, inner hyphens and dots (DNS subdomain)";

/** The first letter of a Service was one until 1.34: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names */
const forms = {
  label: asLabel,
  service: (value) => asLabel(value) ?? (/^[a-z]/.test(value) ? undefined : "must begin with a letter (DNS-1035 label)"),
  subdomain: asSubdomain,
  pathSegment: (value) =>
    value !== "." && value !== ".." && !/[/%]/.test(value)
      ? undefined
      : 'must be usable in a path: neither "." nor "..", without "/" and "%"',
  port: (value) =>
    value.length <= 15 && label.test(value) && /[a-z]/.test(value) && !value.includes("--")
      ? undefined
      : "must be at most 15 lower case letters, digits and single inner hyphens, with a letter among them",
  dataKey: (value) => (value.length <= 253 && dataKey.test(value) ? undefined : 'must be letters, digits, "-", "_" and "."'),
  labelKey: (value) => {
    const [name = "", prefix] = value.split("/").reverse();
    const sound =
      value.split("/").length <= 2 &&
      name.length <= 63 &&
      qualified.test(name) &&
      (prefix === undefined || asSubdomain(prefix) === undefined);
    return sound ? undefined : "must be a name of at most 63 characters, perhaps behind a domain and a slash";
  },
  labelValue: (value) =>
    value === "" || (value.length <= 63 && qualified.test(value))
      ? undefined
      : 'must be at most 63 letters, digits, "-", "_" and ".", and begin and end with a letter or digit',
} satisfies Readonly<Record<string, Form>>;

/** Text that is there and known. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== unknownValue ? value : undefined;
}

/** Refuses a name that is not formed as it has to be; what is missing or unknown is not judged. */
export function misnamed(property: string, value: unknown, form: keyof typeof forms): Failure[] {
  const name = text(value);
  const reason = name === undefined ? undefined : forms[form](name);
  return reason === undefined ? [] : [{ property, reason: `"${name}" ${reason}` }];
}

/** Refuses keys, and values where they are told, of a map. */
export function misnamedKeys(property: string, map: unknown, keys: keyof typeof forms, values?: keyof typeof forms): Failure[] {
  if (!isMap(map)) return [];
  return Object.entries(map).flatMap(([key, value]) => [
    ...misnamed(pathTo(property, key), key, keys),
    ...(values === undefined ? [] : misnamed(pathTo(property, key), value, values)),
  ]);
}

/** Refuses names that come twice in a list, by the property of its items. */
export function twice(property: string, names: readonly (string | undefined)[], key = "name"): Failure[] {
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [{ property: `${property}[${index}].${key}`, reason: `Duplicate value: "${name}"` }]
      : [],
  );
}

/** Kinds whose names are more than subdomains, or less. */
const nameForms: Readonly<Record<string, keyof typeof forms>> = {
  ClusterRole: "pathSegment",
  ClusterRoleBinding: "pathSegment",
  Namespace: "label",
  Role: "pathSegment",
  RoleBinding: "pathSegment",
  Service: "service",
};

/** What is refused in the metadata of every object. */
export function metadataFailures(kind: string, metadata: unknown): Failure[] {
  if (!isMap(metadata)) return [];
  return [
    ...misnamed("metadata.name", metadata["name"], nameForms[kind] ?? "subdomain"),
    ...misnamed("metadata.namespace", metadata["namespace"], "label"),
    ...misnamedKeys("metadata.labels", metadata["labels"], "labelKey", "labelValue"),
    ...misnamedKeys("metadata.annotations", metadata["annotations"], "labelKey"),
  ];
}
