import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as fc from "fast-check";

import { opened, readable, secretEnvelope, secretsIn } from "../../simulator/values";

const unknown = pulumi.runtime.unknownValue;

/** A value as the protocol carries it, with secrets and unknown values at any depth. */
const { wire } = fc.letrec<{ wire: unknown }>((tie) => ({
  wire: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ minLength: 1 }), fc.constant(unknown)),
    fc.array(tie("wire"), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie("wire"), { maxKeys: 4 }),
    tie("wire").map(secretEnvelope),
  ),
}));

/** A value without secrets and unknown values. */
const plain = fc.jsonValue({ maxDepth: 3 });

describe("a value as a person may read it", () => {
  it("has a word in the place of a secret, and another for what is not known yet", () => {
    expect(
      readable({
        password: secretEnvelope("pw"),
        list: [unknown, secretEnvelope({ a: 1 })],
        port: 443,
        none: null,
        nested: { id: unknown },
      }),
    ).to.deep.equal({
      password: "[secret]",
      list: ["[unknown]", "[secret]"],
      port: 443,
      none: null,
      nested: { id: "[unknown]" },
    });
  });

  it("shows a secret as one word, whatever is in it", () => {
    fc.assert(fc.property(wire, (value) => void expect(readable(secretEnvelope(value))).to.equal("[secret]")));
  });

  it("shows no secret and no mark of the protocol, at any depth", () => {
    fc.assert(
      fc.property(wire, fc.uuid(), (value, secret) => {
        const text = JSON.stringify(readable({ value, deep: [{ secret: secretEnvelope([secret]) }] }));
        expect(text).to.not.include(secret);
        expect(text).to.not.include(unknown);
        expect(text).to.not.include(pulumi.runtime.specialSigKey);
      }),
    );
  });

  it("is the value itself where there is nothing to hide", () => {
    fc.assert(fc.property(plain, (value) => void expect(readable(value)).to.deep.equal(value)));
  });

  it("has its keys in a stable order, whatever the program's", () => {
    expect(JSON.stringify(readable({ b: { d: 1, c: 2 }, a: [{ f: 1, e: 2 }] }))).to.equal('{"a":[{"e":2,"f":1}],"b":{"c":2,"d":1}}');
  });
});

describe("a value as the cloud reads it", () => {
  it("has its secrets opened, one in another too", () => {
    expect(opened({ password: secretEnvelope("pw"), list: [secretEnvelope({ key: secretEnvelope("k") })] })).to.deep.equal({
      password: "pw",
      list: [{ key: "k" }],
    });
  });

  it("lacks what is not known yet, also where that is a secret", () => {
    expect(opened({ id: unknown, secret: secretEnvelope(unknown), name: "a", nested: { id: unknown } })).to.deep.equal({
      name: "a",
      nested: {},
    });
    expect(opened(unknown)).to.equal(undefined);
  });

  it("keeps the places of a list", () => {
    expect(opened(["a", unknown, "c"])).to.deep.equal(["a", undefined, "c"]);
  });

  it("has no envelope left, at any depth", () => {
    fc.assert(
      fc.property(wire, (value) => {
        const text = JSON.stringify(opened([value]));
        expect(text).to.not.include(pulumi.runtime.specialSigKey);
        expect(text).to.not.include(unknown);
      }),
    );
  });

  it("is the value itself where nothing is secret or unknown", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(opened(value)).to.deep.equal(value);
        expect(opened(secretEnvelope(value))).to.deep.equal(value);
      }),
    );
  });
});

describe("the secrets in a value", () => {
  it("are the texts in its envelopes, and no others", () => {
    const value = {
      open: "open",
      one: secretEnvelope("s1"),
      more: [secretEnvelope({ a: "s2", b: ["s3", 4, null], c: secretEnvelope("s4") })],
      id: unknown,
    };
    expect(secretsIn(value)).to.have.members(["s1", "s2", "s3", "s4"]);
  });

  it("are none where nothing is secret", () => {
    fc.assert(fc.property(plain, (value) => void expect(secretsIn(value)).to.deep.equal([])));
  });

  it("do not hold what is not known yet", () => {
    expect(secretsIn({ id: secretEnvelope(unknown), list: secretEnvelope(["a", unknown]) })).to.deep.equal(["a"]);
  });

  it("are found at any depth, beside anything", () => {
    fc.assert(
      fc.property(wire, fc.uuid(), (value, secret) => {
        expect(secretsIn([value, { deep: [{ secret: secretEnvelope({ inner: secret }) }] }])).to.include(secret);
      }),
    );
  });

  it("do not appear in the readable value", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { minLength: 1 }), plain, (secrets, value) => {
        const given = { value, secrets: secrets.map((secret) => secretEnvelope({ secret })) };
        expect(secretsIn(given)).to.have.members(secrets);
        for (const secret of secrets) expect(JSON.stringify(readable(given))).to.not.include(secret);
      }),
    );
  });
});
