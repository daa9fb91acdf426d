import * as pulumi from "@pulumi/pulumi";

import { CertManager, collector, grantIdentities, ObservabilityStack, provisionPlatform, published, RocketChatApp } from "./components";
import { loadConfig } from "./config";

/** The program: the platform of the configured cloud, the chat on it, and what watches both. The value returned becomes the stack's outputs. */
async function main(): Promise<Record<string, unknown>> {
  const config = loadConfig();
  const platform = await provisionPlatform(config, published);
  const { cluster, objectStore, loadBalancer } = platform;
  const kubernetes = { providers: { kubernetes: cluster.provider } };

  const { deletionProtection: protect } = config;

  const identities = grantIdentities(cluster, objectStore);
  const observability = new ObservabilityStack(
    "observability",
    { metrics: config.observability.metrics, storageClass: cluster.storageClasses.general, protect },
    kubernetes,
  );
  const certificates = new CertManager("certificates", { policyFacts: cluster.policyFacts, protect }, kubernetes);
  const chat = new RocketChatApp(
    "chat",
    {
      ...config.app,
      domain: config.domain,
      maxFileSizeMiB: config.app.uploads.maxFileSizeMiB,
      uploads: objectStore.uploads,
      identity: identities.chat,
      database: config.mongodb,
      backups: objectStore.backups,
      databaseIdentities: identities.database,
      storageClass: cluster.storageClasses.database,
      certificatesReady: certificates.ready,
      policyFacts: cluster.policyFacts,
      accessGroups: cluster.accessGroups,
      telemetry: collector,
      tolerations: cluster.interruptibleTolerations,
      publication: loadBalancer.publication,
      protect,
    },
    kubernetes,
  );
  const address = publishedAddress(loadBalancer.address, chat);
  loadBalancer.pointDomainAt(address);
  platform.monitoring.watchLoadBalancer(address);
  platform.lock([identities.chat, ...identities.database].flatMap(({ ready }) => ready));

  return {
    ...platform.outputs,
    url: chat.url,
    loadBalancer: address,
    admin: { username: config.app.admin.username, password: chat.adminPassword },
    databaseMasterKey: chat.databaseMasterKey,
    grafana: observability.grafana,
    clusterName: cluster.clusterName,
    kubeconfig: cluster.kubeconfig,
    dashboard: platform.monitoring.dashboard,
    backupVault: platform.backup.vault,
    network: { nodeCidrs: platform.network.nodeCidrs, ingressCidrs: platform.network.ingressCidrs },
  };
}

/** Where the chat is reached from outside, once it is published: an Ingress is told, other load balancers know it before. */
function publishedAddress(known: pulumi.Output<string> | undefined, chat: RocketChatApp): pulumi.Output<string> {
  if (chat.address !== undefined) return chat.address;
  if (known === undefined) throw new TypeError("neither the load balancer nor the chat has an address");
  return pulumi.all([known, chat.serviceName]).apply(([address]) => address);
}

export = main;
