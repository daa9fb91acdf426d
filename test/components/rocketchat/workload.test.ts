import { createHash, createHmac } from "node:crypto";

import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { RocketChatAppArgs } from "../../../components/rocketchat";
import { secretText, type ResourceGraph } from "../../../simulator/graph";
import { chat, credentials, withMembers } from "../../support/chat";
import { named, simulateComponent, waitsFor } from "../../support/simulated";

type DeploymentSpec = k8s.types.output.apps.v1.DeploymentSpec;
type Container = k8s.types.output.core.v1.Container;

const selector = { "app.kubernetes.io/name": "rocketchat" };
const specOf = (graph: ResourceGraph): DeploymentSpec => named(graph, "chat-deployment").inputs["spec"] as DeploymentSpec;

function containerOf(graph: ResourceGraph): Container {
  const [container, ...more] = specOf(graph).template.spec.containers;
  if (container === undefined || more.length > 0) throw new Error("a pod of the chat has one container");
  return container;
}

for (const preview of [true, false]) {
  describe(`the pods of the chat, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => chat(), { preview });
    });

    it("are as many as the autoscaler says: the Deployment does not", () => {
      expect(specOf(graph)).to.not.have.property("replicas");
      expect(specOf(graph).selector).to.deep.equal({ matchLabels: selector });
    });

    it("are replaced one at a time, so that never two releases migrate the database at once", () => {
      expect(specOf(graph).strategy).to.deep.equal({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    });

    it("run the pinned release, and neither pull it again at each start nor take a token for the Kubernetes API", () => {
      expect(containerOf(graph)).to.include({
        image: "registry.rocket.chat/rocketchat/rocket.chat:9.0.0",
        imagePullPolicy: "IfNotPresent",
      });
      expect(specOf(graph).template.spec).to.include({ serviceAccountName: "rocketchat", automountServiceAccountToken: false });
    });

    it("have all that Pod Security `restricted` demands, by number where the image names its user, and a root they cannot write", () => {
      expect(specOf(graph).template.spec.securityContext).to.deep.equal({
        runAsNonRoot: true,
        runAsUser: 65533,
        runAsGroup: 65533,
        fsGroup: 65533,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(containerOf(graph).securityContext).to.deep.equal({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    });

    it("may write to a bounded /tmp and to the folder of uploads, and nowhere else", () => {
      expect(containerOf(graph).volumeMounts).to.deep.equal([
        { name: "tmp", mountPath: "/tmp" },
        { name: "uploads", mountPath: "/app/uploads" },
        { name: "database-authority", mountPath: "/etc/mongodb-ca", readOnly: true },
      ]);
      expect(specOf(graph).template.spec.volumes).to.deep.equal([
        { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
        { name: "uploads", emptyDir: { sizeLimit: "1Gi" } },
        {
          name: "database-authority",
          secret: { secretName: "rocketchat-db-ssl", items: [{ key: "ca.crt", path: "ca.crt" }] },
        },
      ]);
    });

    it("know the database's authority where the connection string looks for it, and have no key to the replica set", async () => {
      const [, url] = /tlsCAFile=([^&]+)/.exec((await credentials())["MONGO_URL"] ?? "") ?? [];
      const mounts = containerOf(graph).volumeMounts.map(({ mountPath }) => `${mountPath}/ca.crt`);
      expect(mounts).to.include(decodeURIComponent(url ?? ""));
      const secrets = specOf(graph).template.spec.volumes.filter((volume) => "secret" in volume);
      expect(secrets.map(({ secret }) => secret.items.map(({ key }) => key))).to.deep.equal([["ca.crt"]]);
    });

    it("ask for what fits a small node beside the rest", () => {
      expect(containerOf(graph).resources).to.deep.equal({ requests: { cpu: "400m", memory: "832Mi" }, limits: { memory: "1536Mi" } });
    });

    it("spread over zones and nodes, and still start where they cannot", () => {
      const spread = {
        maxSkew: 1,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selector },
        matchLabelKeys: ["pod-template-hash"],
      };
      expect(specOf(graph).template.spec.topologySpreadConstraints).to.deep.equal([
        { ...spread, topologyKey: "topology.kubernetes.io/zone" },
        { ...spread, topologyKey: "kubernetes.io/hostname" },
      ]);
    });

    it("have half an hour to start, since they may have to wait for the database and to migrate it", () => {
      expect(containerOf(graph).startupProbe).to.deep.equal({
        httpGet: { path: "/health", port: "http" },
        periodSeconds: 10,
        timeoutSeconds: 5,
        failureThreshold: 180,
      });
      expect(specOf(graph).progressDeadlineSeconds).to.equal(2400);
    });

    it("leave the Service when the database is lost, and are not restarted for it", () => {
      const { readinessProbe, livenessProbe } = containerOf(graph);
      expect(readinessProbe).to.deep.equal({
        httpGet: { path: "/readyz", port: "http" },
        periodSeconds: 10,
        timeoutSeconds: 5,
        failureThreshold: 3,
      });
      expect(livenessProbe).to.deep.equal({
        httpGet: { path: "/health", port: "http" },
        periodSeconds: 15,
        timeoutSeconds: 5,
        failureThreshold: 4,
      });
    });

    it("serve on while the load balancer takes notice, and have time left to end", () => {
      expect(containerOf(graph).lifecycle).to.deep.equal({ preStop: { sleep: { seconds: 45 } } });
      expect(specOf(graph).template.spec.terminationGracePeriodSeconds).to.equal(75);
    });

    it("read settings and credentials by reference: no secret stands in the Deployment", () => {
      expect(containerOf(graph).envFrom).to.deep.equal([
        { configMapRef: { name: "rocketchat-settings" } },
        { secretRef: { name: "rocketchat-credentials" } },
      ]);
      for (const source of ["chat-settings", "chat-credentials", "chat-service-account"]) {
        expect(waitsFor(graph, named(graph, "chat-deployment"), named(graph, source)), source).to.equal(true);
      }
    });

    it("know of themselves how others reach them, and what leads from their traces to their logs", () => {
      const { env } = containerOf(graph);
      expect(env).to.deep.equal([
        { name: "INSTANCE_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
        {
          name: "OTEL_RESOURCE_ATTRIBUTES",
          value: [
            "service.namespace=rocketchat",
            "service.version=9.0.0",
            "service.instance.id=$(POD_NAME)",
            "k8s.namespace.name=rocketchat",
            "k8s.pod.name=$(POD_NAME)",
            "k8s.node.name=$(NODE_NAME)",
          ].join(","),
        },
      ]);
      // Kubernetes fills in only what comes before.
      const names = env.map(({ name }) => name);
      const attributes = env.find(({ name }) => name === "OTEL_RESOURCE_ATTRIBUTES")?.value ?? "";
      const referred = [...attributes.matchAll(/\$\((\w+)\)/g)].map(([, name = ""]) => name);
      expect(names.slice(0, names.indexOf("OTEL_RESOURCE_ATTRIBUTES"))).to.include.members(referred);
      expect(specOf(graph).template.spec.enableServiceLinks).to.equal(false);
    });

    it("show their ports by name: people, metrics, and one for the instances among each other, which settings name too", () => {
      expect(containerOf(graph).ports).to.deep.equal([
        { name: "http", containerPort: 3000 },
        { name: "metrics", containerPort: 9100 },
        { name: "instances", containerPort: 4000 },
      ]);
      expect(named(graph, "chat-settings").inputs["data"]).to.include({
        PORT: "3000",
        OVERWRITE_SETTING_Prometheus_Port: "9100",
        TCP_PORT: "4000",
      });
    });
  });
}

describe("the pods of the chat", () => {
  it("show no secret whatever is configured", async () => {
    const secretive = {
      licence: { source: "secret", key: pulumi.secret("licence-of-acme") },
      smtp: { host: "smtp.acme.io", port: 587, from: "chat@acme.io", username: "chat", password: pulumi.secret("mail-of-acme") },
    } as const;
    const values = Object.values(await credentials(secretive));
    expect(values).to.have.lengthOf(4);
    const graph = await simulateComponent(() => chat(secretive));
    for (const name of ["chat-deployment", "chat-settings"]) {
      const text = JSON.stringify(named(graph, name));
      expect(text.includes(secretText), name).to.equal(false);
      for (const value of [...values, "licence-of-acme", "mail-of-acme"]) expect(text.includes(value), name).to.equal(false);
    }
  });

  it("are one without a licence, since messages would not reach the others", async () => {
    const graph = await simulateComponent(() => chat({ licence: { source: "none" }, replicas: { min: 1, max: 1 } }));
    expect(specOf(graph).replicas).to.equal(1);
  });

  it("run the release that the configuration names, on capacity that may be taken back where there is some", async () => {
    const tolerations = [{ key: "acme.io/spot", operator: "Equal", value: "true", effect: "NoSchedule" }] as const;
    const graph = await simulateComponent(() => chat({ version: "9.1.2", tolerations }));
    expect(containerOf(graph).image).to.equal("registry.rocket.chat/rocketchat/rocket.chat:9.1.2");
    expect(specOf(graph).template.spec.tolerations).to.deep.equal(tolerations);
  });
});

describe("the release of the chat's pods", () => {
  it("decides whether their root is read-only: apps on Deno write to it", async () => {
    const readOnly = async (version: string): Promise<unknown> =>
      containerOf(await simulateComponent(() => chat({ version }))).securityContext.readOnlyRootFilesystem;
    expect(await readOnly("8.8.1")).to.equal(false);
    expect(await readOnly("8.9.0")).to.equal(true);
  });

  it("never goes back to an older line: the Deployment asks before it is changed, in a preview already", async () => {
    const { hooks, customTimeouts } = await optionsOfDeployment();
    expect(Object.keys(hooks ?? {})).to.deep.equal(["beforeUpdate"]);
    const [hook, ...more] = hooks?.beforeUpdate ?? [];
    expect(more).to.deep.equal([]);
    if (!(hook instanceof pulumi.ResourceHook)) throw new TypeError("the Deployment has no guard");
    expect(hook.opts).to.deep.equal({ onDryRun: true });
    const running = (tag: string) => ({ spec: { template: { spec: { containers: [{ image: `rocket.chat:${tag}` }] } } } });
    const told = { urn: "", id: "", name: "", type: "" };
    const change = (before: string, wanted: string): unknown =>
      hook.callback({ ...told, oldInputs: running(before), newInputs: running(wanted) });
    expect(change("9.0.0", "9.0.1")).to.equal(undefined);
    expect(() => change("9.0.0", "8.9.0")).to.throw(pulumi.RunError, /rocketchat:app\.version is 8\.9\.0/);
    expect(customTimeouts).to.deep.equal({ create: "3000s", update: "3000s" });
  });

  /** What the program says of the Deployment to the engine alone. */
  async function optionsOfDeployment(): Promise<pulumi.CustomResourceOptions> {
    let options: pulumi.CustomResourceOptions = {};
    const look: pulumi.ResourceTransformation = ({ type, opts }) => {
      if (type === "kubernetes:apps/v1:Deployment") options = opts;
      return undefined;
    };
    await simulateComponent(() => chat({}, { transformations: [look] }));
    return options;
  }
});

describe("the pods of the chat, when what they are told changes", () => {
  const masterKey = pulumi.secret("7".repeat(64));
  const smtp = { host: "smtp.acme.io", port: 587, from: "chat@acme.io", username: "chat", password: pulumi.secret("summer") };
  const admin = { username: "admin", email: "admin@acme.io" };
  const fixed = { database: { ...withMembers(3).database, masterKey }, smtp, admin };

  const checksum = async (change: Partial<RocketChatAppArgs> = {}): Promise<string> => {
    const { annotations } = specOf(await simulateComponent(() => chat({ ...fixed, ...change }))).template.metadata;
    expect(Object.keys(annotations)).to.deep.equal(["checksum/configuration"]);
    return annotations["checksum/configuration"] ?? "";
  };

  it("stay as long as it is the same", async () => {
    expect(await checksum()).to.match(/^[0-9a-f]{64}$/);
    expect(await checksum()).to.equal(await checksum());
  });

  const changes: readonly [string, Partial<RocketChatAppArgs>][] = [
    ["a setting", { maxFileSizeMiB: 7 }],
    ["a password that somebody chose", { smtp: { ...smtp, password: pulumi.secret("winter") } }],
    ["a licence", { licence: { source: "secret", key: pulumi.secret("licence-of-acme") } }],
    ["the password of the database", { database: { ...fixed.database, passwordRevision: 2 } }],
  ];
  for (const [what, change] of changes) {
    it(`are replaced for ${what}`, async () => {
      expect(await checksum(change)).to.not.equal(await checksum());
    });
  }

  it("show nothing of it to who tries passwords: a key goes into the sum", async () => {
    const other = pulumi.secret("8".repeat(64));
    const plain = await credentials(fixed);
    const { data } = named(await simulateComponent(() => chat(fixed)), "chat-settings").inputs as { data: Record<string, string> };
    const sorted = Object.entries({ ...data, ...plain }).sort(([a], [b]) => (a < b ? -1 : 1));
    const guess = createHash("sha256")
      .update(`what the chat's pods are told\n${JSON.stringify(sorted)}`)
      .digest("hex");
    const keyed = createHmac("sha256", "7".repeat(64));
    const sum = keyed.update(`what the chat's pods are told\n${JSON.stringify(sorted)}`).digest("hex");
    expect(await checksum()).to.equal(sum);
    expect(await checksum()).to.not.equal(guess);
    expect(await checksum({ database: { ...fixed.database, masterKey: other } })).to.not.equal(await checksum());
  });
});
