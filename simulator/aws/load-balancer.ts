import type * as aws from "@pulumi/aws";

import { digits, row, textInput, type Failure, type PackageTable, type Registration, type ResourceType } from "../resource-type";
import { account, arn, autoNamed, joined } from "./ids";

/** Simulated ACM, Route 53 and WAF, and what AWS says of a load balancer that a controller in the cluster makes. */

const uuid = (...texts: readonly string[]): string => {
  const d = digits(32, ...texts);
  return [d.slice(0, 8), d.slice(8, 12), d.slice(12, 16), d.slice(16, 20), d.slice(20)].join("-");
};

const certificateArn = (r: Registration): string => arn("acm", r.region, `certificate/${uuid(r.seed)}`);

/** Certificates that the simulated account held before any stack, as many as an operator may think of. */
const certificateOfBefore = new RegExp(`^arn:aws:acm:[a-z0-9-]+:${account}:certificate/01234567-89ab-cdef-0123-[0-9a-f]{12}$`);

/** Whether an ARN means a certificate that was there before. */
export function certificateExisted(id: string): boolean {
  return certificateOfBefore.test(id);
}

const webAcl = autoNamed("name", 128);
const recordId = joined("_", "zoneId", "name", "type");

/** The name that the AWS Load Balancer Controller gives the load balancer of an Ingress; the real one also makes it of the cluster's name. */
export function loadBalancerName(namespace: string, ingress: string): string {
  const short = (text: string): string => text.replace(/[^A-Za-z0-9]/g, "").slice(0, 8);
  return `k8s-${short(namespace)}-${short(ingress)}-${digits(10, namespace, ingress)}`;
}

/** The host name that AWS gives it. */
export function loadBalancerHost(name: string, region: string): string {
  return `${name}-${String(Number.parseInt(digits(8, name, region), 16))
    .padStart(10, "1")
    .slice(0, 10)}.${region}.elb.amazonaws.com`;
}

const hostedZone = (region: string): string => `Z${digits(13, "elb", region).toUpperCase()}`;

export const loadBalancerTable: PackageTable = {
  types: {
    "aws:acm/certificate:Certificate": row<aws.acm.Certificate>({
      id: certificateArn,
      tags: "tags",
      computed: (r) => {
        const domain = textInput(r, "domainName");
        // The same for every certificate of the name in one account: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
        const record = { resourceRecordName: `_${digits(32, domain)}.${domain}.`, resourceRecordType: "CNAME" };
        return {
          arn: certificateArn(r),
          domainValidationOptions: [
            { domainName: domain, ...record, resourceRecordValue: `_${digits(32, domain, "v")}.acm-validations.aws.` },
          ],
          status: "PENDING_VALIDATION",
        };
      },
      createOnly: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm", "certificateAuthorityArn"],
      check: tooLongForCertificate,
    }),
    "aws:acm/certificateValidation:CertificateValidation": row<aws.acm.CertificateValidation>({
      id: (r) => uuid(r.seed),
      createOnly: ["certificateArn", "validationRecordFqdns"],
      refuse: (r, inventory) => {
        const proof = proofOf(inventory.find("aws:acm/certificate:Certificate", textInput(r, "certificateArn")));
        const records = inventory.all("aws:route53/record:Record").map(({ fqdn }) => fqdn);
        if (proof === undefined || records.includes(proof)) return [];
        return [{ property: "certificateArn", reason: `no record ${proof} proves the domain, and ACM waits for it in vain` }];
      },
    }),
    "aws:route53/record:Record": row<aws.route53.Record>({
      ...recordId,
      computed: (r) => ({ fqdn: textInput(r, "name").replace(/\.$/, "") }),
      // The provider changes a type in place, and the id with it; here a resource keeps its id.
      createOnly: ["zoneId", "name", "type"],
    }),
    "aws:wafv2/webAcl:WebAcl": row<aws.wafv2.WebAcl>({
      ...webAcl,
      id: (r) => uuid(r.seed),
      tags: "tags",
      computed: (r) => ({ name: webAcl.id(r), arn: arn("wafv2", r.region, `regional/webacl/${webAcl.id(r)}/${uuid(r.seed)}`) }),
      createOnly: ["name", "scope"],
      check: unsoundRules,
    }),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": row<aws.wafv2.WebAclLoggingConfiguration>({
      ...joined("", "resourceArn"),
      createOnly: ["resourceArn", "logDestinationConfigs"],
      refuse: (r) => wrongDestinations(r.inputs),
    }),
  } satisfies Record<string, ResourceType>,
  functions: {
    "aws:lb/getHostedZoneId:getHostedZoneId": (args, context) => {
      const region = typeof args["region"] === "string" ? args["region"] : context.region;
      return { ...args, region, id: hostedZone(region) };
    },
    "aws:lb/getLoadBalancer:getLoadBalancer": (args, context) => {
      const [namespace, ingress] = stackOf(args["tags"]);
      const name = loadBalancerName(namespace, ingress);
      const arnSuffix = `app/${name}/${digits(16, name)}`;
      return {
        ...args,
        name,
        arnSuffix,
        arn: arn("elasticloadbalancing", context.region, `loadbalancer/${arnSuffix}`),
        dnsName: loadBalancerHost(name, context.region),
        zoneId: hostedZone(context.region),
        loadBalancerType: "application",
      };
    },
    "aws:route53/getZone:getZone": (args) => {
      const zoneId = `Z${digits(20, String(args["name"])).toUpperCase()}`;
      return { ...args, id: zoneId, zoneId };
    },
  },
};

