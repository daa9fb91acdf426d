import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { settling } from "../../components/cluster/azure-settling";
import program from "../../index";
import { locateTool } from "../tools/locate";
import { destroy } from "./scenarios/destroy";
import { everydayChange } from "./scenarios/everyday-change";
import { firstDeployment } from "./scenarios/first-deployment";
import { Stage, type Scenario } from "./stage";

const cli = locateTool("pulumi");

// A simulated cloud settles at once.
settling.sleep = () => Promise.resolve();

/** Plays a scenario on a program that was spoilt; returns what the rehearsal says of it. */
async function verdict(scenario: Pick<Scenario, "play">, play: () => Promise<Record<string, unknown>>): Promise<string> {
  const stage = await Stage.open("aws-prod", { cli: cli ?? "", play });
  const says = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  let words = "";
  await scenario.play(stage).catch((error: unknown) => (words = says(error)));
  await stage.close().catch((error: unknown) => (words ||= says(error)));
  return words === "" ? "all promises kept" : words;
}

/** The program, and something more that belongs to nobody. */
const withMore = (more: () => void) => async (): Promise<Record<string, unknown>> => {
  const outputs = await program();
  more();
  return outputs;
};

describe("a rehearsal on the real engine", function () {
  this.timeout(300_000);

  before(function () {
    if (cli !== undefined) return;
    process.stderr.write("Not run: the rehearsal's own tests need the Pulumi CLI; `npm run tools -- --only pulumi` builds it.\n");
    this.skip();
  });

  it("shows a bad configuration as one message without a trace, and a placeholder to a deployment only", async () => {
    const stage = await Stage.open("aws-prod", { cli: cli ?? "" });
    try {
      await stage.edit({ "rocketchat:cluster": { ...stage.section("rocketchat:cluster"), nodes: { min: 2 } } });
      const bad = await stage.refused("too few nodes", () => stage.preview("preview"));
      expect(bad)
        .to.contain("rocketchat:cluster.nodes.min is 2\n")
        .and.not.to.match(/^ {4}at /m);

      const mended = { ...stage.section("rocketchat:cluster"), nodes: {} };
      await stage.edit({ "rocketchat:cluster": mended, "rocketchat:domain": "chat.example.com" });
      expect((await stage.preview("preview")).steps.length).to.be.above(100);
      const placeholder = await stage.refused("a placeholder", () => stage.up("deployment"));
      expect(placeholder)
        .to.contain('rocketchat:domain is "chat.example.com"')
        .and.not.to.match(/^ {4}at /m);
      expect(stage.workspace.cloud.list()).to.deep.equal([]);
    } finally {
      await stage.close();
    }
  });

  it("finds a clock in a tag: the second preview has something to do", async () => {
    const words = await verdict(
      firstDeployment,
      withMore(() => {
        new aws.s3.Bucket("stray", { tags: { made: new Date().toISOString() } });
      }),
    );
    expect(words).to.match(/^nothing changes; found .*update aws:s3\/bucket:Bucket stray \(tags\.made\)/);
  });

  it("finds a component that was renamed without an alias: its resources are made again", async () => {
    let runs = 0;
    const renamed: Pick<Scenario, "play"> = {
      play: async (stage) => {
        await stage.up("under the old name");
        stage.promiseNothingLost(await stage.preview("under the new name"));
      },
    };
    const words = await verdict(renamed, () => {
      runs += 1;
      new aws.s3.Bucket(runs === 1 ? "uploads" : "files", {});
      return Promise.resolve({});
    });
    expect(words).to.match(/^nothing is replaced or deleted; found .*delete aws:s3\/bucket:Bucket uploads/);
  });

  it("finds a change that replaces what holds the others: another range of the VPC", async () => {
    const moved: Pick<Scenario, "play"> = {
      play: async (stage) => {
        // What is protected the engine refuses to replace by itself.
        await stage.edit({ "rocketchat:deletionProtection": false });
        await stage.up("first deployment");
        await stage.edit({ "rocketchat:network": { create: { cidr: "10.8.0.0/16" } } });
        stage.promiseNothingLost(await stage.preview("another range"));
      },
    };
    expect(await verdict(moved, program)).to.match(/^nothing is replaced or deleted; found .*network-vpc \(cidrBlock\)/);
  });

  it("finds an object that does not wait for what it needs: the cluster has no such namespace", async () => {
    const words = await verdict(firstDeployment, () => {
      const provider = new k8s.Provider("cluster", { kubeconfig: "{}" });
      new k8s.core.v1.Namespace("late", { metadata: { name: "late" } }, { provider, dependsOn: new aws.s3.Bucket("slow", {}) });
      // Its namespace is a text, so nothing says that it has to come first.
      new k8s.core.v1.ConfigMap("early", { metadata: { namespace: "late" } }, { provider });
      return Promise.resolve({});
    });
    expect(words).to.contain("metadata.namespace: there is no namespace late");
  });

  it("finds a provider that deletes a changed Secret before it makes the new one", async () => {
    const rotated = (mutable: boolean): Promise<string> => {
      let run = 0;
      const scenario: Pick<Scenario, "play"> = {
        play: async (stage) => {
          await stage.up("first password");
          stage.promiseNothingLost(await stage.up("second password"));
        },
      };
      return verdict(scenario, () => {
        run += 1;
        const provider = new k8s.Provider("cluster", { kubeconfig: "{}", enableSecretMutable: mutable });
        new k8s.core.v1.Secret("login", { metadata: { name: "login" }, stringData: { password: `not-a-secret-${run}` } }, { provider });
        return Promise.resolve({});
      });
    };
    expect(await rotated(true)).to.equal("all promises kept");
    expect(await rotated(false)).to.match(/^nothing is replaced or deleted; found .*core\/v1:Secret login/);
  });

  it("finds a subnet that lies outside its network", async () => {
    const words = await verdict(firstDeployment, () => {
      const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
      new aws.ec2.Subnet("stray", { vpcId: vpc.id, cidrBlock: "10.1.0.0/24" });
      return Promise.resolve({});
    });
    expect(words).to.contain("cidrBlock: 10.1.0.0/24 does not lie inside 10.0.0.0/16");
  });

  it("finds a reference to something that does not exist, and a name that is taken", async () => {
    const missing = await verdict(firstDeployment, () => {
      new aws.ec2.Subnet("stray", { vpcId: "vpc-00123456789abcdef", cidrBlock: "10.1.0.0/24" });
      return Promise.resolve({});
    });
    expect(missing).to.contain("vpcId: vpc-00123456789abcdef does not exist");
    const taken = await verdict(firstDeployment, () => {
      const first = new aws.s3.Bucket("first", { bucket: "acme" });
      new aws.s3.Bucket("second", { bucket: "acme" }, { dependsOn: first });
      return Promise.resolve({});
    });
    expect(taken).to.contain("aws:s3/bucket:Bucket acme exists already");
  });

  it("finds a secret in plain text in an output", async () => {
    const words = await verdict(
      {
        play: async (stage) => {
          await stage.up("first deployment");
        },
      },
      async () => {
        const outputs = await program();
        const { password } = outputs["admin"] as { password: pulumi.Output<string> };
        return { ...outputs, leak: pulumi.unsecret(password) };
      },
    );
    expect(words).to.match(/^no secret stands in plain text in state, events or output; found .*1 of \d+ secrets in/);
  });

  it("finds what an everyday change touches beside what it is about", async () => {
    const words = await verdict(everydayChange, async () => {
      const outputs = await program();
      new aws.s3.Bucket("stray", { tags: { outputs: JSON.stringify(process.hrtime.bigint().toString()) } });
      return outputs;
    });
    expect(words).to.match(/^more nodes at most: nothing else is touched; found .*update aws:s3\/bucket:Bucket stray/);
  });

  it("finds what is left behind", async () => {
    const words = await verdict(
      destroy,
      withMore(() => {
        new aws.s3.Bucket("kept", {}, { retainOnDelete: true });
      }),
    );
    expect(words).to.match(/^nothing is left behind; found .*aws:s3\/bucket:Bucket kept-/);
  });
});
