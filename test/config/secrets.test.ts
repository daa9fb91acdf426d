import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { ConfigurationError, parseConfig, placeholdersIn } from "../../config";
import { accepted, clouds, expectProblems, problemsOf, settings, type Change } from "./cases";

/** A text that must appear nowhere, long enough to be found in any wording. */
const password = "correct-horse-battery-staple@example.com";
const mail = { host: "smtp.acme.io", from: "chat@acme.io", username: "chat" };
const encrypted = ["rocketchat:app"];

const secrets = [
  ["app.smtp.password", { "app.smtp": { ...mail, password } }],
  ["app.licence.key", { "app.licence": { source: "secret", key: password } }],
  ["app.licence.registrationToken", { "app.licence": { registrationToken: password } }],
] as const satisfies readonly (readonly [string, Change])[];

describe("a secret in the configuration", () => {
  for (const cloud of clouds) {
    for (const [key, change] of secrets) {
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
        const { app } = accepted(cloud, change, encrypted);
        const value =
          { "app.smtp.password": app.smtp?.password, "app.licence.key": app.licence.key }[key as string] ?? app.licence.registrationToken;
        expect(pulumi.Output.isInstance(value)).to.equal(true);
        if (value === undefined) throw new Error(`${key} must be there`);
        expect(await pulumi.isSecret(value)).to.equal(true);
        expect(await new Promise((resolve) => void value.apply(resolve))).to.equal(password);
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
      for (const [, change] of secrets) expect(placeholdersIn(settings(cloud, change, encrypted).values)).to.deep.equal([]);
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
