/** Stand-ins for the storage driver and the load balancer controllers: claims get volumes in the zone of their node, Services and Ingresses an address. */
import { ApiRejection } from "./api-client";
import type { Cluster } from "./control-plane";
import { type JsonObject, type Manifest, at, listAt, nameOf, objectAt, textAt } from "./json";
import type { ClusterNodes } from "./node-pools";

/** Runs in the background until `stop`. */
export class Binder {
  private state: "running" | "stopping" = "running";
  private loop: Promise<void> = Promise.resolve();
  /** What went wrong, each text once; a run that ends with one is not to be trusted. */
  readonly errors = new Set<string>();

  constructor(
    private readonly cluster: Cluster,
    private readonly driver: ClusterNodes["driver"],
    private readonly cloud: string,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.state = "stopping";
    await this.loop;
  }

  private async run(): Promise<void> {
    while (this.isRunning()) {
      try {
        await this.provision();
        await this.giveAddresses();
      } catch (error) {
        // An object that changed or went away in between is met again in the next round.
        if (this.isRunning() && !(error instanceof ApiRejection && [404, 409].includes(error.code))) this.errors.add(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  private isRunning(): boolean {
    return this.state === "running";
  }

  private async provision(): Promise<void> {
    const { client } = this.cluster;
    const claims = await client.list("v1", "PersistentVolumeClaim");
    if (claims.length === 0) return;
    const classes = new Map((await client.list("storage.k8s.io/v1", "StorageClass")).map((each) => [nameOf(each), each]));
    for (const claim of claims) {
      const storageClass = classes.get(textAt(claim, "spec", "storageClassName") ?? "");
      const provisioner = textAt(storageClass, "provisioner") ?? "";
      if (storageClass === undefined || provisioner === "kubernetes.io/no-provisioner") continue;
      if (textAt(claim, "status", "phase") === "Bound") await this.expand(claim, storageClass);
      else if (textAt(claim, "spec", "volumeName") === undefined) await this.provisionFor(claim, storageClass);
    }
    for (const volume of await client.list("v1", "PersistentVolume")) {
      const released = textAt(volume, "status", "phase") === "Released";
      if (released && textAt(volume, "spec", "persistentVolumeReclaimPolicy") === "Delete") await client.delete(volume);
    }
  }

  private async provisionFor(claim: Manifest, storageClass: Manifest): Promise<void> {
    const { client } = this.cluster;
    // The scheduler names the node whose zone the volume must be in; until then such a claim waits.
    const node = textAt(claim, "metadata", "annotations", "volume.kubernetes.io/selected-node");
    if (textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer" && node === undefined) return;
    const nodeObject = node === undefined ? undefined : await client.get("v1", "Node", node);
    const zone = textAt(nodeObject, "metadata", "labels", "topology.kubernetes.io/zone");
    const shared = listAt(claim, "spec", "accessModes").includes("ReadWriteMany");
    const name = `pvc-${textAt(claim, "metadata", "uid") ?? nameOf(claim)}`;
    if ((await client.get("v1", "PersistentVolume", name)) !== undefined) return;
    const terms = [{ matchExpressions: [{ key: this.driver.zoneLabel, operator: "In", values: [zone ?? ""] }] }];
    await client.create({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name, labels: { "cluster-test/simulated": "true" } },
      spec: {
        capacity: objectAt(claim, "spec", "resources", "requests"),
        accessModes: listAt(claim, "spec", "accessModes"),
        volumeMode: textAt(claim, "spec", "volumeMode") ?? "Filesystem",
        storageClassName: nameOf(storageClass),
        persistentVolumeReclaimPolicy: textAt(storageClass, "reclaimPolicy") ?? "Delete",
        claimRef: claimReference(claim),
        csi: { driver: textAt(storageClass, "provisioner") ?? "", volumeHandle: name },
        // A disk stays in its zone; a file share is everywhere.
        ...(shared || zone === undefined ? {} : { nodeAffinity: { required: { nodeSelectorTerms: terms } } }),
      },
    });
  }

  /** Grows volume and claim as the resizer of a storage driver does, where the class allows it (the API server has refused the claim otherwise). */
  private async expand(claim: Manifest, storageClass: Manifest): Promise<void> {
    const wanted = textAt(claim, "spec", "resources", "requests", "storage");
    if (wanted === undefined || wanted === textAt(claim, "status", "capacity", "storage")) return;
    if (at(storageClass, "allowVolumeExpansion") !== true) return;
    const { client } = this.cluster;
    const volume = await client.get("v1", "PersistentVolume", textAt(claim, "spec", "volumeName") ?? "");
    if (volume === undefined) return;
    await client.patch(volume, { spec: { capacity: { storage: wanted } } });
    await client.patch(claim, { status: { capacity: { storage: wanted } } }, "status");
  }

  private async giveAddresses(): Promise<void> {
    const { client } = this.cluster;
    const services = (await client.list("v1", "Service")).filter((service) => textAt(service, "spec", "type") === "LoadBalancer");
    for (const object of [...services, ...(await client.list("networking.k8s.io/v1", "Ingress"))]) {
      if (listAt(object, "status", "loadBalancer", "ingress").length > 0) continue;
      await client.patch(object, { status: { loadBalancer: { ingress: [this.address(object)] } } }, "status");
    }
  }

  private address(object: Manifest): JsonObject {
    const fixed = textAt(object, "spec", "loadBalancerIP");
    if (fixed !== undefined) return { ip: fixed };
    return this.cloud === "aws" ? { hostname: `${nameOf(object)}.elb.example.com` } : { ip: "192.0.2.10" };
  }
}

function claimReference(claim: Manifest): JsonObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    namespace: textAt(claim, "metadata", "namespace") ?? "",
    name: nameOf(claim),
    uid: textAt(claim, "metadata", "uid") ?? "",
  };
}
