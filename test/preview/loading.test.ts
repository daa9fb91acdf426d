import { expect } from "chai";

import { cloudPackages, loadedPackages } from "../bench/loaded-packages";
import { root, type StackName } from "../support/simulated";

const packages: Readonly<Record<StackName, readonly string[]>> = {
  "aws-prod": ["@pulumi/aws", "@pulumi/eks"],
  "azure-prod": ["@pulumi/azure-native"],
};

describe("a preview of one stack", function () {
  this.timeout(30_000);

  for (const [stack, own] of Object.entries(packages)) {
    it(`loads the SDK of its own cloud and no other: ${stack}`, () => {
      expect(cloudPackages(loadedPackages(root, stack))).to.deep.equal(own);
    });
  }
});
