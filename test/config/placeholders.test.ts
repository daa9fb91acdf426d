import { expect } from "chai";

import { parseConfig, placeholdersIn } from "../../config";
import { accepts, clouds, expectProblems, refuses, settings, type Change, type Expected } from "./cases";

const example = (what: string): RegExp => new RegExp(`^That is ${what}.*: a preview takes it, a deployment does not\\.$`);
const name = example("a name reserved for documentation \\(RFC 2606\\)");
const own = /^Set it to a value of your own\.$/;
const reached = /^Set it to the name under which people will reach the chat\.$/;
const operators = /^Name the ranges of your operators and of your CI; the machine that runs `pulumi up` must be among them\.$/;
const principals = /^Name your own principals; whoever runs `pulumi up` must be among the administrators\.$/;

const arn = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";
const vault = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/tls/providers/Microsoft.KeyVault/vaults/acme-tls";
const short = (text: string): string => `${JSON.stringify(text).slice(0, 77)}...`;

const onBoth: readonly { readonly what: string; readonly change: Change; readonly expected: readonly Expected[] }[] = [
  ...["chat.example.com", "example.org", "chat.example.net", "chat.acme.test", "acme.example", "chat.invalid"].map((domain) => ({
    what: `the domain ${domain}`,
    change: { domain },
    expected: [{ key: "domain", value: JSON.stringify(domain), limit: name, cure: reached }],
  })),
  {
    what: "the mail addresses of an example",
    change: { "app.admin.email": "admin@example.com", "alerts.email": "ops@mail.example.org" },
    expected: [
      { key: "app.admin.email", value: '"admin@example.com"', limit: name, cure: own },
      { key: "alerts.email", value: '"ops@mail.example.org"', limit: name, cure: own },
    ],
  },
  {
    what: "the ranges of RFC 5737, each by its place in the list",
    change: { "cluster.apiServerCidrs": ["192.0.2.0/24", "198.18.0.0/24", "198.51.100.7/32", "203.0.113.0/25"] },
    expected: [
      [0, "192.0.2.0/24"],
      [2, "198.51.100.7/32"],
      [3, "203.0.113.0/25"],
    ].map(([index, range]) => ({
      key: `cluster.apiServerCidrs[${String(index)}]`,
      value: JSON.stringify(range),
      limit: example("a range reserved for documentation \\(RFC 5737\\)"),
      cure: operators,
    })),
  },
];
const onAws = [
  {
    what: "the account of AWS's documentation",
    change: { "tls.certificateArn": arn, "access.viewers": ["arn:aws:iam::111122223333:role/viewer"] },
    expected: [
      {
        key: "tls.certificateArn",
        value: short(arn),
        limit: example("an ARN of the account that AWS's documentation uses"),
        cure: /^Name your own certificate/,
      },
      {
        key: "access.viewers[0]",
        value: '"arn:aws:iam::111122223333:role/viewer"',
        limit: example("an ARN of the account that AWS's documentation uses"),
        cure: principals,
      },
    ],
  },
];
const onAzure = [
  {
    what: "an empty subscription and an empty principal",
    change: { "tls.keyVaultId": vault, "access.admins": [{ id: "00000000-0000-0000-0000-000000000000", type: "User" }] },
    expected: [
      { key: "tls.keyVaultId", value: short(vault), limit: example("an empty id"), cure: /^Name your own certificate/ },
      { key: "access.admins[0].id", value: '"00000000-0000-0000-0000-000000000000"', limit: example("an empty id"), cure: principals },
    ],
  },
];

describe("a placeholder, in a deployment,", () => {
  refuses(clouds, onBoth);
  refuses(["aws"], onAws);
  refuses(["azure"], onAzure);
  accepts(clouds, [
    { what: "names that only resemble one", change: { domain: "chat.myexample.com", "alerts.email": "example.com@acme.io" } },
    { what: "the ranges beside them", change: { "cluster.apiServerCidrs": ["192.0.3.0/24", "203.0.112.0/24"] } },
  ]);
});

describe("a placeholder, in a preview,", () => {
  for (const [cloud, cases] of [
    ["aws", [...onBoth, ...onAws]],
    ["azure", [...onBoth, ...onAzure]],
  ] as const) {
    for (const { what, change, expected } of cases) {
      it(`is taken, and can be listed: ${what} on ${cloud}`, () => {
        const raw = settings(cloud, change);
        const { config, problems } = parseConfig(raw, { placeholders: true });
        expect(problems).to.deep.equal([]);
        expect(config?.cloud).to.equal(cloud);
        expectProblems(placeholdersIn(raw.values), expected);
      });
    }
  }

  it("hides no other problem", () => {
    const { problems } = parseConfig(settings("aws", { domain: "chat.example.com", "cluster.nodes.min": 1 }), { placeholders: true });
    expect(problems.map(({ key }) => key)).to.deep.equal(["rocketchat:cluster.nodes.min"]);
  });
});
