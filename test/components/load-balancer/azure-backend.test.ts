import { expect } from "chai";
import * as fc from "fast-check";

import { backendAddress, internalService } from "../../../components/load-balancer/azure-backend";
import { formatCidr, parseCidr, size } from "../../../components/network/cidr";

const subnet = fc
  .integer({ min: 8, max: 28 })
  .chain((prefix) => fc.nat({ max: 2 ** prefix - 1 }).map((index) => ({ base: index * 2 ** (32 - prefix), prefix })));

describe("the address of the internal load balancer", () => {
  it("is high in the nodes' subnet, below what Azure keeps for itself", () => {
    expect(backendAddress("10.0.1.0/24")).to.equal("10.0.1.250");
    expect(backendAddress("10.8.0.0/16")).to.equal("10.8.255.250");
    expect(backendAddress("10.0.1.32/27")).to.equal("10.0.1.58");
  });

  it("is one of the subnet that neither Azure has nor the first nodes get, whatever the subnet", () => {
    fc.assert(
      fc.property(subnet, (block) => {
        const address = parseCidr(`${backendAddress(formatCidr(block))}/32`);
        const place = (address?.base ?? -1) - block.base;
        expect(place).to.be.at.least(size(block) / 2);
        expect(place).to.be.below(size(block) - 1);
      }),
    );
  });

  it("is refused by a subnet that is none, or too small to have a high end", () => {
    for (const cidr of ["10.0.1.0/29", "10.0.1.8/32", "10.0.1.1/24", "nodes", ""])
      expect(() => backendAddress(cidr), cidr).to.throw(RangeError, `${cidr} has no room for the internal load balancer`);
    expect(backendAddress("10.0.1.0/28")).to.equal("10.0.1.10");
  });
});

describe("the Service behind the gateway", () => {
  it("is a load balancer inside the network, at the one address, that sends only to nodes with a pod and names no port of its own for the probe", () => {
    expect(internalService("10.0.1.250", "workers")).to.deep.equal({
      type: "LoadBalancer",
      annotations: {
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
        "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "workers",
        "service.beta.kubernetes.io/azure-load-balancer-ipv4": "10.0.1.250",
        "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout": "30",
      },
      externalTrafficPolicy: "Local",
    });
  });
});
