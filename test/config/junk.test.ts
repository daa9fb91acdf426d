import { expect } from "chai";
import * as fc from "fast-check";
import { z } from "zod";

import { ConfigurationError, parseConfig, placeholdersIn } from "../../config";
import { strip } from "../../config/problems";
import { schemas } from "../../config/schema";
import { clouds, expectReadable, settings } from "./cases";

const sections = [...new Set([...Object.keys(schemas.aws.shape), ...Object.keys(schemas.azure.shape)])].filter((name) => name !== "cloud");
const keys = [...new Set([...keysBelow(schemas.aws), ...keysBelow(schemas.azure)])];

/** Every key that a schema knows, at any depth. */
function keysBelow(schema: z.core.$ZodType): string[] {
  const inner = strip(schema);
  if (inner instanceof z.ZodArray) return keysBelow(inner.element);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries<z.core.$ZodType>(inner.shape).flatMap(([key, field]) => [key, ...keysBelow(field)]);
}

/** Any JSON, its keys now and then those of the schema, so that the junk comes into the inner sections too. */
const { junk } = fc.letrec<{ junk: unknown }>((tie) => ({
  junk: fc.oneof(
    { maxDepth: 4, depthSize: "medium" },
    fc.oneof(
      fc.constantFrom(null, true, 0, -1, 3, 1.36, 1e21, "", "none", "secret", "10.0.0.0/16", "0.0.0.0/0", "us-east-1a", "chat.example.com"),
      fc.jsonValue({ maxDepth: 1 }),
    ),
    fc.array(tie("junk"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string(), fc.constantFrom("__proto__", "constructor", "toString")), tie("junk"), {
      maxKeys: 6,
    }),
  ),
}));
const junkSections = fc.dictionary(fc.oneof(fc.constantFrom(...sections), fc.string({ minLength: 1 })), junk, { maxKeys: 5 });

describe("a configuration of junk", () => {
  for (const cloud of clouds) {
    it(`never breaks the program on ${cloud}: it comes back as problems with key, limit and cure`, () => {
      fc.assert(
        fc.property(junkSections, fc.boolean(), fc.boolean(), (changed, placeholders, encrypted) => {
          const { values } = settings(cloud);
          const texts = Object.entries(changed).map(([name, value]) => [
            `rocketchat:${name}`,
            typeof value === "string" ? value : JSON.stringify(value),
          ]);
          const raw = { values: { ...values, ...(Object.fromEntries(texts) as Record<string, string>) }, isSecret: () => encrypted };
          const { config, problems } = parseConfig(raw, { placeholders });
          expect(config === undefined, JSON.stringify(problems)).to.equal(problems.length > 0);
          problems.forEach(expectReadable);
          for (const { key, limit, cure } of problems) expect([key, limit, cure].every((text) => text.length > 3)).to.equal(true);
          expect(new ConfigurationError("prod", problems).message).to.include("nothing was created");
          placeholdersIn(raw.values).forEach(expectReadable);
        }),
        { numRuns: 500 },
      );
    });
  }

  it("reports every section that does not exist", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...clouds),
        fc.uniqueArray(
          fc.stringMatching(/^[a-z]{1,12}$/).filter((name) => name !== "cloud" && !sections.includes(name)),
          { minLength: 1, maxLength: 5 },
        ),
        (cloud, names) => {
          const { problems } = parseConfig(settings(cloud, Object.fromEntries(names.map((name) => [name, 1]))), { placeholders: false });
          expect(problems.map(({ key }) => key)).to.have.members(names.map((name) => `rocketchat:${name}`));
        },
      ),
    );
  });
});
