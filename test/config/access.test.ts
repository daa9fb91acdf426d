import { expect } from "chai";

import { parseConfig } from "../../config";
import { refuses } from "./cases";

const cure = /^Name each principal once; whoever needs both kinds can be given a second role or group\.$/;
const role = "arn:aws:iam::999999999999:role/ops";
const group = { id: "11111111-2222-4333-8444-555555555555", type: "Group" };
const kinds = ["admins", "viewers", "chatOperators", "chatViewers"] as const;
const user = { id: "11111111-3333-4333-8444-555555555555", type: "User" };
const pairs = kinds.flatMap((wider, index) => kinds.slice(index + 1).map((narrower) => ({ wider, narrower })));

describe("who may use the cluster", () => {
  const twice = (principal: unknown, shown: string, others: Readonly<Record<string, unknown>>) =>
    pairs.map(({ wider, narrower }) => ({
      what: `one of ${wider} among ${narrower}`,
      change: { access: { ...others, [wider]: [principal], [narrower]: [principal] } },
      expected: [
        {
          key: `access.${narrower}`,
          value: JSON.stringify(shown),
          limit: new RegExp(`^It must not name a principal that rocketchat:access\\.${wider} names: each has one kind of access\\.$`),
          cure,
        },
      ],
    }));
  refuses(["aws"], twice(role, role, {}));
  refuses(
    ["azure"],
    (["chatOperators", "chatViewers"] as const).map((who) => ({
      what: `a single user among ${who}`,
      change: { access: { admins: [{ ...group, id: "99999999-2222-4333-8444-555555555555" }], [who]: [group, user] } },
      expected: [
        {
          key: `access.${who}[1]`,
          value: JSON.stringify(user),
          limit: /^It must be a group or a service principal: the chat's namespace knows users by their group\.$/,
          cure: /^Put the user into a group of Entra ID, and name the group\.$/,
        },
      ],
    })),
  );
  refuses(["azure"], twice(group, group.id, { admins: [{ id: "99999999-2222-4333-8444-555555555555", type: "Group" }] }));
});

describe("a key of nobody", () => {
  it("is refused: a misspelt prefix does not go unnoticed, and its value is not shown", () => {
    const values = { "rocketchat:cloud": "aws", "rocketcaht:domain": "chat.acme.io" };
    const { problems } = parseConfig({ values, isSecret: () => false }, { placeholders: true });
    const found = problems.filter(({ key }) => key === "rocketcaht:domain");
    expect(found).to.have.lengthOf(1);
    expect(found[0]).to.include({ value: "set", cure: "Correct what stands before the colon, or remove the key." });
  });

  it("is none of Pulumi's or a provider's", () => {
    const values = { "rocketchat:cloud": "aws", "aws:allowedAccountIds": "[]", "azure-native:tenantId": "x", "pulumi:tags": "{}" };
    const { problems } = parseConfig({ values, isSecret: () => false }, { placeholders: true });
    expect(problems.filter(({ key }) => !key.startsWith("rocketchat:") && key !== "aws:region")).to.deep.equal([]);
  });
});
