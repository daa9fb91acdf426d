import { expect } from "chai";

import { withRole } from "../../../components/cluster/aws-kubeconfig";
import { eksKubeconfig } from "../../../simulator/eks";

const role = "arn:aws:iam::999999999999:role/deployer";

interface Kubeconfig {
  readonly users: readonly { readonly user: { readonly exec: Record<string, unknown> } }[];
}

describe("a kubeconfig for a role on AWS", () => {
  it("asks for the role's token, and is the same in everything else", () => {
    const plain = eksKubeconfig("acme", "eu-central-1", "https://acme.eu-central-1.eks.amazonaws.com", "c2ltdWxhdGVk");
    const [before, after] = [plain, withRole(plain, role)].map((text) => JSON.parse(text) as Kubeconfig);
    if (before === undefined || after === undefined) throw new Error("a kubeconfig is missing");
    const [user] = after.users;
    expect(user?.user.exec["args"]).to.deep.equal([
      "--region",
      "eu-central-1",
      "eks",
      "get-token",
      "--cluster-name",
      "acme",
      "--output",
      "json",
      "--role-arn",
      role,
    ]);
    const args = before.users[0]?.user.exec["args"];
    expect({ ...after, users: [{ ...user, user: { exec: { ...user?.user.exec, args } } }] }).to.deep.equal(before);
  });

  it("leaves users alone who have no command", () => {
    const certificate = JSON.stringify({ users: [{ name: "admin", user: { "client-certificate-data": "c2ltdWxhdGVk" } }] });
    expect(withRole(certificate, role)).to.equal(certificate);
  });
});
