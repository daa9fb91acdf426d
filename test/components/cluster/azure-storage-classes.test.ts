import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { azureCluster } from "../../support/azure";
import { named, ofType, simulateComponent, waitedFor } from "../../support/simulated";

const annotation = "storageclass.kubernetes.io/is-default-class";
const common = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  provisioner: "disk.csi.azure.com",
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: true,
};

for (const preview of [true, false]) {
  describe(`the storage classes on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureCluster(), { preview });
    });

    it("are a default one, and one for the database whose volumes stay, in a group of the program's own", () => {
      const parameters = { skuName: "Premium_LRS", cachingMode: "None", networkAccessPolicy: "DenyAll" };
      const group = preview ? unknownText : named(graph, "cluster-database-disks").outputs["name"];
      expect(named(graph, "cluster-general-storage").inputs).to.deep.equal({
        ...common,
        metadata: { name: "disk-premium", annotations: { [annotation]: "true" } },
        parameters,
        reclaimPolicy: "Delete",
      });
      expect(named(graph, "cluster-database-storage").inputs).to.deep.equal({
        ...common,
        metadata: { name: "mongodb-storage", annotations: { [annotation]: "false" } },
        parameters: { ...parameters, fsType: "xfs", resourceGroup: group },
        reclaimPolicy: "Retain",
      });
    });

    it("are named by a stash that depends on the class, so that a claim does not go where its class is replaced", () => {
      for (const [purpose, name] of [
        ["general", "disk-premium"],
        ["database", "mongodb-storage"],
      ] as const) {
        const stash = named(graph, `cluster-${purpose}-storage-name`);
        expect(stash.inputs, purpose).to.deep.equal({ input: name });
        expect(waitedFor(graph, stash), purpose).to.deep.equal([`cluster-${purpose}-storage`]);
      }
    });
  });
}

describe("the storage classes on Azure", () => {
  for (const diskSku of ["StandardSSD_LRS", "Standard_LRS"] as const) {
    it(`keep their names where they are of ${diskSku}: a claim cannot change its class`, async () => {
      const graph = await simulateComponent(() => azureCluster({ diskSku }));
      const classes = ofType(graph, "kubernetes:storage.k8s.io/v1:StorageClass");
      expect(classes.map(({ inputs }) => (inputs["metadata"] as { name: string }).name)).to.have.members([
        "disk-premium",
        "mongodb-storage",
      ]);
      for (const { name, inputs, protect } of classes) {
        expect(inputs["parameters"], name).to.include({ skuName: diskSku });
        expect(protect, `${name} can be replaced`).to.equal(false);
      }
    });
  }

  it("hand their names to whoever makes claims", async () => {
    const seen: string[] = [];
    await simulateComponent(() => {
      const { general, database } = azureCluster().storageClasses;
      return pulumi.all([general, database]).apply((names) => seen.push(...names));
    });
    expect(seen).to.deep.equal(["disk-premium", "mongodb-storage"]);
  });
});
