import { join } from "node:path";

import { expect } from "chai";

import { parseConfig, placeholdersIn } from "../../config";
import { warnings } from "../../config/warnings";
import { readStackFile, stacksIn } from "../../simulator/stack-files";
import { expectReadable } from "./cases";

const root = join(__dirname, "..", "..");

/** What an operator has to decide before a deployment, and nothing beside it. */
const decisions: Readonly<Record<string, readonly string[]>> = {
  "aws-prod": ["domain", "tls.certificateArn", "cluster.apiServerCidrs[0]", "app.admin.email", "alerts.email"],
  "azure-prod": ["domain", "tls.keyVaultId", "cluster.apiServerCidrs[0]", "app.admin.email", "alerts.email", "access.admins[0].id"],
};

describe("the stack files as delivered", () => {
  it("are these two", () => {
    expect(stacksIn(root)).to.deep.equal(Object.keys(decisions));
  });

  for (const [stack, keys] of Object.entries(decisions)) {
    const file = readStackFile(root, stack);
    const raw = { values: file.config, isSecret: (key: string) => file.secretKeys.includes(key) };
    const full = keys.map((key) => `rocketchat:${key}`);

    it(`preview without a problem and without a warning: ${stack}`, () => {
      const { config, problems } = parseConfig(raw, { placeholders: true });
      expect(problems).to.deep.equal([]);
      if (config === undefined) throw new Error("a configuration without a problem must come back");
      expect(warnings(config)).to.deep.equal([]);
      expect(`${config.cloud}-prod`).to.equal(stack);
    });

    it(`deploy once exactly the decisions marked in them are taken: ${stack}`, () => {
      const { config, problems } = parseConfig(raw, { placeholders: false });
      expect(config).to.equal(undefined);
      expect(problems.map(({ key }) => key)).to.deep.equal(full);
      problems.forEach(expectReadable);
    });

    it(`list the same decisions for whoever previews: ${stack}`, () => {
      expect(placeholdersIn(file.config).map(({ key }) => key)).to.deep.equal(full);
    });

    it(`hold no secret: ${stack}`, () => {
      expect(file.secretKeys).to.deep.equal([]);
    });
  }
});
