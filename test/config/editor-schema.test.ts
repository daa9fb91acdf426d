import { readFileSync } from "node:fs";

import Ajv from "ajv";
import { expect } from "chai";
import { parse } from "yaml";

import { stackFileSchema } from "../../config/json-schema";
import { root, stacks } from "../support/simulated";

interface StackDocument {
  config: Record<string, unknown>;
}

/** What an editor would say of a stack's file: nothing, or where the first objection lies. */
const accepts = new Ajv({ strict: false, allErrors: true }).compile(stackFileSchema());

function document(stack: string): StackDocument {
  return parse(readFileSync(`${root}/Pulumi.${stack}.yaml`, "utf8")) as StackDocument;
}

for (const stack of stacks) {
  describe(`the editor's schema, for ${stack}`, () => {
    it("takes the file as delivered, which names it in its first line", () => {
      expect(accepts(document(stack)), JSON.stringify(accepts.errors)).to.equal(true);
      expect(readFileSync(`${root}/Pulumi.${stack}.yaml`, "utf8").split("\n")[0]).to.equal(
        "# yaml-language-server: $schema=config/stack.schema.json",
      );
    });

    const spoilt: readonly [string, (config: Record<string, unknown>) => void][] = [
      ["an unknown key", (config) => (config["rocketchat:replicas"] = 3)],
      ["an unknown key inside a section", (config) => ((config["rocketchat:mongodb"] as Record<string, unknown>)["replicas"] = 3)],
      ["the other cloud", (config) => (config["rocketchat:cloud"] = stack === "aws-prod" ? "azure" : "aws")],
      ["a value outside its limits", (config) => (config["rocketchat:mongodb"] = { members: 2 })],
      ["a missing key", (config) => delete config["rocketchat:domain"]],
      [
        "a secret in plain text",
        (config) => ((config["rocketchat:app"] as Record<string, unknown>)["licence"] = { source: "secret", key: "in-plain-text" }),
      ],
    ];
    for (const [what, spoil] of spoilt) {
      it(`refuses ${what}`, () => {
        const file = document(stack);
        spoil(file.config);
        expect(accepts(file)).to.equal(false);
      });
    }

    it("takes a secret that is encrypted", () => {
      const file = document(stack);
      (file.config["rocketchat:app"] as Record<string, unknown>)["licence"] = { source: "secret", key: { secure: "v1:abc:def" } };
      expect(accepts(file), JSON.stringify(accepts.errors)).to.equal(true);
    });
  });
}
