import { images, rocketChatLines } from "../../components/versions";
import { accepts, clouds, refuses } from "./cases";
import { better } from "./words";

describe("the releases of chat and database", () => {
  refuses(clouds, [
    {
      what: "a line of Rocket.Chat that is not known",
      change: { "app.version": "7.10.0" },
      expected: [
        {
          key: "app.version",
          value: '"7.10.0"',
          limit: /^It must be of a line whose needs are known here: 9\.0, 8\.9, 8\.8, 8\.7, 8\.6\.$/,
          cure: /^Name a release of one of these, such as 9\.0\.0; other lines come with other versions of this project\.$/,
        },
      ],
    },
    {
      what: "a tag that moves",
      change: { "app.version": "latest" },
      expected: [{ key: "app.version", value: '"latest"', limit: /^It must be a release such as 9\.0\.0: /, cure: better }],
    },
    {
      what: "a MongoDB that the release is not supported with",
      change: { "mongodb.version": "7.0.28-15" },
      expected: [
        {
          key: "mongodb.version",
          value: '"7.0.28-15"',
          limit: /^It must be of MongoDB 8\.0: Rocket\.Chat 9\.0\.0 is supported with no other\.$/,
          cure: /^Name a release of Percona Server for MongoDB such as 8\.0\.19-7, or another release of Rocket\.Chat\.$/,
        },
      ],
    },
    {
      what: "a release of MongoDB's own",
      change: { "mongodb.version": "8.0.19" },
      expected: [
        {
          key: "mongodb.version",
          value: '"8.0.19"',
          limit: /^It must be a release of Percona Server for MongoDB such as 8\.0\.19-7: /,
          cure: better,
        },
      ],
    },
  ]);
  accepts(
    clouds,
    Object.keys(rocketChatLines).map((line) => ({ what: `Rocket.Chat ${line}`, change: { "app.version": `${line}.3` } })),
  );
  accepts(clouds, [{ what: "a newer patch of the database", change: { "mongodb.version": "8.0.26-11" } }]);

  it("start with lines that are known", () => {
    refusesNothing(images.rocketChat.tag, images.mongodb.tag);
  });
});

/** The pinned images are of lines that go together. */
function refusesNothing(chat: string, database: string): void {
  const line = (version: string): string => version.split(".").slice(0, 2).join(".");
  if (rocketChatLines[line(chat)]?.mongodb.includes(line(database)) !== true) throw new Error(`${chat} and ${database} do not go together`);
}

describe("the key of another stack", () => {
  for (const masterKey of ["short", "A".repeat(65), `${"A".repeat(63)}=`]) {
    refuses(clouds, [
      {
        what: `what is not 64 letters and digits: ${masterKey.length} characters`,
        change: { "mongodb.masterKey": masterKey },
        expected: [
          {
            key: "mongodb.masterKey",
            value: "a text, not shown",
            limit: /^It must be 64 letters and digits: key of another stack/,
            cure: /^Set it with `pulumi config set --secret --path rocketchat:mongodb\.masterKey`\.$/,
          },
          { key: "mongodb.masterKey", value: "plain text", limit: /^It is a secret/, cure: /^Take it out of the file/ },
        ],
      },
    ]);
  }
});

describe("replicas that the nodes cannot hold", () => {
  refuses(
    ["aws"],
    [
      {
        what: "thirteen beside the database on four small nodes",
        change: { "app.replicas": { min: 2, max: 13 } },
        expected: [
          {
            key: "app.replicas.max",
            value: "13",
            limit:
              /^It must be at most 12: a pod asks for 832 MiB, and the nodes have 13232 MiB for pods at most, of which the database takes 2688\.$/,
            cure: /^Lower it, raise rocketchat:cluster\.nodes\.max, or choose a larger rocketchat:cluster\.nodes\.size\.$/,
          },
        ],
      },
    ],
  );
  refuses(
    ["azure"],
    [
      {
        what: "thirteen beside the database on four small nodes",
        change: { "app.replicas": { min: 2, max: 13 } },
        expected: [{ key: "app.replicas.max", value: "13", limit: /^It must be at most \d+: a pod asks for 832 MiB/, cure: /^Lower it/ }],
      },
    ],
  );
  accepts(
    ["aws"],
    [
      { what: "twelve", change: { "app.replicas": { min: 2, max: 12 } } },
      {
        what: "thirteen with spare capacity",
        change: { "app.replicas": { min: 2, max: 13 }, "cluster.spot": { sizes: ["t3.large"], max: 1 } },
      },
      {
        what: "twenty on machines that are not known here",
        change: { "app.replicas": { min: 2, max: 20 }, "cluster.nodes.size": "x9z.large" },
      },
      {
        what: "twenty with spare machines that are not known here",
        change: { "app.replicas": { min: 2, max: 20 }, "cluster.spot": { sizes: ["x9z.large"], max: 1 } },
      },
    ],
  );
});
