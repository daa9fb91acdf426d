import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect } from "chai";

import type { Publication } from "../../../components/load-balancer";
import type { AwsLoadBalancer } from "../../../components/load-balancer/aws";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { tags } from "../../support/aws";
import { awsLoadBalancer, certificateArn } from "../../support/load-balancer";
import { contents, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const annotation = (name: string): string => `alb.ingress.kubernetes.io/${name}`;

/** The specification of the class's parameters. */
const paramsOf = (graph: ResourceGraph): Record<string, unknown> =>
  named(graph, "balancer-class-params").inputs["spec"] as Record<string, unknown>;

/** What a load balancer that was changed asks of an Ingress. */
async function publicationOf(change: Parameters<typeof awsLoadBalancer>[0] = {}): Promise<Publication> {
  let made: AwsLoadBalancer | undefined;
  await simulateComponent(() => {
    made = awsLoadBalancer(change);
  });
  if (made === undefined) throw new Error("no load balancer was made");
  return made.publication;
}

for (const preview of [true, false]) {
  describe(`the load balancer on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsLoadBalancer(), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);
    const clusterName = (): unknown => later(named(graph, "cluster-eks").inputs["name"]);

    it("is a controller and the class of one Ingress, and nothing else", () => {
      expect(contents(graph, "balancer")).to.deep.equal({
        "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams": ["balancer-class-params"],
        "kubernetes:helm.sh/v3:Release": ["balancer-controller"],
        "kubernetes:networking.k8s.io/v1:IngressClass": ["balancer-class"],
      });
    });

    it("has a controller that serves this class only, and no Service at all", () => {
      expect(named(graph, "balancer-controller").inputs).to.deep.equal({
        name: "aws-load-balancer-controller",
        namespace: "kube-system",
        chart: "aws-load-balancer-controller",
        version: "3.5.0",
        repositoryOpts: { repo: "https://aws.github.io/eks-charts" },
        values: {
          clusterName: clusterName(),
          region: "eu-central-1",
          vpcId: later(ofType(graph, "aws:ec2/subnet:Subnet")[0]?.inputs["vpcId"]),
          serviceAccount: { create: true, name: "aws-load-balancer-controller" },
          replicaCount: 2,
          podDisruptionBudget: { maxUnavailable: 1 },
          resources: { requests: { cpu: "20m", memory: "96Mi" }, limits: { memory: "256Mi" } },
          defaultTargetType: "ip",
          defaultTags: tags,
          ingressClass: "front",
          createIngressClassResource: false,
          ingressClassParams: { create: false },
          disableIngressClassAnnotation: true,
          disableIngressGroupNameAnnotation: true,
          enableServiceMutatorWebhook: false,
          keepTLSSecret: true,
          enableShield: false,
          enableWaf: false,
          controllerConfig: {
            featureGates: {
              EnableServiceController: false,
              LBCapacityReservation: false,
              ALBGatewayAPI: false,
              NLBGatewayAPI: false,
              GatewayListenerSet: false,
            },
          },
        },
        timeout: 600,
        maxHistory: 3,
        atomic: false,
        compat: "true",
      });
    });

    it("has a controller that starts with its identity, and ends before it", () => {
      const release = named(graph, "balancer-controller");
      for (const name of ["cluster-load-balancer-identity", "cluster-load-balancer-policy"]) {
        expect(waitsFor(graph, release, named(graph, name)), name).to.equal(true);
      }
      const association = named(graph, "cluster-load-balancer-identity");
      expect(association.inputs).to.include({ namespace: "kube-system", serviceAccount: "aws-load-balancer-controller" });
      for (const group of ofType(graph, "aws:eks/nodeGroup:NodeGroup")) {
        expect(waitsFor(graph, association, group), `${group.name} before the identity`).to.equal(false);
        expect(waitsFor(graph, release, group), `the release before ${group.name}`).to.equal(true);
      }
    });

    it("pins in the class whatever guards the way in, for the Ingresses of one namespace", () => {
      const { subnets, ...spec } = paramsOf(graph);
      expect(named(graph, "balancer-class-params").inputs).to.deep.include({
        apiVersion: "elbv2.k8s.aws/v1beta1",
        kind: "IngressClassParams",
        metadata: { name: "front" },
      });
      expect(spec).to.deep.equal({
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
        scheme: "internet-facing",
        ipAddressType: "ipv4",
        targetType: "ip",
        inboundCIDRs: ["0.0.0.0/0"],
        certificateArn: [certificateArn],
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        sslRedirectPort: "443",
        wafv2AclArn: "none",
        loadBalancerAttributes: [
          { key: "idle_timeout.timeout_seconds", value: "3600" },
          { key: "routing.http.drop_invalid_header_fields.enabled", value: "true" },
          { key: "routing.http.desync_mitigation_mode", value: "defensive" },
          { key: "access_logs.s3.enabled", value: "true" },
          { key: "access_logs.s3.bucket", value: "acme-access-logs" },
          { key: "access_logs.s3.prefix", value: "alb" },
        ],
        tags: [
          { key: "project", value: "rocketchat" },
          { key: "stack", value: "test" },
          { key: "managed-by", value: "pulumi" },
          { key: "Name", value: "balancer" },
        ],
      });
      const publicSubnets = ["a", "b", "c"].map((letter) => `network-public-${letter}`);
      expect(subnets).to.deep.equal({ ids: preview ? [unknownText, unknownText, unknownText] : ids(graph, publicSubnets) });
    });

    it("has a class of its own name, where the chart would make one that Pulumi cannot adopt", () => {
      expect(named(graph, "balancer-class").inputs).to.deep.equal({
        apiVersion: "networking.k8s.io/v1",
        kind: "IngressClass",
        metadata: { name: "front" },
        spec: { controller: "ingress.k8s.aws/alb", parameters: { apiGroup: "elbv2.k8s.aws", kind: "IngressClassParams", name: "front" } },
      });
      for (const name of ["balancer-class", "balancer-class-params"]) {
        expect(waitedFor(graph, named(graph, name)), name).to.include("balancer-controller");
      }
      expect(waitedFor(graph, named(graph, "balancer-class"))).to.include("balancer-class-params");
    });

    it("makes its objects through the cluster's own provider", () => {
      const objects = graph.resources.filter(({ type, name }) => type.startsWith("kubernetes:") && name.startsWith("balancer-"));
      expect(objects.map(({ provider }) => provider)).to.deep.equal(Array(3).fill(named(graph, "cluster-kubernetes").urn));
    });

    it("says which class it serves and which certificate it shows", () => {
      expect(named(graph, "balancer").outputs).to.deep.equal({ className: "front", certificateArn });
    });
  });
}

/** What the names of resources stand for in AWS. */
function ids(graph: ResourceGraph, names: readonly string[]): unknown[] {
  const arns = names.map((name) => String(named(graph, name).outputs["arn"]));
  return arns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1));
}

describe("what the load balancer on AWS asks of the service", () => {
  it("is an Ingress with both ports, a health check of the service's path, and pods that keep their browsers until they are drained", async () => {
    const { ingress, service: asked } = await publicationOf();
    expect(asked).to.deep.equal({ type: "ClusterIP", annotations: {} });
    expect(ingress).to.deep.equal({
      className: "front",
      annotations: {
        [annotation("listen-ports")]: '[{"HTTP":80},{"HTTPS":443}]',
        [annotation("healthcheck-protocol")]: "HTTP",
        [annotation("healthcheck-port")]: "traffic-port",
        [annotation("healthcheck-path")]: "/alive",
        [annotation("healthcheck-interval-seconds")]: "15",
        [annotation("healthcheck-timeout-seconds")]: "5",
        [annotation("healthy-threshold-count")]: "2",
        [annotation("unhealthy-threshold-count")]: "3",
        [annotation("success-codes")]: "200-399",
        [annotation("target-group-attributes")]:
          "stickiness.enabled=true,stickiness.type=lb_cookie,stickiness.lb_cookie.duration_seconds=86400,deregistration_delay.timeout_seconds=25",
        [annotation("load-balancer-attributes")]: "deletion_protection.enabled=true",
      },
    });
  });

  it("is a namespace whose new pods wait until they get traffic, and the public subnets let in", async () => {
    const { namespaceLabels, sourceCidrs, stickySessions } = await publicationOf();
    expect(stickySessions, "by its cookie").to.equal(true);
    expect(namespaceLabels).to.deep.equal({ "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" });
    expect(sourceCidrs).to.deep.equal(["10.0.128.0/20", "10.0.144.0/20", "10.0.160.0/20"]);
  });

  it("lifts the protection in words where there is none: an attribute that is not named stays as it was", async () => {
    const { ingress } = await publicationOf({ deletionProtection: false });
    expect(ingress?.annotations[annotation("load-balancer-attributes")]).to.equal("deletion_protection.enabled=false");
  });

  it("names no attribute twice, so that class and annotation cannot contradict each other", async () => {
    const { ingress } = await publicationOf();
    const graph = await simulateComponent(() => awsLoadBalancer());
    const pinned = (paramsOf(graph)["loadBalancerAttributes"] as { key: string }[]).map(({ key }) => key);
    expect(ingress?.annotations[annotation("load-balancer-attributes")]).to.match(/^deletion_protection\.enabled=[a-z]+$/);
    expect(pinned).to.not.include("deletion_protection.enabled");
  });

  it("is to wait for controller, identity, class and the right to log, and to go before all of them", async () => {
    const graph = await simulateComponent(() => {
      const logsPolicy = new random.RandomString("logs-policy", { length: 8 });
      const { publication } = awsLoadBalancer({ accessLogs: { bucket: pulumi.output("logs"), prefix: "alb", ready: [logsPolicy] } });
      new random.RandomString("published", { length: 8 }, { dependsOn: [...publication.ready] });
    });
    expect(waitedFor(graph, named(graph, "published"))).to.deep.equal([
      "balancer-class",
      "balancer-class-params",
      "balancer-controller",
      "cluster-load-balancer-identity",
      "cluster-load-balancer-policy",
      "logs-policy",
    ]);
    // AWS writes to the bucket when it is told of it, and makes no load balancer where it may not.
    expect(waitedFor(graph, named(graph, "balancer-class-params"))).to.include("logs-policy");
  });
});

describe("the load balancer on AWS", () => {
  it("has no address of its own to tell: the Ingress is told one", async () => {
    let made: AwsLoadBalancer | undefined;
    await simulateComponent(() => {
      made = awsLoadBalancer();
    });
    expect(made).to.have.property("address", undefined);
  });

  it("lets in the ranges of the configuration", async () => {
    const graph = await simulateComponent(() => awsLoadBalancer({ allowedCidrs: ["198.18.0.0/16", "198.19.7.0/24"] }));
    expect(paramsOf(graph)["inboundCIDRs"]).to.deep.equal(["198.18.0.0/16", "198.19.7.0/24"]);
  });

  it("puts every tag on what the controller makes, and on the group that all share those that cannot break its flag", async () => {
    const graph = await simulateComponent(() => awsLoadBalancer({ tags: { ...tags, team: "chat, and files" } }));
    expect(paramsOf(graph)["tags"]).to.deep.include({ key: "team", value: "chat, and files" });
    expect(named(graph, "balancer-controller").inputs).to.have.deep.nested.property("values.defaultTags", tags);
  });
});
