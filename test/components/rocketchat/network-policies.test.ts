import { expect } from "chai";

import { chatFlows, type ChatFlowsArgs } from "../../../components/rocketchat/network-policies";
import { identity } from "../../support/chat";

const telemetry = { host: "collector.telemetry.svc.cluster.local", namespace: "telemetry", pods: { app: "collector" } };
const onAws: ChatFlowsArgs = {
  uploads: { kind: "s3" },
  databaseIdentities: [identity(), identity()],
  telemetry,
  smtp: { port: 587 },
  publication: { sourceCidrs: ["10.0.128.0/20", "10.0.144.0/20"] },
};

const app = { pods: { "app.kubernetes.io/name": "rocketchat" } };
const database = {
  pods: {
    "app.kubernetes.io/name": "percona-server-mongodb",
    "app.kubernetes.io/instance": "rocketchat-db",
    "app.kubernetes.io/component": "mongod",
  },
};
const operator = { pods: { "app.kubernetes.io/name": "psmdb-operator", "app.kubernetes.io/instance": "psmdb-operator" } };
const scraper = { namespace: "monitoring", pods: { "app.kubernetes.io/name": "prometheus" } };

const names = (args: ChatFlowsArgs): string[] => chatFlows(args).map(({ name }) => name);

describe("the flows of the chat", () => {
  it("are these, with uploads and backups in a store that opens to an identity, and mail", () => {
    expect(chatFlows(onAws)).to.deep.equal([
      { name: "all-to-dns", purpose: "names", from: { everyPod: true }, to: "dns" },
      { name: "load-balancer-to-app", purpose: "people", from: { cidrs: ["10.0.128.0/20", "10.0.144.0/20"] }, to: app, ports: [3000] },
      { name: "app-to-app", purpose: "events between instances", from: app, to: app, ports: [4000] },
      { name: "app-to-database", purpose: "everything that is written", from: app, to: database, ports: [27017] },
      {
        name: "app-to-internet",
        purpose: "registration, notifications to phones, sign-in through others, uploads",
        from: app,
        to: "internet",
        ports: [443],
      },
      { name: "app-to-identity", purpose: "credentials for uploads", from: app, to: "identity" },
      { name: "app-to-mail", purpose: "mail", from: app, to: "anywhere", ports: [587] },
      { name: "app-to-collector", purpose: "traces", from: app, to: { namespace: "telemetry", pods: { app: "collector" } }, ports: [4317] },
      { name: "database-to-database", purpose: "replication", from: database, to: database, ports: [27017] },
      { name: "operator-to-database", purpose: "members, users, state of backups", from: operator, to: database, ports: [27017] },
      { name: "operator-to-api-server", purpose: "what the database shall be", from: operator, to: "api-server" },
      { name: "database-to-store", purpose: "backups", from: database, to: "internet", ports: [443] },
      { name: "database-to-identity", purpose: "credentials for backups", from: database, to: "identity" },
      { name: "operator-to-store", purpose: "backups", from: operator, to: "internet", ports: [443] },
      { name: "operator-to-identity", purpose: "credentials for backups", from: operator, to: "identity" },
      { name: "scraper-to-app", purpose: "metrics", from: scraper, to: app, ports: [9100] },
      { name: "scraper-to-database", purpose: "metrics", from: scraper, to: database, ports: [9216] },
      { name: "scraper-to-operator", purpose: "metrics", from: scraper, to: operator, ports: [8080] },
    ]);
  });

  it("need no identity where uploads are mounted and a key opens the backups", () => {
    const blob: ChatFlowsArgs = { ...onAws, uploads: { kind: "blob" }, databaseIdentities: [] };
    const without = ["app-to-identity", "database-to-identity", "operator-to-identity"];
    expect(names(blob)).to.deep.equal(names(onAws).filter((name) => !without.includes(name)));
    expect(chatFlows(blob).find(({ name }) => name === "app-to-internet")?.purpose).not.to.contain("uploads");
  });

  it("have no mail without a mail server, and nobody from outside where the chat is not published", () => {
    const { smtp, publication, ...rest } = onAws;
    expect([smtp, publication]).not.to.include(undefined);
    expect(names(rest)).to.deep.equal(names(onAws).filter((name) => !["app-to-mail", "load-balancer-to-app"].includes(name)));
  });

  it("take the mail server's own port", () => {
    const mail = chatFlows({ ...onAws, smtp: { port: 2525 } }).find(({ name }) => name === "app-to-mail");
    expect(mail).to.deep.include({ ports: [2525] });
  });
});
