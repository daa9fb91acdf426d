import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect } from "chai";

import { published } from "../../../components/rocketchat";
import { addressOf } from "../../../components/rocketchat/ingress";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { chat, internalPublication, publication } from "../../support/chat";
import { contents, named, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const labels = { "app.kubernetes.io/name": "rocketchat", "app.kubernetes.io/managed-by": "pulumi" };

const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const doorPolicy = "chat-load-balancer-to-app-ingress";

for (const preview of [true, false]) {
  describe(`the published chat, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(
        () => chat({ publication: publication({ ready: [new random.RandomString("class", { length: 8 })] }) }),
        {
          preview,
        },
      );
    });

    it("has one Ingress more than an unpublished one, and one policy, which lets the load balancer in", async () => {
      const unpublished = contents(await simulateComponent(() => chat(), { preview }), "chat");
      expect(contents(graph, "chat")).to.deep.equal({
        ...unpublished,
        "kubernetes:networking.k8s.io/v1:Ingress": ["chat-ingress"],
        [policyType]: [...(unpublished[policyType] ?? []), doorPolicy].sort(),
      });
    });

    it("answers to its own name only, with everything below it, through the class that the load balancer named", () => {
      expect(named(graph, "chat-ingress").inputs).to.deep.equal({
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata: { name: "rocketchat", namespace: "rocketchat", labels, annotations: { "acme.io/health": "/api/info" } },
        spec: {
          ingressClassName: "front",
          rules: [
            {
              host: "chat.acme.io",
              http: {
                paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "rocketchat", port: { name: "http" } } } }],
              },
            },
          ],
        },
      });
    });

    it("lets nobody in before a pod answers, and keeps pods and load balancer until nobody comes any more", () => {
      const ingress = named(graph, "chat-ingress");
      expect(waitedFor(graph, ingress)).to.include.members(["chat-deployment", "chat-service", "chat-namespace", "class"]);
      expect(waitsFor(graph, named(graph, "chat-deployment"), named(graph, "class")), "pods need no load balancer").to.equal(false);
    });

    it("marks namespace and Service as the load balancer asks, beside what is theirs anyway", () => {
      expect(named(graph, "chat-namespace").inputs).to.have.deep.nested.property("metadata.labels", {
        ...labels,
        "acme.io/gate": "enabled",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      });
      expect(named(graph, "chat-service").inputs).to.have.deep.nested.property("metadata.annotations", {
        "pulumi.com/skipAwait": "true",
        "acme.io/probe": "on",
      });
      expect(named(graph, "chat-service").inputs).to.have.deep.nested.property("spec.type", "ClusterIP");
    });

    it("lets browsers fall back from WebSockets, since the load balancer keeps them to their pods", async () => {
      expect(named(graph, "chat-settings").inputs["data"]).to.not.have.property("DISABLE_SOCKJS");
      const unpublished = await simulateComponent(() => chat(), { preview });
      expect(named(unpublished, "chat-settings").inputs["data"]).to.not.have.property("DISABLE_SOCKJS");
    });

    it("says where it was put, which only a deployment knows", () => {
      const { address } = named(graph, "chat").outputs;
      if (preview) expect(address).to.equal(unknownText);
      else expect(address).to.match(/^k8s-rocketch-rocketch-[0-9a-f]{10}-\d{10}\.eu-central-1\.elb\.amazonaws\.com$/);
    });
  });
}

describe("the published chat", () => {
  it("refuses to be taken from the internet as long as it is protected, or not at all", async () => {
    for (const protect of [true, false]) {
      const graph = await simulateComponent(() => chat({ protect, publication: publication() }));
      expect(named(graph, "chat-ingress").protect).to.equal(protect);
    }
  });

  it("is given half an hour to get its load balancer, to change it and to lose it", async () => {
    let given: pulumi.CustomTimeouts | undefined;
    const look: pulumi.ResourceTransformation = ({ type, opts }) => {
      if (type === "kubernetes:networking.k8s.io/v1:Ingress") given = (opts as pulumi.CustomResourceOptions).customTimeouts;
      return undefined;
    };
    await simulateComponent(() => chat({ publication: publication() }, { transformations: [look] }));
    expect(given).to.deep.equal({ create: "30m", update: "30m", delete: "30m" });
  });

  it("tells a load balancer the truth: the Service's own name and namespace, and how long its pods go on serving", async () => {
    const graph = await simulateComponent(() => chat({ publication: publication() }));
    const service = named(graph, "chat-service");
    expect(service.inputs["metadata"]).to.include({ name: published.name, namespace: published.namespace });
    expect(named(graph, "chat-ingress").inputs["metadata"]).to.include({ name: published.name, namespace: published.namespace });
    const { template } = named(graph, "chat-deployment").inputs["spec"] as k8s.types.output.apps.v1.DeploymentSpec;
    expect(template.spec.containers[0]?.lifecycle.preStop.sleep.seconds).to.be.above(published.drainSeconds);
    expect(template.spec.containers[0]?.ports.find(({ name }) => name === "http")?.containerPort).to.equal(published.port);
    expect((service.inputs["spec"] as k8s.types.output.core.v1.ServiceSpec).ports).to.deep.equal([
      { name: "http", port: published.port, targetPort: published.port },
    ]);
    expect(published.healthCheckPath).to.equal("/api/info");
  });
});

for (const preview of [true, false]) {
  describe(`the chat that a load balancer reaches itself, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(
        () => chat({ publication: internalPublication({ ready: [new random.RandomString("balancer", { length: 8 })] }) }),
        { preview },
      );
    });

    it("has no Ingress, and says no address: the load balancer does", async () => {
      const unpublished = contents(await simulateComponent(() => chat(), { preview }), "chat");
      expect(contents(graph, "chat")).to.deep.equal({
        ...unpublished,
        [policyType]: [...(unpublished[policyType] ?? []), doorPolicy].sort(),
      });
      expect(named(graph, "chat").outputs).to.not.have.property("address");
    });

    it("speaks in WebSockets alone: what browsers fall back to would be scattered over the pods", () => {
      expect(named(graph, "chat-settings").inputs).to.have.nested.property("data.DISABLE_SOCKJS", "1");
    });

    it("has a Service as the load balancer asks, which Pulumi does not wait for", () => {
      expect(named(graph, "chat-service").inputs).to.deep.equal({
        apiVersion: "v1",
        kind: "Service",
        metadata: {
          name: "rocketchat",
          namespace: "rocketchat",
          labels,
          annotations: { "pulumi.com/skipAwait": "true", "acme.io/address": "10.0.1.9" },
        },
        spec: {
          type: "LoadBalancer",
          externalTrafficPolicy: "Local",
          selector: { "app.kubernetes.io/name": "rocketchat" },
          ports: [{ name: "http", port: 3000, targetPort: 3000 }],
        },
      });
    });

    it("lets nobody in before a pod answers, and keeps pods and load balancer until nobody comes any more", () => {
      expect(waitedFor(graph, named(graph, "chat-service"))).to.deep.equal(["balancer", "chat-deployment", "chat-namespace"]);
      expect(waitsFor(graph, named(graph, "chat-deployment"), named(graph, "balancer")), "pods need no load balancer").to.equal(false);
    });
  });
}

