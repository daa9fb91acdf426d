import { expect } from "chai";

import { certManagerFlows } from "../../../components/cert-manager/network-policies";

describe("the flows of cert-manager", () => {
  it("are names, the API server both ways, and metrics: nothing of it leaves the cluster", () => {
    expect(certManagerFlows).to.deep.equal([
      { name: "all-to-dns", purpose: "names", from: { everyPod: true }, to: "dns" },
      { name: "all-to-api-server", purpose: "certificates and their Secrets", from: { everyPod: true }, to: "api-server" },
      {
        name: "api-server-to-webhook",
        purpose: "checks of certificates and issuers",
        from: "webhook-callers",
        to: { pods: { "app.kubernetes.io/name": "webhook", "app.kubernetes.io/component": "webhook" } },
        ports: [10250],
      },
      {
        name: "scraper-to-all",
        purpose: "metrics",
        from: { namespace: "monitoring", pods: { "app.kubernetes.io/name": "prometheus" } },
        to: { everyPod: true },
        ports: [9402],
      },
    ]);
  });
});