/** Namespace and name of the Ingress that a load balancer belongs to, by the tag that the controller writes. */
function stackOf(tags: unknown): [namespace: string, ingress: string] {
  const stack = typeof tags === "object" && tags !== null ? (Reflect.get(tags, "ingress.k8s.aws/stack") as unknown) : undefined;
  const [namespace, ingress] = typeof stack === "string" ? stack.split("/") : [];
  if (namespace === undefined || ingress === undefined)
    throw new Error("no matching ELBv2 Load Balancer found: the tags name no stack of the AWS Load Balancer Controller");
  return [namespace, ingress];
}

/** https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html: the first name is also the common name, of RFC 5280. */
function tooLongForCertificate({ domainName }: Readonly<Record<string, unknown>>): Failure[] {
  if (typeof domainName !== "string" || domainName.length <= 64) return [];
  return [{ property: "domainName", reason: "The first domain name can be no longer than 64 characters." }];
}

function proofOf(certificate: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const options = certificate?.["domainValidationOptions"];
  const [first] = Array.isArray(options) ? (options as { readonly resourceRecordName: string }[]) : [];
  return first?.resourceRecordName.replace(/\.$/, "");
}

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly statement?: { readonly rateBasedStatement?: { readonly limit: number; readonly evaluationWindowSec?: number } };
}

/**
 * https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html, https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
 */
function unsoundRules({ rules }: Readonly<Record<string, unknown>>): Failure[] {
  const list = Array.isArray(rules) ? (rules as Rule[]) : [];
  const twice = (key: "name" | "priority"): Failure[] =>
    new Set(list.map((rule) => rule[key])).size < list.length ? [{ property: "rules", reason: `two rules have the same ${key}` }] : [];
  const limits = list.flatMap(({ statement }, index): Failure[] => {
    const { limit, evaluationWindowSec = 300 } = statement?.rateBasedStatement ?? { limit: 10 };
    const property = `rules[${index}].statement.rateBasedStatement`;
    return [
      ...(limit < 10 || limit > 2_000_000_000 ? [{ property, reason: "the limit lies between 10 and 2,000,000,000" }] : []),
      ...([60, 120, 300, 600].includes(evaluationWindowSec) ? [] : [{ property, reason: "the window is one of 60, 120, 300 and 600" }]),
    ];
  });
  return [...twice("name"), ...twice("priority"), ...limits];
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html#logging-cw-logs-naming */
function wrongDestinations({ logDestinationConfigs }: Readonly<Record<string, unknown>>): Failure[] {
  const destinations = Array.isArray(logDestinationConfigs) ? logDestinationConfigs : [];
  return destinations.flatMap((destination) =>
    /:log-group:aws-waf-logs-[^:]+$/.test(String(destination))
      ? []
      : [{ property: "logDestinationConfigs", reason: "the name of the log group must start with aws-waf-logs-, and its ARN end with it" }],
  );
}
