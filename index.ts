import { ObservabilityStack, placement, provisionPlatform, published, RocketChatApp } from "./components";
import { loadConfig } from "./config";

/** The program: the platform of the configured cloud, the chat on it, and what watches both. The value returned becomes the stack's outputs. */
async function main(): Promise<Record<string, unknown>> {
  const config = loadConfig();
  const { network, cluster, objectStore, loadBalancer, monitoring, backup, outputs } = await provisionPlatform(config, published);
  const kubernetes = { providers: { kubernetes: cluster.provider } };

  const observability = new ObservabilityStack(
    "observability",
    { metrics: config.observability.metrics, storageClass: cluster.storageClasses.general, protect: config.deletionProtection },
    kubernetes,
  );
  const chat = new RocketChatApp(
    "chat",
    {
      ...config.app,
      domain: config.domain,
      maxFileSizeMiB: config.app.uploads.maxFileSizeMiB,
      databaseMembers: config.mongodb.members,
      uploads: objectStore.uploads,
      publication: loadBalancer?.publication,
      identity: cluster.grantIdentity("chat", { ...placement, permissions: [objectStore.uploads.permissions] }),
      protect: config.deletionProtection,
      tolerations: cluster.interruptibleTolerations,
    },
    kubernetes,
  );

  if (chat.address !== undefined) {
    loadBalancer?.pointDomainAt(chat.address);
    monitoring?.watchLoadBalancer(chat.address);
  }

  return {
    ...outputs,
    url: chat.url,
    loadBalancer: chat.address,
    admin: { username: config.app.admin.username, password: chat.adminPassword },
    grafana: observability.grafana,
    clusterName: cluster.clusterName,
    kubeconfig: cluster.kubeconfig,
    dashboard: monitoring?.dashboard,
    backupVault: backup?.vault,
    network: { nodeCidrs: network.nodeCidrs, ingressCidrs: network.ingressCidrs },
  };
}

export = main;
