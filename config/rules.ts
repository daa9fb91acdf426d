import { contains, overlap, parseCidr, size } from "../components/network/cidr";
import { kubernetes } from "../components/versions";
import type { AwsConfig, AzureConfig, StackConfig } from "./schema";
import { show, type Problem } from "./problems";

/**
 * What no single key can say: rules between keys. Each rule sees only the values that are sound in themselves, so that one bad key neither
 * hides the others' contradictions nor takes part in one.
 */
export type Sound<T> = T extends string | number | boolean | readonly unknown[]
  ? T
  : { readonly [K in keyof T]?: Sound<T[K]> | undefined };

const key = (path: string): string => `rocketchat:${path}`;

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
  if (app?.licence) problems.push(...licenceRules(app.licence, app.replicas?.max));
  if (app?.smtp && (app.smtp.username === undefined) !== (app.smtp.password === undefined)) {
    problems.push({
      key: key(app.smtp.username === undefined ? "app.smtp.username" : "app.smtp.password"),
      limit: "Account and password belong together: a mail server asks for both or for neither.",
      cure: "Set both, or remove the other.",
    });
  }
  return problems;
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

/** Rules of a stack on AWS. */
export function awsRules(config: Sound<AwsConfig>): Problem[] {
  const { cluster, mongodb, network, region, tls } = config;
  const problems: Problem[] = [];
  if (tls && (tls.certificateArn === undefined) === (tls.hostedZone === undefined)) {
    problems.push({
      key: key("tls"),
      value: show(tls),
      limit: "It must hold exactly one of certificateArn and hostedZone.",
      cure: "Name a certificate that exists, or the Route 53 zone in which one shall be issued.",
    });
  }
  const certificateRegion = tls?.certificateArn?.split(":")[3];
  if (region !== undefined && certificateRegion !== undefined && certificateRegion !== region) {
    problems.push({
      key: key("tls.certificateArn"),
      value: show(tls?.certificateArn),
      limit: `It must be a certificate of ${region}, the region of the stack: a load balancer takes no other.`,
      cure: `Issue or import the certificate in ${region}.`,
    });
  }
  if (network) {
    for (const zone of network.zones ?? []) {
      if (region !== undefined && zone.slice(0, -1) !== region) {
        problems.push({
          key: key("network.zones"),
          value: show(zone),
          limit: `It must be a zone of ${region}, the region of the stack.`,
          cure: `Name it ${region}a or the like.`,
        });
      }
    }
    problems.push(...zoneRules(network.zones, mongodb?.members));
    problems.push(...apart({ "network.cidr": network.cidr, "cluster.serviceCidr": cluster?.serviceCidr }));
  }
  return problems;
}

function zoneRules(zones: readonly string[] | undefined, members: number | undefined): Problem[] {
  const problems: Problem[] = [];
  // The default is three zones, on both clouds, and the database has no more members.
  if (zones === undefined) return problems;
  const count = new Set(zones).size;
  if (count < zones.length) {
    problems.push({
      key: key("network.zones"),
      value: show(zones),
      limit: "A zone must not be named twice.",
      cure: "Name each zone once.",
    });
  }
  if (members !== undefined && members > count) {
    problems.push({
      key: key("network.zones"),
      value: show(zones),
      limit: `It must name at least ${members} zones: the database has ${members} members, one to a zone, and loses its majority with the zone that holds two.`,
      cure: `Name ${members} zones, or, for a trial that survives no node, set rocketchat:mongodb.members to 1.`,
    });
  }
  return problems;
}

