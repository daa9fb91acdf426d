import { show, type Problem } from "../components/configuration-error";
import { parseCidr } from "../components/network/cidr";
import { networkPluginProblem } from "../components/versions";
import { accessOnce, apart, exactlyOne, key, zoneRules, type Sound } from "./rules";
import type { AwsConfig } from "./schema";

/** Rules of a stack on AWS. `settings` are the names of whatever else the stack's file sets: `aws:profile` and the like. */
export function awsRules(config: Sound<AwsConfig>, settings: readonly string[]): Problem[] {
  const { access, cluster, network } = config;
  const create = network?.create;
  return [
    ...accessOnce(access ?? {}),
    ...(config.tls ? exactlyOne("tls", config.tls, ["certificateArn", "hostedZone"], certificateCure) : []),
    ...(network ? exactlyOne("network", network, ["create", "use"], "Let the program make a VPC, or name one that exists.") : []),
    ...certificateRules(config),
    ...foreignZones(create?.zones, config.region),
    ...zoneRules("network.create.zones", create?.zones, config.mongodb?.members),
    ...apart({ "network.create.cidr": create?.cidr, "cluster.serviceCidr": cluster?.serviceCidr }),
    ...openApi(cluster),
    ...unsoundNetworkPlugin(cluster?.addonVersions?.["vpc-cni"]),
    ...existingSubnets(network?.use, config.mongodb?.members),
    ...secondRegion("storage.replication.region", config.storage?.replication?.region, config.region),
    ...secondRegion("backup.copyRegion", config.backup?.copyRegion, config.region),
    ...(access && access.deployerRole === undefined ? otherIdentity(settings) : []),
    ...deployerTwice(access),
  ];
}

/** https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const longestCommonName = 64;

const certificateCure = "Name a certificate that exists, or the Route 53 zone in which one shall be issued.";

function certificateRules({ domain, region, tls }: Sound<AwsConfig>): Problem[] {
  const problems: Problem[] = [];
  const certificateRegion = tls?.certificateArn?.split(":")[3];
  if (region !== undefined && certificateRegion !== undefined && certificateRegion !== region) {
    problems.push({
      key: key("tls.certificateArn"),
      value: show(tls?.certificateArn),
      limit: `It must be a certificate of ${region}, the region of the stack: a load balancer takes no other.`,
      cure: `Issue or import the certificate in ${region}.`,
    });
  }
  const zone = tls?.hostedZone;
  if (zone !== undefined && domain !== undefined && domain !== zone && !domain.endsWith(`.${zone}`)) {
    problems.push({
      key: key("tls.hostedZone"),
      value: show(zone),
      limit: `It must hold rocketchat:domain, which is ${domain}: the certificate is proved and the address made by records in it.`,
      cure: "Name the zone whose name ends the domain's, or change the domain.",
    });
  }
  if (zone !== undefined && domain !== undefined && domain.length > longestCommonName) {
    problems.push({
      key: key("domain"),
      value: show(domain),
      limit: `It must have ${longestCommonName} characters at most where the certificate is issued in rocketchat:tls.hostedZone: ACM takes no longer first name.`,
      cure: "Choose a shorter name, or name a certificate of yours in rocketchat:tls.certificateArn.",
    });
  }
  return problems;
}

function foreignZones(zones: readonly string[] | undefined, region: string | undefined): Problem[] {
  return (zones ?? []).flatMap((zone, index) =>
    region === undefined || zone.slice(0, -1) === region
      ? []
      : [
          {
            key: key(`network.create.zones[${index}]`),
            value: show(zone),
            limit: `It must be a zone of ${region}, the region of the stack.`,
            cure: `Name it ${region}a or the like.`,
          },
        ],
  );
}

/** Prefix of the largest range that one organisation may have. */
const largestOwnRange = 8;

function openApi(cluster: Sound<AwsConfig["cluster"]> | undefined): Problem[] {
  if (cluster?.acknowledgeOpenApi === true) return [];
  return (cluster?.apiServerCidrs ?? []).flatMap((range, index) =>
    (parseCidr(range)?.prefix ?? largestOwnRange) >= largestOwnRange
      ? []
      : [
          {
            key: key(`cluster.apiServerCidrs[${index}]`),
            value: show(range),
            limit: `It must not be larger than a /${largestOwnRange}: that opens the Kubernetes API to everyone.`,
            cure: "Name the ranges of your operators and of your CI, or, if everyone shall reach it, set rocketchat:cluster.acknowledgeOpenApi to true.",
          },
        ],
  );
}

function unsoundNetworkPlugin(version: string | undefined): Problem[] {
  const problem = version === undefined ? undefined : networkPluginProblem(version);
  return problem === undefined ? [] : [{ key: key("cluster.addonVersions.vpc-cni"), value: show(version), ...problem }];
}

function existingSubnets(use: Sound<AwsConfig["network"]["use"]>, members: number | undefined): Problem[] {
  const problems: Problem[] = [];
  for (const name of ["privateSubnetIds", "publicSubnetIds"] as const) {
    const ids = use?.[name] ?? [];
    if (new Set(ids).size < ids.length) {
      const limit = "A subnet must not be named twice.";
      problems.push({ key: key(`network.use.${name}`), value: show(ids), limit, cure: "Name each subnet once." });
    }
  }
  const nodes = use?.privateSubnetIds;
  if (nodes !== undefined && members !== undefined && nodes.length < members) {
    problems.push({
      key: key("network.use.privateSubnetIds"),
      value: show(nodes),
      limit: `It must name at least ${members} subnets, each in a zone of its own: the database has ${members} members, one to a zone.`,
      cure: `Name ${members} subnets, or, for a trial that survives no node, set rocketchat:mongodb.members to 1.`,
    });
  }
  return problems;
}

function secondRegion(path: string, second: string | undefined, region: string | undefined): Problem[] {
  if (second === undefined || second !== region) return [];
  const limit = `It must be another region than ${region}, the stack's own: copies are for the day on which that is lost.`;
  return [{ key: key(path), value: show(second), limit, cure: "Name another region, or remove the key." }];
}

/** Settings of the provider that make `pulumi up` work as somebody else than the AWS CLI, which kubectl and Pulumi's Kubernetes provider ask for tokens. */
const identitySettings = ["aws:accessKey", "aws:assumeRole", "aws:assumeRoles", "aws:profile", "aws:secretKey", "aws:token"];

function otherIdentity(settings: readonly string[]): Problem[] {
  return identitySettings
    .filter((setting) => settings.includes(setting))
    .map((setting) => ({
      key: setting,
      value: "set",
      limit:
        "It makes the cluster belong to another identity than the one that the AWS CLI has, so that nothing in the cluster could be made: Unauthorized.",
      cure: "Set rocketchat:access.deployerRole to the role that the provider works as, or remove the key and set the environment of the command (AWS_PROFILE).",
    }));
}

function deployerTwice(access: Sound<AwsConfig["access"]> | undefined): Problem[] {
  const role = access?.deployerRole;
  return (["admins", "viewers"] as const).flatMap((list) =>
    role === undefined || access?.[list]?.includes(role) !== true
      ? []
      : [
          {
            key: key(`access.${list}`),
            value: show(role),
            limit:
              "It must not name rocketchat:access.deployerRole: whoever makes the cluster is its administrator, and EKS refuses a second entry.",
            cure: "Remove it from the list.",
          },
        ],
  );
}
