import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as fc from "fast-check";

import { createKeys, encryptionKey, fingerprint, password } from "../../../../components/rocketchat/database/keys";
import type { ResourceGraph } from "../../../../simulator/graph";
import { errorOf, named, simulateComponent } from "../../../support/simulated";
import { accountKey, container, database, masterKey, plain, secretTexts } from "./fixture";

const anyKey = fc.stringMatching(/^[A-Za-z0-9]{64}$/);
const anyRevision = fc.integer({ min: 1, max: 10_000 });
const accounts = ["backup", "clusterAdmin", "clusterMonitor", "databaseAdmin", "userAdmin", "rocketchat"];

const known = (passwordRevision = 1) => ({ masterKey: pulumi.secret(masterKey), passwordRevision });

describe("keys derived from the master key", () => {
  it("are the same for ever: another value here makes every volume unreadable", () => {
    expect(encryptionKey(masterKey)).to.equal("klcf5omB+4SFX9LpCzbeic7DWAW+D0fA/UzvQmwy3hU=");
    expect(password(masterKey, "rocketchat", 1)).to.equal("9fd705d168c0708fcdc4d783fee3ccc529bfcd7e21b1fa3e043285af11f20405");
  });

  it("are as long as they may be, and harmless in a shell or a URL", () => {
    fc.assert(
      fc.property(anyKey, anyRevision, (key, revision) => {
        expect(Buffer.from(encryptionKey(key), "base64")).to.have.length(32);
        expect(Buffer.from(encryptionKey(key), "base64").toString("base64")).to.equal(encryptionKey(key));
        for (const account of accounts) expect(password(key, account, revision)).to.match(/^[0-9a-f]{64}$/);
      }),
    );
  });

  it("differ from account to account, from revision to revision and from stack to stack", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyKey, { minLength: 2, maxLength: 2 }),
        fc.uniqueArray(anyRevision, { minLength: 2, maxLength: 2 }),
        (keys, revisions) => {
          const passwords = keys.flatMap((key) =>
            revisions.flatMap((revision) => accounts.map((account) => password(key, account, revision))),
          );
          const all = [...passwords, ...keys.map((key) => Buffer.from(encryptionKey(key), "base64").toString("hex")), ...keys];
          expect(new Set(all).size).to.equal(all.length);
        },
      ),
    );
  });

  it("are refused of anything that is not 64 letters and digits, without a word of it", () => {
    for (const wrong of ["", "short", `${masterKey}0`, `${masterKey.slice(1)}!`, `${masterKey}\n`]) {
      expect(() => encryptionKey(wrong)).to.throw(/^The master key of the database is not 64 letters and digits\.$/);
    }
  });

  it("can be told apart without being shown", () => {
    expect(fingerprint("one"))
      .to.match(/^[0-9a-f]{16}$/)
      .and.not.equal(fingerprint("two"));
  });
});

describe("the database's Secrets", () => {
  it("hold ten entries for the operator's accounts, so that it makes up none", async () => {
    const roles = {
      BACKUP: "backup",
      CLUSTER_ADMIN: "clusterAdmin",
      CLUSTER_MONITOR: "clusterMonitor",
      DATABASE_ADMIN: "databaseAdmin",
      USER_ADMIN: "userAdmin",
    };
    const expected = Object.entries(roles).flatMap(([role, user]) => [
      [`MONGODB_${role}_USER`, user],
      [`MONGODB_${role}_PASSWORD`, password(masterKey, user, 7)],
    ]);
    expect((await secretTexts(known(7)))["rocketchat-db-secrets"]).to.deep.equal(Object.fromEntries(expected));
  });

  it("hold the encryption key, the chat's password, and on Azure the account's key under the names that the tool reads", async () => {
    const { "rocketchat-db-secrets": _, ...others } = await secretTexts({ ...known(), backups: container() });
    expect(others).to.deep.equal({
      "rocketchat-db-mongodb-encryption-key": { "encryption-key": encryptionKey(masterKey) },
      "rocketchat-db-chat-user": { password: password(masterKey, "rocketchat", 1) },
      "rocketchat-db-backup-store": { AZURE_STORAGE_ACCOUNT_NAME: "acmebackups", AZURE_STORAGE_ACCOUNT_KEY: accountKey },
    });
  });

  it("get new passwords with a new revision, all of them, and never another encryption key", async () => {
    const [before, after] = [await secretTexts(known(1)), await secretTexts(known(2))];
    expect(after["rocketchat-db-mongodb-encryption-key"]).to.deep.equal(before["rocketchat-db-mongodb-encryption-key"]);
    const passwords = (texts: typeof before) =>
      Object.entries({ ...texts["rocketchat-db-secrets"], ...texts["rocketchat-db-chat-user"] }).filter(([key]) => /password$/i.test(key));
    expect(passwords(after)).to.have.length(6);
    const old = new Map(passwords(before));
    for (const [key, value] of passwords(after)) expect(value).to.not.equal(old.get(key));
  });

  it("follow from the same key in every run of a stack", async () => {
    expect(await secretTexts()).to.deep.equal(await secretTexts());
  });
});

