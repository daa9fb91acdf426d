import { overlap, parseCidr } from "../components/network/cidr";
import { show, type Problem } from "../components/configuration-error";
import type { StackConfig } from "./schema";

/**
 * What no single key can say: rules between keys. Each rule sees only the values that are sound in themselves, so that one bad key neither
 * hides the others' contradictions nor takes part in one.
 */
export type Sound<T> = T extends string | number | boolean | readonly unknown[] ? T : { readonly [K in keyof T]?: Sound<T[K]> | undefined };

/** The full key of a path below the project's own prefix. */
export const key = (path: string): string => `rocketchat:${path}`;

/** Rules that hold on both clouds. */
export function commonRules(config: Sound<StackConfig>): Problem[] {
  const { app, cluster } = config;
  const problems = [...boundsRule("cluster.nodes", cluster?.nodes, "nodes"), ...boundsRule("app.replicas", app?.replicas, "replicas")];
  const [nodes, members] = [cluster?.nodes?.min, config.mongodb?.members];
  if (nodes !== undefined && members !== undefined && nodes < members) {
    problems.push({
      key: key("cluster.nodes.min"),
      value: show(nodes),
      limit: `It must be at least ${members}: the database has ${members} members, one to a zone, their volumes cannot leave their zone, and each needs a node there.`,
      cure: `Set it to ${members}, or, for a trial that survives no node, set rocketchat:mongodb.members to 1.`,
    });
  }
  problems.push(...mailRules(app?.smtp));
  if (app?.licence) problems.push(...licenceRules(app.licence, app.replicas?.max));
  return problems;
}

function mailRules(smtp: Sound<StackConfig["app"]["smtp"]>): Problem[] {
  if (smtp === undefined || (smtp.username === undefined) === (smtp.password === undefined)) return [];
  return [
    {
      key: key(smtp.username === undefined ? "app.smtp.username" : "app.smtp.password"),
      limit: "Account and password belong together: a mail server asks for both or for neither.",
      cure: "Set both, or remove the other.",
    },
  ];
}

function boundsRule(path: string, bounds: Sound<{ min: number; max: number }> | undefined, what: string): Problem[] {
  if (bounds?.min === undefined || bounds.max === undefined || bounds.min <= bounds.max) return [];
  return [
    {
      key: key(`${path}.min`),
      value: show(bounds.min),
      limit: `It must not be above rocketchat:${path}.max, which is ${bounds.max}: there is no number of ${what} that is both.`,
      cure: `Raise max to ${bounds.min} or more, or lower min.`,
    },
  ];
}

function licenceRules(licence: Sound<StackConfig["app"]["licence"]>, replicas: number | undefined): Problem[] {
  const problems: Problem[] = [];
  if (licence.source === undefined) return problems;
  if (licence.source === "none" && replicas !== undefined && replicas > 1) {
    problems.push({
      key: key("app.replicas.max"),
      value: show(replicas),
      limit: "It must be 1 without a licence: messages reach people on other replicas only with the licence module `scalability`.",
      cure: "Set app.replicas.min and max to 1, or choose app.licence.source `registration` or `secret`.",
    });
  }
  if (licence.source === "secret" && licence.key === undefined) {
    problems.push({
      key: key("app.licence.key"),
      limit: "It is needed where app.licence.source is `secret`.",
      cure: "Set it with `pulumi config set --secret --path rocketchat:app.licence.key`, or choose another source.",
    });
  }
  if (licence.source !== "secret" && licence.key !== undefined) {
    problems.push({
      key: key("app.licence.key"),
      value: "a secret",
      limit: `It is read only where app.licence.source is \`secret\`; it is \`${licence.source}\`.`,
      cure: "Remove the key, or set the source to `secret`.",
    });
  }
  if (licence.source !== "registration" && licence.registrationToken !== undefined) {
    problems.push({
      key: key("app.licence.registrationToken"),
      value: "a secret",
      limit: `It is read only where app.licence.source is \`registration\`; it is \`${licence.source}\`.`,
      cure: "Remove the token, or set the source to `registration`.",
    });
  }
  return problems;
}

/** Who has which access, from the widest to the narrowest. */
const accessKeys = ["admins", "viewers", "chatOperators", "chatViewers"] as const;

/**
 * Each principal has one kind of access: EKS knows one access entry to a principal, and Azure refuses the second of two equal role assignments.
 *
 * @param access principals by key, as their cloud identifies them
 */
export function accessOnce(access: Readonly<Partial<Record<(typeof accessKeys)[number], readonly string[]>>>): Problem[] {
  return accessKeys.flatMap((narrower, index) =>
    (access[narrower] ?? []).flatMap((principal) => {
      const wider = accessKeys.slice(0, index).find((each) => access[each]?.includes(principal));
      if (wider === undefined) return [];
      return [
        {
          key: key(`access.${narrower}`),
          value: show(principal),
          limit: `It must not name a principal that rocketchat:access.${wider} names: each has one kind of access.`,
          cure: "Name each principal once; whoever needs both kinds can be given a second role or group.",
        },
      ];
    }),
  );
}

export function zoneRules(path: string, zones: readonly string[] | undefined, members: number | undefined): Problem[] {
  const problems: Problem[] = [];
  // The default is three zones, on both clouds, and the database has no more members.
  if (zones === undefined) return problems;
  const count = new Set(zones).size;
  if (count < zones.length) {
    problems.push({
      key: key(path),
      value: show(zones),
      limit: "A zone must not be named twice.",
      cure: "Name each zone once.",
    });
  }
  if (members !== undefined && members > count) {
    problems.push({
      key: key(path),
      value: show(zones),
      limit: `It must name at least ${members} zones: the database has ${members} members, one to a zone, and loses its majority with the zone that holds two.`,
      cure: `Name ${members} zones, or, for a trial that survives no node, set rocketchat:mongodb.members to 1.`,
    });
  }
  return problems;
}

/** No two of the named ranges may share an address. Keys are paths below `rocketchat:`. */
export function apart(ranges: Readonly<Record<string, string | undefined>>): Problem[] {
  const blocks = Object.entries(ranges).flatMap(([path, text]) => {
    const block = parseCidr(text ?? "");
    return block === undefined || text === undefined ? [] : [{ path, text, block }];
  });
  return blocks.flatMap((a, i) =>
    blocks.slice(i + 1).flatMap((b) =>
      overlap(a.block, b.block)
        ? [
            {
              key: key(b.path),
              value: show(b.text),
              limit: `It must not overlap rocketchat:${a.path}, which is ${a.text}.`,
              cure: "Choose a range that is free in both.",
            },
          ]
        : [],
    ),
  );
}

/** Two keys of a section that stand for a choice. */
export function exactlyOne(
  path: string,
  section: Readonly<Record<string, unknown>>,
  keys: readonly [string, string],
  cure: string,
): Problem[] {
  if (keys.filter((name) => section[name] !== undefined).length === 1) return [];
  return [{ key: key(path), value: show(section), limit: `It must hold exactly one of ${keys[0]} and ${keys[1]}.`, cure }];
}
