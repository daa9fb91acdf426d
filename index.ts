import * as pulumi from "@pulumi/pulumi";

import { ObservabilityStack, placement, provisionPlatform, published, RocketChatApp } from "./components";
import { loadConfig } from "./config";

/** The program: the platform of the configured cloud, the chat on it, and what watches both. The value returned becomes the stack's outputs. */
async function main(): Promise<Record<string, unknown>> {
  const config = loadConfig();
  const platform = await provisionPlatform(config, published);
  const { cluster, objectStore, loadBalancer } = platform;
  const kubernetes = { providers: { kubernetes: cluster.provider } };

  const observability = new ObservabilityStack(
    "observability",
    { metrics: config.observability.metrics, storageClass: cluster.storageClasses.general, protect: config.deletionProtection },
    kubernetes,
  );
  const identity = cluster.grantIdentity("chat", { ...placement, permissions: [objectStore.uploads.permissions] });
  const chat = new RocketChatApp(
    "chat",
    {
      ...config.app,
      domain: config.domain,
      maxFileSizeMiB: config.app.uploads.maxFileSizeMiB,
      databaseMembers: config.mongodb.members,
      uploads: objectStore.uploads,
      publication: loadBalancer.publication,
      identity,
      protect: config.deletionProtection,
      tolerations: cluster.interruptibleTolerations,
    },
    kubernetes,
  );
  const address = publishedAddress(loadBalancer.address, chat);
  loadBalancer.pointDomainAt(address);
  platform.monitoring.watchLoadBalancer(address);
  platform.lock(identity.ready);

  return {
    ...platform.outputs,
    url: chat.url,
    loadBalancer: address,
    admin: { username: config.app.admin.username, password: chat.adminPassword },
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
