import { expect } from "chai";

import { loadBalancerTable } from "../../simulator/aws/load-balancer";
import { SimulatedCloud } from "../../simulator/cloud";

const region = "eu-central-1";
const kubernetes = {
  namespace: "kubernetes:core/v1:Namespace",
  release: "kubernetes:helm.sh/v3:Release",
  ingress: "kubernetes:networking.k8s.io/v1:Ingress",
  ingressClass: "kubernetes:networking.k8s.io/v1:IngressClass",
  params: "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams",
} as const;
const aws = {
  certificate: "aws:acm/certificate:Certificate",
  validation: "aws:acm/certificateValidation:CertificateValidation",
  record: "aws:route53/record:Record",
  webAcl: "aws:wafv2/webAcl:WebAcl",
  logging: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
} as const;

/** The cloud of one test, with the namespace `chat`. */
let cloud: SimulatedCloud;
beforeEach(() => {
  cloud = new SimulatedCloud(region);
  make(kubernetes.namespace, "namespace", { metadata: { name: "chat" } });
});

function make(type: string, name: string, inputs: Readonly<Record<string, unknown>>): string {
  return cloud.create({ urn: `urn:pulumi:test::test::${type}::${name}`, type, name, inputs }).id;
}

const makeController = (chart = "aws-load-balancer-controller"): string =>
  make(kubernetes.release, "release", { name: "lbc", namespace: "kube-system", chart });
const makeClass = (name: string, controller = "ingress.k8s.aws/alb"): string =>
  make(kubernetes.ingressClass, name, { metadata: { name }, spec: { controller } });
const makeIngress = (ingressClassName: string, annotations: Readonly<Record<string, string>> = {}): string =>
  make(kubernetes.ingress, "front", { metadata: { name: "front", namespace: "chat", annotations }, spec: { ingressClassName } });

describe("a simulated AWS Load Balancer Controller", () => {
  it("gives an Ingress a host name, by which AWS knows the load balancer too", () => {
    makeClass("public");
    const id = makeIngress("public");
    const { status } = cloud.find(kubernetes.ingress, id) as { status: { loadBalancer: { ingress: { hostname: string }[] } } };
    const [first] = status.loadBalancer.ingress;
    expect(first?.hostname).to.match(/^k8s-chat-front-[0-9a-f]{10}-\d{10}\.eu-central-1\.elb\.amazonaws\.com$/);
    const tags = { "ingress.k8s.aws/stack": "chat/front", "ingress.k8s.aws/resource": "LoadBalancer" };
    const found = loadBalancerTable.functions["aws:lb/getLoadBalancer:getLoadBalancer"]?.({ tags }, { region });
    expect(found).to.include({ dnsName: first?.hostname });
    expect(found?.["arnSuffix"]).to.match(/^app\/k8s-chat-front-[0-9a-f]{10}\/[0-9a-f]{16}$/);
    expect(found?.["arn"]).to.equal(`arn:aws:elasticloadbalancing:${region}:999999999999:loadbalancer/${String(found?.["arnSuffix"])}`);
    expect(found?.["zoneId"]).to.equal(loadBalancerTable.functions["aws:lb/getHostedZoneId:getHostedZoneId"]?.({}, { region })["id"]);
  });

  it("finds no load balancer by tags that name no Ingress", () => {
    const find = loadBalancerTable.functions["aws:lb/getLoadBalancer:getLoadBalancer"];
    for (const tags of [undefined, {}, { "ingress.k8s.aws/stack": "chat" }])
      expect(() => find?.({ tags }, { region })).to.throw("no matching");
  });

  it("refuses an Ingress of a class that is not there, or in a namespace that is not", () => {
    expect(() => makeIngress("public")).to.throw("spec.ingressClassName: there is no IngressClass public");
    makeClass("public");
    const elsewhere = { metadata: { name: "front", namespace: "shop" }, spec: { ingressClassName: "public" } };
    expect(() => make(kubernetes.ingress, "front", elsewhere)).to.throw("there is no namespace shop");
    expect(makeIngress("public")).to.equal("chat/front");
  });

  it("brings the kind of its parameters along, which the API does not know before", () => {
    const params = { metadata: { name: "public" }, spec: {} };
    expect(() => make(kubernetes.params, "params", params)).to.throw('no matches for kind "IngressClassParams"');
    makeController("ingress-nginx");
    expect(() => make(kubernetes.params, "params", params)).to.throw("no matches for kind");
    cloud.delete(kubernetes.release, "kube-system/lbc");
    makeController();
    expect(make(kubernetes.params, "params", params)).to.equal("public");
  });

  it("cannot be taken away from an Ingress that is its own: nobody would be left to take the load balancer down", () => {
    const controller = makeController();
    makeClass("public");
    const ingress = makeIngress("public");
    expect(() => cloud.delete(kubernetes.release, controller)).to.throw(
      "kubernetes:helm.sh/v3:Release kube-system/lbc cannot be deleted: the load balancer of Ingress chat/front still stands",
    );
    cloud.delete(kubernetes.ingress, ingress);
    cloud.delete(kubernetes.release, controller);
    expect(cloud.find(kubernetes.release, controller)).to.equal(undefined);
  });

  it("can be taken away from the Ingress of another controller, as other releases can from its own", () => {
    const controller = makeController();
    makeClass("public", "k8s.io/ingress-nginx");
    makeIngress("public");
    cloud.delete(kubernetes.release, controller);
    makeController("grafana");
    makeClass("alb");
    make(kubernetes.ingress, "second", { metadata: { name: "second", namespace: "chat" }, spec: { ingressClassName: "alb" } });
    cloud.delete(kubernetes.release, controller);
    expect(cloud.find(kubernetes.release, controller)).to.equal(undefined);
  });

  it("keeps an Ingress whose load balancer is protected, until it is not", () => {
    makeClass("public");
    const attributes = "alb.ingress.kubernetes.io/load-balancer-attributes";
    const id = makeIngress("public", { [attributes]: "deletion_protection.enabled=true" });
    expect(() => cloud.delete(kubernetes.ingress, id)).to.throw("deletion_protection is enabled, cannot delete the ingress");
    const metadata = { name: "front", namespace: "chat", annotations: { [attributes]: "deletion_protection.enabled=false" } };
    cloud.update(kubernetes.ingress, id, { metadata, spec: { ingressClassName: "public" } });
    cloud.delete(kubernetes.ingress, id);
    expect(cloud.find(kubernetes.ingress, id)).to.equal(undefined);
  });
});