for (const preview of [true, false]) {
  describe(`the master key, in a ${preview ? "preview" : "deployment"}`, () => {
    const build = (change: Parameters<typeof database>[0]): Promise<ResourceGraph> =>
      simulateComponent(() => database(change), { preview });

    it("is 64 random letters and digits, which refuse to be deleted", async () => {
      const key = named(await build({}), "chat-database-master-key");
      expect(key.inputs).to.deep.equal({ length: 64, special: false });
      expect({ protect: key.protect, retainOnDelete: key.retainOnDelete }).to.deep.equal({ protect: true, retainOnDelete: true });
    });

    it("is the given one where there is one, and then none is made", async () => {
      const graph = await build(known());
      expect(graph.resources.filter(({ type }) => type.startsWith("random:"))).to.deep.equal([]);
    });

    it("and whatever follows from it are in no graph as plain text", async () => {
      const graph = JSON.stringify(await build({ ...known(), backups: container() }));
      const secrets = [masterKey, encryptionKey(masterKey), accountKey, ...accounts.map((account) => password(masterKey, account, 1))];
      expect(secrets.filter((secret) => graph.includes(secret))).to.deep.equal([]);
      expect(graph).to.include(fingerprint(password(masterKey, "clusterMonitor", 1)));
    });

    it("lies in a Secret that cannot be changed: another key is a replacement, which protection refuses", async () => {
      const { inputs, protect } = named(await build({}), "chat-database-encryption-key");
      expect(inputs).to.include({ immutable: true });
      expect(protect).to.equal(true);
      const others = (await build({ backups: container() })).resources.filter(
        ({ type, name }) => type === "kubernetes:core/v1:Secret" && name !== "chat-database-encryption-key",
      );
      expect(others.map(({ inputs: of }) => of["immutable"])).to.deep.equal([undefined, undefined, undefined]);
    });

    it("is refused where it is none", async () => {
      const error = await errorOf(build({ masterKey: pulumi.secret("tooShort") }));
      expect(error.message).to.match(/The master key of the database is not 64 letters and digits\.$/);
      expect(error.message).to.not.include("tooShort");
    });
  });
}

describe("what the database hands on", () => {
  it("is secret from the master key on, also where that came as none", async () => {
    const told: boolean[] = [];
    await simulateComponent(async () => {
      const parent = new pulumi.ComponentResource("rocketchat:index:Database", "database");
      const keys = createKeys(parent, "database", { masterKey: pulumi.output(masterKey), passwordRevision: 1, protect: true });
      for (const output of [keys.masterKey, keys.encryptionKey, keys.passwordOf("backup")]) told.push(await pulumi.isSecret(output));
    });
    expect(told).to.deep.equal([true, true, true]);
  });

  it("is secret: the connection string and the master key", async () => {
    let told: unknown;
    await simulateComponent(async () => {
      const { connectionString, masterKey: key, caSecret, ready } = database(known());
      told = {
        secret: [await pulumi.isSecret(connectionString), await pulumi.isSecret(key), await pulumi.isSecret(caSecret)],
        key: await plain(key),
        caSecret: await plain(caSecret),
        ready: await Promise.all(ready.map((each) => plain(each.urn))),
      };
    });
    expect(told).to.deep.equal({
      secret: [true, true, false],
      key: masterKey,
      caSecret: "rocketchat-db-ssl",
      ready: [
        "urn:pulumi:test::rocketchat::rocketchat:index:Database$kubernetes:psmdb.percona.com/v1:PerconaServerMongoDB::chat-database-cluster",
      ],
    });
  });
});
