import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as fc from "fast-check";
import ConnectionString from "mongodb-connection-string-url";

import { connectionString, type DatabaseAddress } from "../../../../components/rocketchat/database/address";
import { password } from "../../../../components/rocketchat/database/keys";
import { simulateComponent } from "../../../support/simulated";
import { database, masterKey, plain } from "./fixture";

const address: DatabaseAddress = { namespace: "rocketchat", members: 3 };

/** As the official driver reads it. */
async function parsed(to: DatabaseAddress, secret: string): Promise<ConnectionString> {
  return new ConnectionString(await plain(connectionString(to, pulumi.secret(secret))));
}

describe("the connection string of the database", () => {
  it("names every member by its own name in the cluster, whichever is the primary", async () => {
    const { hosts, isSRV } = await parsed(address, "pw");
    expect(isSRV).to.equal(false);
    expect(hosts).to.deep.equal([
      "rocketchat-db-rs0-0.rocketchat-db-rs0.rocketchat.svc.cluster.local:27017",
      "rocketchat-db-rs0-1.rocketchat-db-rs0.rocketchat.svc.cluster.local:27017",
      "rocketchat-db-rs0-2.rocketchat-db-rs0.rocketchat.svc.cluster.local:27017",
    ]);
    expect((await parsed({ ...address, members: 1 }, "pw")).hosts).to.deep.equal(hosts.slice(0, 1));
  });

  it("signs in with a password, speaks TLS with the authority alone, and writes to the majority", async () => {
    const { protocol, username, pathname, searchParams } = await parsed(address, "pw");
    expect({ protocol, username, pathname }).to.deep.equal({ protocol: "mongodb:", username: "rocketchat", pathname: "/rocketchat" });
    expect(Object.fromEntries(searchParams)).to.deep.equal({
      authSource: "admin",
      replicaSet: "rs0",
      tls: "true",
      tlsCAFile: "/etc/mongodb-ca/ca.crt",
      w: "majority",
      retryWrites: "true",
    });
  });

  it("carries any password in any namespace to the driver, whatever is in it", async () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.string({ unit: fc.constantFrom(...Array.from("@:/?#[]%&=+, $!'()*;|\\\"")), minLength: 1 }),
    );
    const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
    await fc.assert(
      fc.asyncProperty(text, label, fc.constantFrom(1, 3), async (secret, namespace, members) => {
        const read = await parsed({ namespace, members }, secret);
        expect(decodeURIComponent(read.password)).to.equal(secret);
        expect(new Set(read.hosts).size).to.equal(members);
        for (const host of read.hosts) expect(host.endsWith(`.rocketchat-db-rs0.${namespace}.svc.cluster.local:27017`)).to.equal(true);
      }),
    );
  });

  it("is a secret, also where the password came as none", async () => {
    for (const secret of [pulumi.secret("pw"), pulumi.output("pw")]) {
      expect(await pulumi.isSecret(connectionString(address, secret))).to.equal(true);
    }
  });

  for (const members of [1, 3] as const) {
    it(`that the database hands on is that of its ${members} members and of the chat's own account`, async () => {
      let text = "";
      await simulateComponent(async () => {
        text = await plain(database({ members, masterKey: pulumi.secret(masterKey), passwordRevision: 3 }).connectionString);
      });
      const read = new ConnectionString(text);
      expect(read.hosts).to.have.length(members);
      expect(read.password).to.equal(password(masterKey, "rocketchat", 3));
    });
  }
});
