import { show, type Problem } from "./problems";
import { apart, key, viewersToo, zoneRules, type Sound } from "./rules";
import type { AwsConfig } from "./schema";

/** Rules of a stack on AWS. */
export function awsRules(config: Sound<AwsConfig>): Problem[] {
  const { access, cluster, mongodb, network, region, tls } = config;
  const problems: Problem[] = viewersToo(access?.admins, access?.viewers);
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
    for (const [index, zone] of (network.zones ?? []).entries()) {
      if (region !== undefined && zone.slice(0, -1) !== region) {
        problems.push({
          key: key(`network.zones[${index}]`),
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
