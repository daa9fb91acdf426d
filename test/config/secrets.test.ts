import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { ConfigurationError, parseConfig, placeholdersIn, type StackConfig } from "../../config";
import { accepted, clouds, expectProblems, problemsOf, settings, type Change } from "./cases";

/** A text that must appear nowhere, long enough to be found in any wording. */
const password = "correct-horse-battery-staple@example.com";
const mail = { host: "smtp.acme.io", from: "chat@acme.io", username: "chat" };
const encrypted = ["rocketchat:app", "rocketchat:mongodb"];
/** As a stack's output has it. */
const masterKey = "correctHorseBatteryStaple".repeat(3).slice(0, 64);

interface Case {
  readonly key: string;
  readonly change: Change;
  readonly plain: string;
  readonly from: (config: StackConfig) => unknown;
}

const secrets: readonly Case[] = [
  { key: "app.smtp.password", change: { "app.smtp": { ...mail, password } }, plain: password, from: ({ app }) => app.smtp?.password },
  {
    key: "app.licence.key",
    change: { "app.licence": { source: "secret", key: password } },
    plain: password,
    from: ({ app }) => app.licence.key,
  },
  {
    key: "app.licence.registrationToken",
    change: { "app.licence": { registrationToken: password } },
    plain: password,
    from: ({ app }) => app.licence.registrationToken,
  },
  { key: "mongodb.masterKey", change: { "mongodb.masterKey": masterKey }, plain: masterKey, from: ({ mongodb }) => mongodb.masterKey },
];

describe("a secret in the configuration", () => {
  for (const cloud of clouds) {
    for (const { key, change, plain, from } of secrets) {
      it(`is refused as plain text: ${key} on ${cloud}`, () => {
        expectProblems(problemsOf(cloud, change), [
          {
            key,
            value: "plain text",
            limit: /^It is a secret: it must be encrypted in the stack's file\.$/,
            cure: new RegExp(`change it wherever it was in use; then set it with \`pulumi config set --secret --path rocketchat:${key}\``),
          },
        ]);
      });

      it(`is taken encrypted, and is a secret from then on: ${key} on ${cloud}`, async () => {
        const value = from(accepted(cloud, change, encrypted));
        if (!pulumi.Output.isInstance(value)) throw new Error(`${key} must be there, as an output`);
        expect(await pulumi.isSecret(value)).to.equal(true);
        expect(await new Promise((resolve) => void value.apply(resolve))).to.equal(plain);
      });
    }
  }

  /** Ways in which a secret comes where the schema does not expect one. */
  const astray: readonly (readonly [string, Change])[] = [
    ["at a misspelt key", { "app.smtp": { ...mail, pasword: password } }],
    ["at a misspelt key of a section above", { "app.smpt": { ...mail, password } }],
    ["in a section of its own", { smtp: { ...mail, password } }],
    ["as a text where a map belongs", { "app.smtp": `smtp://chat:${password}@smtp.acme.io` }],
    ["as a list where a map belongs", { "app.licence": [password] }],
    ["as a text where the whole section belongs", { app: password }],
    ["wrapped in a list", { "app.smtp": { ...mail, password: [password] } }],
    ["wrapped in a map", { "app.licence": { source: "secret", key: { value: password } } }],
  ];
  for (const [what, change] of astray) {
    for (const stored of [[], [...encrypted, "rocketchat:smtp"]]) {
      it(`is printed nowhere when it stands ${what}, ${stored.length === 0 ? "as plain text" : "encrypted"}`, () => {
        for (const cloud of clouds) {
          const problems = problemsOf(cloud, change, stored);
          expect(problems).to.not.deep.equal([]);
          expect(new ConfigurationError("prod", problems).message).to.not.include(password);
          expect(JSON.stringify(problems)).to.not.include("correct-horse");
        }
      });
    }
  }

  it("is printed nowhere when an operator encrypts what is no secret", () => {
    for (const cloud of clouds) {
      const [problem, ...others] = problemsOf(cloud, { domain: `${password} ` }, ["rocketchat:domain"]);
      expect(others).to.deep.equal([]);
      expect(problem).to.deep.include({ key: "rocketchat:domain", value: "encrypted, not shown" });
    }
  });

  it("is no placeholder, whatever it looks like", () => {
    for (const cloud of clouds) {
      for (const { change } of secrets) expect(placeholdersIn(settings(cloud, change, encrypted).values)).to.deep.equal([]);
    }
  });

  it("leaves the other values of its section readable", () => {
    const problems = problemsOf("aws", { "app.smtp": { ...mail, host: "SMTP", password } }, encrypted);
    expect(problems.map(({ key, value }) => [key, value])).to.deep.equal([["rocketchat:app.smtp.host", '"SMTP"']]);
  });

  it("must not be empty, and the cure says how to set it", () => {
    expectProblems(problemsOf("aws", { "app.smtp": { ...mail, password: "" } }, encrypted), [
      {
        key: "app.smtp.password",
        value: "a text, not shown",
        limit: /^It must be a text that is not empty: password of that account\.$/,
        cure: /^Set it with `pulumi config set --secret --path rocketchat:app\.smtp\.password`\.$/,
      },
    ]);
  });

  it("needs no encryption where there is none", () => {
    const { problems } = parseConfig(settings("aws"), { placeholders: false });
    expect(problems).to.deep.equal([]);
  });
});