/** No two of the named ranges may share an address. Keys are paths below `rocketchat:`. */
function apart(ranges: Readonly<Record<string, string | undefined>>): Problem[] {
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

/** Rules of a stack on Azure. */
export function azureRules(config: Sound<AzureConfig>): Problem[] {
  const { cluster, mongodb, network } = config;
  const problems: Problem[] = [];
  if (network) {
    const subnets = {
      "network.nodeSubnetCidr": network.nodeSubnetCidr,
      "network.gatewaySubnetCidr": network.gatewaySubnetCidr,
      "network.apiServerSubnetCidr": network.apiServerSubnetCidr,
    };
    problems.push(...apart(subnets), ...inside(network.cidr, subnets), ...zoneRules(network.zones, mongodb?.members));
  }
  problems.push(
    ...apart({ "network.cidr": network?.cidr, "cluster.serviceCidr": cluster?.serviceCidr, "cluster.podCidr": cluster?.podCidr }),
  );
  if (network && cluster) problems.push(...nodeSubnetSize(network, cluster));
  if (cluster) problems.push(...azureClusterRules(cluster));
  return problems;
}

function inside(vnet: string | undefined, subnets: Readonly<Record<string, string | undefined>>): Problem[] {
  const outer = parseCidr(vnet ?? "");
  return Object.entries(subnets).flatMap(([path, text]) => {
    const inner = parseCidr(text ?? "");
    if (outer === undefined || inner === undefined || contains(outer, inner)) return [];
    return [
      {
        key: key(path),
        value: show(text),
        limit: `It must lie inside rocketchat:network.cidr, which is ${vnet}.`,
        cure: "Choose a range inside it, or widen network.cidr.",
      },
    ];
  });
}

/** Addresses in every Azure subnet that Azure keeps for itself: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const reservedAddresses = 5;

function nodeSubnetSize(network: Sound<AzureConfig["network"]>, cluster: Sound<AzureConfig["cluster"]>): Problem[] {
  const block = parseCidr(network.nodeSubnetCidr ?? "");
  const most = mostNodes(cluster);
  if (block === undefined || most === undefined || network.zones === undefined) return [];
  // Overlay: an address for each node and, while a pool is upgraded, for one more of each pool; one for the internal load balancer.
  const nodes = most + 1 + network.zones.length + (cluster.spot ? 1 : 0);
  if (size(block) - reservedAddresses >= nodes + 1) return [];
  return [
    {
      key: key("network.nodeSubnetCidr"),
      value: show(network.nodeSubnetCidr),
      limit: `It must hold ${nodes + 1} addresses (nodes, one more per pool during upgrades, the internal load balancer) beside the ${reservedAddresses} that Azure keeps; it holds ${size(block)}.`,
      cure: "Choose a wider range (a smaller number behind the slash), or fewer nodes.",
    },
  ];
}

/** The most nodes that the cluster can have, of all kinds; `undefined` where one of the numbers is not sound. */
function mostNodes({ nodes, spot, systemNodes }: Sound<AzureConfig["cluster"]>): number | undefined {
  const counts = [systemNodes?.count, nodes?.max, spot === undefined ? 0 : spot.max];
  return counts.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
}

function azureClusterRules(cluster: Sound<AzureConfig["cluster"]>): Problem[] {
  const problems: Problem[] = [];
  const systemSize = cluster.systemNodes?.size;
  if (systemSize !== undefined && /^Standard_B/i.test(systemSize)) {
    problems.push({
      key: key("cluster.systemNodes.size"),
      value: show(systemSize),
      limit: "It must not be of the B series: AKS does not support burstable sizes for system pools.",
      cure: "Choose a size such as Standard_D2as_v5; the workload's own nodes may stay on the B series.",
    });
  }
  if (cluster.version !== undefined && compareVersions(cluster.version, kubernetes.azureFloor) < 0) {
    problems.push({
      key: key("cluster.version"),
      value: show(cluster.version),
      limit: `It must be ${kubernetes.azureFloor} or newer.`,
      cure: `Use "${kubernetes.default}", for its newest patch.`,
    });
  }
  const pods = parseCidr(cluster.podCidr ?? "");
  const nodes = mostNodes(cluster);
  if (pods !== undefined && nodes !== undefined && size(pods) / 256 < nodes * 2) {
    problems.push({
      key: key("cluster.podCidr"),
      value: show(cluster.podCidr),
      limit: `It must hold ${nodes * 2} blocks of /24, one for each of at most ${nodes} nodes and as many again while pools are upgraded; it holds ${size(pods) / 256}.`,
      cure: "Choose a wider range.",
    });
  }
  return problems;
}

/** Compares Kubernetes versions; a minor without a patch stands for its newest patch. Negative where `a` is older. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string): number[] => version.split(".").map(Number);
  const [left, right] = [parts(a), parts(b)];
  const minors = (left[1] ?? 0) - (right[1] ?? 0);
  return minors !== 0 ? minors : (left[2] ?? Number.MAX_SAFE_INTEGER) - (right[2] ?? Number.MAX_SAFE_INTEGER);
}

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
