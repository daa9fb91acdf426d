import type * as aws from "@pulumi/aws";
import { expect } from "chai";

import { networkPluginProblem } from "../../../components/versions";
import { addonNames } from "../../../components/versions";
import type { FunctionType } from "../../../simulator/resource-type";
import { functionTypes } from "../../../simulator/tables";
import { awsCluster } from "../../support/aws";
import { errorOf, named, ofType, simulateComponent } from "../../support/simulated";

const token = "aws:eks/getAddonVersion:getAddonVersion";

/** Runs while EKS answers the question for a version as `answer` says. */
async function whileAnswering<T>(answer: FunctionType, run: () => Promise<T>): Promise<T> {
  const table = functionTypes as Map<string, FunctionType>;
  const original = table.get(token);
  if (original === undefined) throw new Error(`${token} is not in the table`);
  table.set(token, answer);
  try {
    return await run();
  } finally {
    table.set(token, original);
  }
}

describe("the versions of add-ons on AWS", () => {
  it("are the newest for the cluster's Kubernetes", async () => {
    const asked: Record<string, unknown>[] = [];
    const answer: FunctionType = ({ addonName, kubernetesVersion, mostRecent }) => {
      asked.push({ addonName, kubernetesVersion, mostRecent });
      return { version: `v9.${String(kubernetesVersion)}-eksbuild.1` };
    };
    const graph = await whileAnswering(answer, () => simulateComponent(() => awsCluster({ version: "1.35" }), { preview: true }));
    const addons = ofType(graph, "aws:eks/addon:Addon").map(({ inputs }) => inputs as Partial<Record<keyof aws.eks.AddonArgs, unknown>>);
    expect(asked).to.have.deep.members(addons.map(({ addonName }) => ({ addonName, kubernetesVersion: "1.35", mostRecent: true })));
    expect(asked).to.have.lengthOf(8);
    for (const { addonName, addonVersion } of addons) expect(addonVersion, String(addonName)).to.equal("v9.1.35-eksbuild.1");
  });

  it("are those that are named, of which EKS is not asked; and the cluster tells them all", async () => {
    const asked: unknown[] = [];
    const answer: FunctionType = ({ addonName }) => {
      asked.push(addonName);
      return { version: "v9.9.9-eksbuild.9" };
    };
    const graph = await whileAnswering(answer, () =>
      simulateComponent(() => awsCluster({ addonVersions: { coredns: "v1.11.1-eksbuild.1", "vpc-cni": "v1.21.2-eksbuild.1" } })),
    );
    expect(named(graph, "cluster-coredns").inputs["addonVersion"]).to.equal("v1.11.1-eksbuild.1");
    expect(named(graph, "cluster-vpc-cni").inputs["addonVersion"]).to.equal("v1.21.2-eksbuild.1");
    const newest = addonNames.filter((name) => name !== "coredns" && name !== "vpc-cni");
    expect(asked).to.have.members(newest);
    expect(named(graph, "cluster").outputs["addonVersions"]).to.deep.equal({
      ...Object.fromEntries(newest.map((name) => [name, "v9.9.9-eksbuild.9"])),
      coredns: "v1.11.1-eksbuild.1",
      "vpc-cni": "v1.21.2-eksbuild.1",
    });
  });

  const words = (version: string): string =>
    `rocketchat:cluster.addonVersions.vpc-cni is ${version}. It must be v1.21.2 or newer, or v1.22.1 or newer of its minor: older ones cut nodes off that have just started. Name a newer version, or none, in rocketchat:cluster.addonVersions; \`aws eks describe-addon-versions --addon-name vpc-cni\` lists them.`;

  it("may not be a network plugin that cuts new nodes off: neither a named one", async () => {
    const error = await errorOf(simulateComponent(() => awsCluster({ addonVersions: { "vpc-cni": "v1.22.0-eksbuild.1" } })));
    expect(error.message).to.equal(words("v1.22.0-eksbuild.1"));
  });

  it("nor one that EKS calls the newest", async () => {
    const error = await whileAnswering(
      () => ({ version: "v1.21.1-eksbuild.7" }),
      () => errorOf(simulateComponent(() => awsCluster(), { preview: true })),
    );
    expect(error.message).to.include(words("v1.21.1-eksbuild.7"));
  });

  it("of the network plugin begin with 1.21.2 and, of their minor, with 1.22.1", () => {
    const sound = ["v1.21.2-eksbuild.1", "v1.21.10-eksbuild.1", "v1.22.1-eksbuild.3", "v1.23.0-eksbuild.1", "v2.0.0-eksbuild.1"];
    const refused = ["v1.20.9-eksbuild.1", "v1.21.1-eksbuild.9", "v1.22.0-eksbuild.9", "v0.99.9-eksbuild.1", "newest"];
    for (const version of sound) expect(networkPluginProblem(version), version).to.equal(undefined);
    for (const version of refused) expect(networkPluginProblem(version), version).to.have.all.keys("limit", "cure");
  });
});
