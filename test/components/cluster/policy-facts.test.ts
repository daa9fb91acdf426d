import { expect } from "chai";

import type { PolicyFacts } from "../../../components/cluster";
import { privateCidrs } from "../../../components/cluster/policy-facts";
import { awsCluster, awsNetwork } from "../../support/aws";
import { azureCluster, azureNetwork } from "../../support/azure";
import { simulateComponent } from "../../support/simulated";

/** What the component says, once all that it registered is there. */
async function factsOf(build: () => { readonly policyFacts: PolicyFacts }, preview: boolean): Promise<PolicyFacts> {
  let facts: PolicyFacts | undefined;
  await simulateComponent(() => ({ policyFacts: facts } = build()), { preview });
  if (facts === undefined) throw new Error("the cluster says nothing");
  return facts;
}

const privateRanges = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];
const awsSubnets = {
  nodeCidrs: ["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19"],
  ingressCidrs: ["10.0.128.0/20", "10.0.144.0/20", "10.0.160.0/20"],
};
const onAws: PolicyFacts = {
  flavour: "kubernetes",
  apiServer: { cidrs: ["172.20.0.1/32"], port: 443 },
  webhookCallers: { cidrs: [...awsSubnets.nodeCidrs, ...awsSubnets.ingressCidrs], pods: [], nodes: false },
  dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" }, ownNodeCidrs: [] },
  identity: { cidrs: ["169.254.170.23/32"], port: 80 },
  nodeCidrs: awsSubnets.nodeCidrs,
  privateCidrs: privateRanges,
  metadataCidrs: ["169.254.0.0/16"],
};
const onAzure: PolicyFacts = {
  flavour: "cilium",
  apiServer: { cidrs: ["10.0.3.0/28"], port: 443 },
  webhookCallers: {
    cidrs: ["10.0.3.0/28"],
    pods: [{ namespace: "kube-system", labels: { app: "konnectivity-agent" } }],
    nodes: true,
  },
  dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" }, ownNodeCidrs: ["169.254.10.0/24"] },
  identity: { cidrs: "internet", port: 443 },
  nodeCidrs: ["10.0.1.0/24"],
  privateCidrs: privateRanges,
  metadataCidrs: ["169.254.0.0/16", "168.63.129.16/32"],
};

for (const preview of [true, false]) {
  describe(`what network policies know of a cluster, in a ${preview ? "preview" : "deployment"}`, () => {
    it("on AWS", async () => {
      expect(await factsOf(() => awsCluster(), preview)).to.deep.equal(onAws);
    });

    it("on AWS with other addresses of Services: the API's is the first of them", async () => {
      const facts = await factsOf(() => awsCluster({ serviceCidr: "192.168.128.0/20" }), preview);
      expect(facts).to.deep.equal({ ...onAws, apiServer: { cidrs: ["192.168.128.1/32"], port: 443 } });
    });

    it("on AWS in a VPC that exists, some of whose addresses are public elsewhere", async () => {
      const use = {
        vpcId: "vpc-0e000000000000001",
        privateSubnets: [{ id: "subnet-1", cidr: "11.4.0.0/22" }],
        publicSubnets: [{ id: "subnet-2", cidr: "10.9.0.0/24" }],
      };
      const facts = await factsOf(() => awsCluster({ network: awsNetwork({ vpc: { use } }) }), preview);
      expect(facts).to.deep.equal({
        ...onAws,
        webhookCallers: { cidrs: ["11.4.0.0/22", "10.9.0.0/24"], pods: [], nodes: false },
        nodeCidrs: ["11.4.0.0/22"],
        privateCidrs: [...privateRanges, "11.4.0.0/22"],
      });
    });

    it("on Azure", async () => {
      expect(await factsOf(() => azureCluster(), preview)).to.deep.equal(onAzure);
    });

    it("on Azure in a network that exists, with ranges that are public elsewhere", async () => {
      const use = {
        nodes: { id: "/nodes", name: "workers", cidr: "10.7.0.0/24" },
        gateway: { id: "/gateway", name: "entrance", cidr: "25.0.2.0/24" },
        apiServer: { id: "/api", name: "control", cidr: "10.7.3.0/28" },
      };
      const facts = await factsOf(
        () => azureCluster({ network: azureNetwork({ vnet: { use } }), serviceCidr: "30.1.0.0/16", podCidr: "30.2.0.0/16" }),
        preview,
      );
      expect(facts).to.deep.equal({
        ...onAzure,
        apiServer: { cidrs: ["10.7.3.0/28"], port: 443 },
        webhookCallers: { ...onAzure.webhookCallers, cidrs: ["10.7.3.0/28"] },
        nodeCidrs: ["10.7.0.0/24"],
        privateCidrs: [...privateRanges, "30.1.0.0/16", "30.2.0.0/16", "25.0.2.0/24"],
      });
    });
  });
}

describe("what is not the internet", () => {
  it("is every private range, and a range of the cluster's own once where it is none of them", () => {
    expect(privateCidrs(["10.0.0.0/19", "100.127.0.0/16", "30.0.0.0/16", "30.0.0.0/16"])).to.deep.equal([...privateRanges, "30.0.0.0/16"]);
  });

  it("is not guessed: a text that is no range is an error", () => {
    expect(() => privateCidrs(["10.0.0.0"])).to.throw("10.0.0.0 is no range of addresses");
  });
});
