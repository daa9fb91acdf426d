import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { SimulationError } from "../../../simulator/simulate";
import { tagged } from "../../support/aws";
import { awsLoadBalancer } from "../../support/load-balancer";
import { contents, named, ofType, simulateComponent, waitedFor } from "../../support/simulated";

const hostedZone = { hostedZone: "acme.io" };
const certificateOf = (graph: ResourceGraph): unknown =>
  (named(graph, "balancer-class-params").inputs["spec"] as { certificateArn: unknown }).certificateArn;

for (const preview of [true, false]) {
  describe(`the certificate on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsLoadBalancer({ tls: hostedZone }), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("is issued for the domain, and proved by one record in the zone", () => {
      const { "aws:acm/certificate:Certificate": certificates, ...others } = contents(graph, "balancer");
      expect(certificates).to.deep.equal(["balancer-certificate"]);
      expect(others).to.deep.include({
        "aws:acm/certificateValidation:CertificateValidation": ["balancer-certificate-validation"],
        "aws:route53/record:Record": ["balancer-certificate-record"],
      });
      expect(named(graph, "balancer-certificate").inputs).to.deep.equal({
        domainName: "shop.acme.io",
        validationMethod: "DNS",
        tags: tagged("balancer-certificate"),
      });
      const [asked] = (preview ? [] : named(graph, "balancer-certificate").outputs["domainValidationOptions"]) as Record<string, string>[];
      expect(named(graph, "balancer-certificate-record").inputs).to.deep.equal({
        zoneId: named(graph, "balancer-certificate-record").inputs["zoneId"],
        name: later(asked?.["resourceRecordName"]),
        type: later("CNAME"),
        records: [later(asked?.["resourceRecordValue"])],
        ttl: 300,
        allowOverwrite: true,
      });
      expect(named(graph, "balancer-certificate-record").inputs["zoneId"]).to.match(/^Z[0-9A-F]{20}$/);
    });

    it("is used only when it was issued", () => {
      expect(certificateOf(graph)).to.deep.equal([later(named(graph, "balancer-certificate").outputs["arn"])]);
      expect(waitedFor(graph, named(graph, "balancer-class-params"))).to.include("balancer-certificate-validation");
      expect(named(graph, "balancer-certificate-validation").inputs).to.deep.equal({
        certificateArn: later(named(graph, "balancer-certificate").outputs["arn"]),
        validationRecordFqdns: [later(named(graph, "balancer-certificate-record").outputs["fqdn"])],
      });
    });
  });
}

describe("the certificate on AWS", () => {
  it("is waited for half an hour, so that a zone without delegation is found out before the provider's own hour and a quarter", async () => {
    let given: pulumi.CustomTimeouts | undefined;
    await simulateComponent(() => {
      pulumi.runtime.registerStackTransformation(({ type, opts }) => {
        if (type === "aws:acm/certificateValidation:CertificateValidation") given = (opts as pulumi.CustomResourceOptions).customTimeouts;
        return undefined;
      });
      awsLoadBalancer({ tls: hostedZone });
    });
    expect(given).to.deep.equal({ create: "30m" });
  });

  it("is too long for AWS where the domain is longer than the name that a certificate bears", async () => {
    const domain = `${"a".repeat(60)}.acme.io`;
    const error = await simulateComponent(() => awsLoadBalancer({ tls: hostedZone, domain })).catch((thrown: unknown) => thrown);
    if (!(error instanceof SimulationError)) throw new Error("nothing was refused");
    expect(error.message).to.contain("the simulated cloud refuses domainName");
  });
});

describe("the domain on AWS", () => {
  const address = "k8s-shop-front-0123456789-1234567890.eu-central-1.elb.amazonaws.com";

  it("leads to the load balancer where the program was given its zone", async () => {
    const graph = await simulateComponent(() => {
      awsLoadBalancer({ tls: hostedZone }).pointDomainAt(pulumi.output(address));
    });
    const { aliases, ...record } = named(graph, "balancer-domain-record").inputs;
    expect(record).to.deep.equal({
      zoneId: named(graph, "balancer-certificate-record").inputs["zoneId"],
      name: "shop.acme.io",
      type: "A",
    });
    const [alias, ...more] = aliases as Record<string, unknown>[];
    expect(more).to.deep.equal([]);
    expect(alias).to.deep.include({ name: address, evaluateTargetHealth: false });
    expect(alias?.["zoneId"]).to.match(/^Z[0-9A-F]{13}$/);
    expect(alias?.["zoneId"], "the load balancer's own zone").not.to.equal(record["zoneId"]);
  });

  it("is the operator's where the certificate is", async () => {
    const graph = await simulateComponent(() => {
      awsLoadBalancer().pointDomainAt(pulumi.output(address));
    });
    expect(ofType(graph, "aws:route53/record:Record")).to.deep.equal([]);
  });
});
