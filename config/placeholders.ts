import { show, type Problem } from "../components/configuration-error";
import { formatPath } from "./problems";

/**
 * Values that documentation uses and nobody owns. The stack files as delivered hold them where an operator has to decide;
 * a preview takes them, a deployment must not.
 */
const placeholders: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  // RFC 2606 and RFC 6761 reserve these names.
  { pattern: /(^|[.@])example\.(com|net|org)$|\.(example|test|invalid)$/, what: "a name reserved for documentation (RFC 2606)" },
  // RFC 5737. EKS refuses reserved ranges, AKS would lock its deployer out.
  { pattern: /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+\/\d+$/, what: "a range reserved for documentation (RFC 5737)" },
  // The account of AWS's own examples.
  {
    pattern: /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(123456789012|111122223333):/,
    what: "an ARN of the account that AWS's documentation uses",
  },
  { pattern: /00000000-0000-0000-0000-000000000000/, what: "an empty id" },
];

const cures: Readonly<Record<string, string>> = {
  domain: "Set it to the name under which people will reach the chat.",
  tls: "Name your own certificate; README.md says how under 'Deploy it'.",
  "cluster.apiServerCidrs": "Name the ranges of your operators and of your CI; the machine that runs `pulumi up` must be among them.",
  access: "Name your own principals; whoever runs `pulumi up` must be among the administrators.",
};

/** The placeholders left in a configuration, by the key that holds them. `config` is a configuration as written, its secrets left out. */
export function findPlaceholders(config: Readonly<Record<string, unknown>>): Problem[] {
  return Object.entries(config).flatMap(([section, value]) =>
    leaves(value, [section]).flatMap(({ path, text }) => {
      const placeholder = placeholders.find(({ pattern }) => pattern.test(text));
      if (placeholder === undefined) return [];
      const key = formatPath(path);
      const cure = Object.entries(cures).find(([prefix]) => key.startsWith(prefix))?.[1] ?? "Set it to a value of your own.";
      return [
        {
          key: `rocketchat:${key}`,
          value: show(text),
          limit: `That is ${placeholder.what}: a preview takes it, a deployment does not.`,
          cure,
        },
      ];
    }),
  );
}

function leaves(value: unknown, path: readonly PropertyKey[]): { path: readonly PropertyKey[]; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
