import { expect } from "chai";

import { accepted, accepts, clouds, expectProblems, problemsOf, refuses, type Change, type Expected } from "./cases";
import { better } from "./words";

const encrypted = ["rocketchat:app"];
const mail = { host: "smtp.acme.io", from: "chat@acme.io" };

/** Cases with a secret in them: as it must be, encrypted. */
function refusesEncrypted(cases: readonly { what: string; change: Change; expected: readonly Expected[] }[]): void {
  for (const cloud of clouds) {
    for (const { what, change, expected } of cases) {
      it(`refuses ${what} on ${cloud}`, () => {
        expectProblems(problemsOf(cloud, change, encrypted), expected);
      });
    }
  }
}

describe("the replicas of the chat", () => {
  refuses(clouds, [
    {
      what: "a minimum above the maximum",
      change: { "app.replicas": { min: 8, max: 6 } },
      expected: [
        {
          key: "app.replicas.min",
          value: "8",
          limit: /^It must not be above rocketchat:app\.replicas\.max, which is 6: there is no number of replicas that is both\.$/,
          cure: /^Raise max to 8 or more, or lower min\.$/,
        },
      ],
    },
    {
      what: "several replicas without a licence",
      change: { "app.licence.source": "none", "app.replicas": { min: 1, max: 2 } },
      expected: [
        {
          key: "app.replicas.max",
          value: "2",
          limit: /^It must be 1 without a licence: .*`scalability`\.$/,
          cure: /^Set app\.replicas\.min and max to 1, or choose app\.licence\.source `registration` or `secret`\.$/,
        },
      ],
    },
  ]);
  accepts(clouds, [
    { what: "one replica without a licence", change: { "app.licence.source": "none", "app.replicas": { min: 1, max: 1 } } },
  ]);
});

describe("the licence of the chat", () => {
  refuses(clouds, [
    {
      what: "a source that is none",
      change: { "app.licence.source": "subscription" },
      expected: [{ key: "app.licence.source", value: '"subscription"', limit: /"registration" or "secret" or "none"/, cure: better }],
    },
    {
      what: "a licence from a secret that is not there",
      change: { "app.licence.source": "secret" },
      expected: [
        {
          key: "app.licence.key",
          value: undefined,
          limit: /^It is needed where app\.licence\.source is `secret`\.$/,
          cure: /`pulumi config set --secret --path rocketchat:app\.licence\.key`/,
        },
      ],
    },
  ]);
  const unread = (source: string, wanted: string): RegExp =>
    new RegExp(`^It is read only where app\\.licence\\.source is \`${wanted}\`; it is \`${source}\`\\.$`);
  refusesEncrypted([
    {
      what: "a source that is none, and draws no conclusion about key and token",
      change: { "app.licence": { source: "subscription", key: "K", registrationToken: "T" } },
      expected: [{ key: "app.licence.source", value: '"subscription"', limit: /"registration" or "secret" or "none"/, cure: better }],
    },
    {
      what: "a key that nobody reads",
      change: { "app.licence": { source: "registration", key: "K" } },
      expected: [
        {
          key: "app.licence.key",
          value: "a secret",
          limit: unread("registration", "secret"),
          cure: /^Remove the key, or set the source to `secret`\.$/,
        },
      ],
    },
    {
      what: "a token that nobody reads",
      change: { "app.licence": { source: "secret", key: "K", registrationToken: "T" } },
      expected: [
        {
          key: "app.licence.registrationToken",
          value: "a secret",
          limit: unread("secret", "registration"),
          cure: /^Remove the token, or set the source to `registration`\.$/,
        },
      ],
    },
    {
      what: "key and token where there is to be no licence",
      change: { "app.licence": { source: "none", key: "K", registrationToken: "T" }, "app.replicas": { min: 1, max: 1 } },
      expected: [
        { key: "app.licence.key", value: "a secret", limit: unread("none", "secret"), cure: /^Remove the key/ },
        { key: "app.licence.registrationToken", value: "a secret", limit: unread("none", "registration"), cure: /^Remove the token/ },
      ],
    },
  ]);
  for (const [what, licence] of [
    ["a registration with its token", { source: "registration", registrationToken: "T" }],
    ["a key", { source: "secret", key: "K" }],
  ] as const) {
    it(`comes from ${what}`, () => {
      for (const cloud of clouds)
        expect(accepted(cloud, { "app.licence": licence }, encrypted).app.licence.source).to.equal(licence.source);
    });
  }
});

describe("the mail of the chat", () => {
  const together = /^Account and password belong together: /;
  const both = /^Set both, or remove the other\.$/;
  refuses(clouds, [
    {
      what: "an account without its password",
      change: { "app.smtp": { ...mail, username: "chat" } },
      expected: [{ key: "app.smtp.password", value: undefined, limit: together, cure: both }],
    },
    {
      what: "a mail server without name, sender and port",
      change: { "app.smtp": { port: 0 } },
      expected: [
        { key: "app.smtp.host", value: undefined, limit: /^It must be a DNS name/, cure: /^Add it\.$/ },
        { key: "app.smtp.from", value: undefined, limit: /^It must be a mail address/, cure: /^Add it\.$/ },
        { key: "app.smtp.port", value: "0", limit: /a whole number from 1 to 65535/, cure: better },
      ],
    },
  ]);
  refusesEncrypted([
    {
      what: "a password without its account",
      change: { "app.smtp": { ...mail, password: "P" } },
      expected: [{ key: "app.smtp.username", value: undefined, limit: together, cure: both }],
    },
    {
      what: "an empty account, without calling it missing too",
      change: { "app.smtp": { ...mail, username: "", password: "P" } },
      expected: [{ key: "app.smtp.username", value: '""', limit: /^It must be a text that is not empty/, cure: better }],
    },
  ]);
  accepts(clouds, [{ what: "a server that asks for no account", change: { "app.smtp": mail } }]);
});
