import { expect } from "chai";

import { accepted, accepts, isAccepted } from "./accepted";
import { incompleteGrants } from "./action-rules";
import { associationsOf, podIdentityOf } from "./associations";
import type { Problem } from "./finding";
import { managedPolicy } from "./managed";
import { many } from "./policy";
import { problemsOf, sizeFindings } from "./problems";
import type { Scene } from "./scene";
import { variant, variantNames } from "./variants";

const told = ({ document, rule, text }: Problem): string => `${document}: ${text} (${rule})`;

describe("the policy documents of the stack on AWS, held against what AWS publishes", () => {
  const scenes: { readonly name: string; readonly scene: Scene; readonly problems: readonly Problem[] }[] = [];
  before(async function () {
    this.timeout(30_000);
    for (const name of variantNames) {
      const scene = await variant(name);
      const problems = await Promise.all(scene.documents.map((document) => problemsOf(document, scene)));
      scenes.push({ name, scene, problems: problems.flat() });
    }
  });

  for (const name of variantNames)
    it(`are right ${name}`, () => {
      const { scene, problems } = scenes.find((found) => found.name === name) ?? { scene: undefined, problems: [] };
      expect(scene?.documents.length).to.be.above(20);
      expect(problems.filter((problem) => !isAccepted(problem)).map(told)).to.deep.equal([]);
    });

  it("have no problem accepted that they do not have", () => {
    const problems = scenes.flatMap((found) => found.problems);
    const idle = accepted.filter((one) => !problems.some((problem) => accepts(one, problem)));
    expect(idle.map(({ document, rule, subject }) => `${document}: ${rule} ${String(subject)}`)).to.deep.equal([]);
  });

  it("give no role half of what a call needs, nor more text than IAM takes", async () => {
    for (const { documents, name } of scenes.flatMap(({ scene }) => scene.roles)) {
      const inline = documents.filter(({ kind }) => kind === "inline").map(({ policy }) => policy);
      const findings = [...(await incompleteGrants(documents)), ...sizeFindings("inline", inline)];
      expect(findings.map(({ text }) => `${name}: ${text}`)).to.deep.equal([]);
    }
  });

  it("are attached beside policies of AWS's own that exist under just that ARN, and ten at most", () => {
    for (const { name, awsManaged, documents } of scenes.flatMap(({ scene }) => scene.roles)) {
      for (const arn of awsManaged) expect(many(managedPolicy(arn).Statement).length, `${name}: ${arn}`).to.be.above(0);
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
      expect(awsManaged.length + documents.filter(({ kind }) => kind === "managed").length, name).to.be.at.most(10);
    }
  });

  it("trust the service accounts to which EKS gives the role, and no others", () => {
    for (const { scene } of scenes) {
      const trusted = scene.documents.flatMap(podIdentityOf).sort();
      expect(trusted.length).to.be.above(0);
      expect(associationsOf(scene.graph)).to.deep.equal(trusted);
    }
  });
});