describe("the Service of the chat", () => {
  const serviceOf = async (change: Parameters<typeof chat>[0]): Promise<[ResourceGraph, pulumi.CustomResourceOptions]> => {
    let options: pulumi.CustomResourceOptions = {};
    const look: pulumi.ResourceTransformation = ({ type, opts }) => {
      if (type === "kubernetes:core/v1:Service") options = opts;
      return undefined;
    };
    return [await simulateComponent(() => chat(change, { transformations: [look] })), options];
  };

  it("makes room before it is replaced where it holds an address that only one can hold", async () => {
    expect((await serviceOf({ publication: internalPublication() }))[1].deleteBeforeReplace).to.equal(true);
    for (const change of [{}, { publication: publication() }])
      expect((await serviceOf(change))[1].deleteBeforeReplace, JSON.stringify(change)).to.equal(undefined);
  });

  it("waits for nothing but its namespace where nobody comes in through it", async () => {
    for (const change of [{}, { publication: publication({ ready: [] }) }]) {
      const [graph] = await serviceOf(change);
      expect(waitedFor(graph, named(graph, "chat-service")), JSON.stringify(change)).to.deep.equal(["chat-namespace"]);
      expect(named(graph, "chat-service").inputs["spec"]).to.not.have.property("externalTrafficPolicy");
    }
  });
});

describe("the address of an Ingress", () => {
  const status = (first: object) => ({ loadBalancer: { ingress: [first] } });

  it("is the host name that it was given, or the IP address", () => {
    expect(addressOf(status({ hostname: "lb.acme.io" }))).to.equal("lb.acme.io");
    expect(addressOf(status({ ip: "198.51.100.7" }))).to.equal("198.51.100.7");
  });

  it("is missed in a deployment, which has waited for it", () => {
    for (const nothing of [undefined, {}, { loadBalancer: {} }, { loadBalancer: { ingress: [] } }, status({})])
      expect(() => addressOf(nothing), JSON.stringify(nothing)).to.throw("the Ingress of the chat was given no address");
  });

  it("is unknown in a preview, although the cluster says that there is none", async () => {
    let known: boolean | undefined;
    await simulateComponent(
      async () => {
        const address = pulumi.output({ loadBalancer: {} }).apply(addressOf);
        known = await (address as unknown as { isKnown: Promise<boolean> }).isKnown;
      },
      { preview: true },
    );
    expect(known).to.equal(false);
  });
});
