import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as fc from "fast-check";

import { connectionString, type DatabaseAddress } from "../../../components/rocketchat/mongodb";

const address: DatabaseAddress = { cluster: "rocketchat-mongodb", namespace: "rocketchat", members: 3, caFile: "/etc/mongodb/ca.crt" };

async function plain(output: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => void output.apply(resolve));
}

async function connect(to: DatabaseAddress, password: string): Promise<string> {
  return plain(connectionString(to, pulumi.secret(password)));
}

/** Takes a connection string apart as a driver does: https://www.mongodb.com/docs/manual/reference/connection-string/ */
function parts(text: string): { user: string; password: string; hosts: string[]; database: string; options: Record<string, string> } {
  const match = /^mongodb:\/\/([^:@/]+):([^:@/]*)@([^@/?]+)\/([^?]*)\?(.*)$/.exec(text);
  if (match === null) throw new Error("not a connection string");
  const [, user = "", password = "", hosts = "", database = "", options = ""] = match;
  return {
    user,
    password: decodeURIComponent(password),
    hosts: hosts.split(","),
    database,
    options: Object.fromEntries(new URLSearchParams(options)),
  };
}

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const anyAddress = fc.record({
  cluster: label,
  namespace: label,
  members: fc.integer({ min: 1, max: 7 }),
  caFile: fc.stringMatching(/^(\/[\w. &=+%-]{1,12}){1,4}$/),
});

describe("the connection string of the database", () => {
  it("names every member by its own name in the cluster", async () => {
    expect(parts(await connect(address, "pw")).hosts).to.deep.equal(
      [0, 1, 2].map((member) => `rocketchat-mongodb-rs0-${member}.rocketchat-mongodb-rs0.rocketchat.svc.cluster.local:27017`),
    );
  });

  it("has one host for each member, no two the same", async () => {
    await fc.assert(
      fc.asyncProperty(anyAddress, async (to) => {
        const { hosts } = parts(await connect(to, "pw"));
        expect(new Set(hosts).size).to.equal(to.members);
        expect(hosts).to.have.length(to.members);
        for (const host of hosts) expect(new URL(`http://${host}`).host).to.equal(host);
      }),
    );
  });

  it("speaks TLS with the authority's certificate, and writes to the majority", async () => {
    await fc.assert(
      fc.asyncProperty(anyAddress, async (to) => {
        const { user, database, options } = parts(await connect(to, "pw"));
        expect({ user, database }).to.deep.equal({ user: "rocketchat", database: "rocketchat" });
        expect(options).to.deep.equal({
          authSource: "admin",
          replicaSet: "rs0",
          tls: "true",
          tlsCAFile: to.caFile,
          w: "majority",
          retryWrites: "true",
        });
      }),
    );
  });

  it("carries any password, whatever is in it", async () => {
    const password = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: fc.constantFrom(...Array.from("@:/?#[]%&=+, $!'()*;|\\\"")) }),
    );
    await fc.assert(
      fc.asyncProperty(password, async (secret) => {
        const text = await connect({ ...address, members: 1 }, secret);
        expect(parts(text).password).to.equal(secret);
        expect(decodeURIComponent(new URL(text).password)).to.equal(secret);
        expect(new URL(text).searchParams.get("replicaSet")).to.equal("rs0");
      }),
    );
  });

  it("is a secret, also where the password came as none", async () => {
    for (const password of [pulumi.secret("pw"), pulumi.output("pw")]) {
      expect(await pulumi.isSecret(connectionString(address, password))).to.equal(true);
    }
  });
});
