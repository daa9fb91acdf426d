import { expect } from "chai";

import { parseConfig } from "../../config";
import { refuses } from "./cases";

const limit = /^It must not name a principal that rocketchat:access\.admins names: an administrator may look at everything already\.$/;
const cure = /^Name each principal in one of the two\.$/;
const role = "arn:aws:iam::999999999999:role/ops";
const group = { id: "11111111-2222-4333-8444-555555555555", type: "Group" };

describe("who may use the cluster", () => {
  refuses(
    ["aws"],
    [
      {
        what: "an administrator as a viewer",
        change: { access: { admins: [role], viewers: [role] } },
        expected: [{ key: "access.viewers", value: JSON.stringify(role), limit, cure }],
      },
    ],
  );

  refuses(
    ["azure"],
    [
      {
        what: "an administrator as a viewer",
        change: { access: { admins: [group], viewers: [group] } },
        expected: [{ key: "access.viewers", value: JSON.stringify(group.id), limit, cure }],
      },
    ],
  );
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