describe("a simulated ACM", () => {
  it("issues a certificate only where the record that it asks for is there", () => {
    const certificateArn = make(aws.certificate, "certificate", { domainName: "chat.acme.io", validationMethod: "DNS" });
    expect(() => make(aws.validation, "validation", { certificateArn })).to.throw("proves the domain, and ACM waits for it in vain");
    const [option] = cloud.find(aws.certificate, certificateArn)?.["domainValidationOptions"] as Record<string, string>[];
    const name = option?.["resourceRecordName"];
    make(aws.record, "other", { zoneId: "Z1", name: "other.acme.io", type: "CNAME" });
    expect(() => make(aws.validation, "validation", { certificateArn })).to.throw("in vain");
    make(aws.record, "record", { zoneId: "Z1", name, type: "CNAME" });
    expect(make(aws.validation, "validation", { certificateArn })).to.match(/^[0-9a-f-]{36}$/);
  });

  it("holds certificates that were there before any stack, and no others that nobody made", () => {
    makeController();
    const use = (id: string): string => {
      const certificateArn = [`arn:aws:acm:${region}:999999999999:certificate/${id}`];
      return make(kubernetes.params, id, { metadata: { name: id }, spec: { certificateArn } });
    };
    expect(use("01234567-89ab-cdef-0123-456789abcdef")).to.match(/^01234567/);
    expect(() => use("11111111-89ab-cdef-0123-456789abcdef")).to.throw("spec.certificateArn[0]: arn:aws:acm:");
  });
});

describe("a simulated WAF", () => {
  const limit = (change: Readonly<Record<string, number>>) => ({ rateBasedStatement: { limit: 2000, ...change } });
  const acl = (...rules: readonly object[]): string => make(aws.webAcl, "acl", { scope: "REGIONAL", rules });

  it("takes rules of different names and priorities, with limits that it knows", () => {
    expect(acl({ name: "a", priority: 0, statement: limit({}) }, { name: "b", priority: 1 })).to.match(/^[0-9a-f-]{36}$/);
  });

  const unsound: readonly [string, readonly object[], string][] = [
    [
      "of one name",
      [
        { name: "a", priority: 0 },
        { name: "a", priority: 1 },
      ],
      "two rules have the same name",
    ],
    [
      "of one priority",
      [
        { name: "a", priority: 0 },
        { name: "b", priority: 0 },
      ],
      "two rules have the same priority",
    ],
    ["with a limit that is too low", [{ name: "a", priority: 0, statement: limit({ limit: 9 }) }], "rules[0].statement.rateBasedStatement"],
    ["with a window of its own", [{ name: "a", priority: 0, statement: limit({ evaluationWindowSec: 90 }) }], "the window is one of 60"],
  ];
  for (const [which, rules, reason] of unsound) {
    it(`refuses rules ${which}`, () => expect(() => acl(...rules)).to.throw(reason));
  }

  it("writes to log groups of a name that begins as it says", () => {
    const resourceArn = cloud.find(aws.webAcl, acl())?.["arn"];
    const destination = (name: string): unknown => cloud.find(aws.logGroup, make(aws.logGroup, name, { name }))?.["arn"];
    const log = (arn: unknown): string => make(aws.logging, "logging", { resourceArn, logDestinationConfigs: [arn] });
    expect(() => log(destination("waf-logs"))).to.throw("must start with aws-waf-logs-");
    const sound = destination("aws-waf-logs-chat");
    expect(() => log(`${String(sound)}:*`)).to.throw("its ARN end with it");
    expect(log(sound)).to.equal(resourceArn);
  });
});
