import { expect } from "chai";
import * as fc from "fast-check";
import { parse } from "yaml";

import { unattendedKubeconfig } from "../../../components/cluster/azure-kubeconfig";

/** As AKS hands it out for a cluster without local accounts, shortened. */
const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: ZGV2aWNlY29kZQ==
    server: https://devicecode-dns.hcp.eastus.azmk8s.io:443
  name: devicecode
users:
- name: clusterUser
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      - --environment
      - AzurePublicCloud
      - --server-id
      - 6dae42f8-4368-4678-94ff-3960e28e3630
      - --client-id
      - 80faf920-1908-4b52-b5ef-a8e7bedfc67a
      - --tenant-id
      - 11111111-2222-4333-8444-555555555555
      - --login
      - devicecode
      command: kubelogin
      provideClusterInfo: false
`;

interface Kubeconfig {
  readonly clusters: unknown;
  readonly users: readonly { readonly user: { readonly exec: { readonly args: readonly string[] } } }[];
}

const read = (text: string): Kubeconfig => parse(text) as Kubeconfig;
const login = (text: string): string | undefined => {
  const args = read(text).users[0]?.user.exec.args ?? [];
  return args[args.indexOf("--login") + 1];
};

describe("the kubeconfig of AKS, made to work unattended", () => {
  it("signs in as the Azure CLI in place of asking for a device code", () => {
    expect(login(kubeconfig)).to.equal("devicecode");
    expect(login(unattendedKubeconfig(kubeconfig))).to.equal("azurecli");
  });

  it("changes nothing else, also where other things are called devicecode", () => {
    const before = read(kubeconfig);
    const after = read(unattendedKubeconfig(kubeconfig));
    expect(after.clusters).to.deep.equal(before.clusters);
    expect(after.users[0]?.user.exec.args.toSpliced(-1)).to.deep.equal(before.users[0]?.user.exec.args.toSpliced(-1));
    expect(unattendedKubeconfig(kubeconfig)).to.have.length(kubeconfig.length - "devicecode".length + "azurecli".length);
  });

  it("works at any indentation and for each user", () => {
    fc.assert(
      fc.property(fc.nat({ max: 12 }), fc.constantFrom("\n", "\r\n"), fc.integer({ min: 1, max: 3 }), (indent, end, users) => {
        const args = `${" ".repeat(indent)}- --login${end}${" ".repeat(indent)}- devicecode${end}`;
        const after = `${" ".repeat(indent)}- --login${end}${" ".repeat(indent)}- azurecli${end}`;
        expect(unattendedKubeconfig(args.repeat(users))).to.equal(after.repeat(users));
      }),
    );
  });

  it("knows the flag and its value in one argument too", () => {
    expect(unattendedKubeconfig("- --login=devicecode\n")).to.equal("- --login=azurecli\n");
  });

  it("stays as it is done once: a second time changes nothing", () => {
    const once = unattendedKubeconfig(kubeconfig);
    expect(unattendedKubeconfig(once)).to.equal(once);
  });

  it("leaves another sign-in alone", () => {
    for (const mode of ["azurecli", "workloadidentity", "msi", "spn"]) {
      const other = kubeconfig.replace("- devicecode", `- ${mode}`);
      expect(unattendedKubeconfig(other)).to.equal(other);
    }
  });
});
