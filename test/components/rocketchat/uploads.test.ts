import type * as k8s from "@pulumi/kubernetes";
import { expect } from "chai";

import type { ResourceGraph } from "../../../simulator/graph";
import { chat, container } from "../../support/chat";
import { contents, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const labels = { "app.kubernetes.io/name": "rocketchat", "app.kubernetes.io/managed-by": "pulumi" };

function volumesOf(graph: ResourceGraph): unknown {
  const { template } = named(graph, "chat-deployment").inputs["spec"] as k8s.types.output.apps.v1.DeploymentSpec;
  return template.spec.volumes.find(({ name }) => name === "uploads");
}

for (const preview of [true, false]) {
  describe(`uploads of the chat, in a ${preview ? "preview" : "deployment"}`, () => {
    it("go to a bucket without a volume: the image gets an empty folder where it wants one", async () => {
      const graph = await simulateComponent(() => chat(), { preview });
      expect(volumesOf(graph)).to.deep.equal({ name: "uploads", emptyDir: { sizeLimit: "1Gi" } });
      expect(graph.resources.filter(({ type }) => type.includes("PersistentVolume"))).to.deep.equal([]);
    });

    describe("in a container that is mounted", () => {
      let graph: ResourceGraph;
      before(async () => {
        graph = await simulateComponent(() => chat({ uploads: container() }), { preview });
      });

      it("lie on one volume of the program's own, which stays when its claim goes and is everybody's at once", () => {
        expect(contents(graph, "chat")).to.deep.include({
          "kubernetes:core/v1:PersistentVolume": ["chat-uploads-volume"],
          "kubernetes:core/v1:PersistentVolumeClaim": ["chat-uploads-claim"],
        });
        expect(named(graph, "chat-uploads-volume").inputs).to.deep.equal({
          apiVersion: "v1",
          kind: "PersistentVolume",
          metadata: { name: "rocketchat-uploads", labels },
          spec: {
            capacity: { storage: "1Ti" },
            accessModes: ["ReadWriteMany"],
            persistentVolumeReclaimPolicy: "Retain",
            storageClassName: "",
            mountOptions: ["-o uid=65533"],
            csi: { driver: "blob.csi.azure.com", volumeHandle: "acmefiles_uploads", volumeAttributes: { clientID: "the-chat" } },
          },
        });
      });

      it("are claimed by the volume's name, so that no storage class makes another", () => {
        const [volume] = ofType(graph, "kubernetes:core/v1:PersistentVolume");
        const { name } = volume?.outputs["metadata"] as { name: string };
        expect(named(graph, "chat-uploads-claim").inputs).to.deep.equal({
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: "rocketchat-uploads", namespace: "rocketchat", labels },
          spec: {
            accessModes: ["ReadWriteMany"],
            storageClassName: "",
            volumeName: name,
            resources: { requests: { storage: "1Ti" } },
          },
        });
        expect(waitedFor(graph, named(graph, "chat-uploads-claim"))).to.deep.equal(["chat-namespace", "chat-uploads-volume"]);
      });

      it("are mounted where the chat writes them, by the user that it runs as", () => {
        const { template } = named(graph, "chat-deployment").inputs["spec"] as k8s.types.output.apps.v1.DeploymentSpec;
        expect(volumesOf(graph)).to.deep.equal({ name: "uploads", persistentVolumeClaim: { claimName: "rocketchat-uploads" } });
        const path = template.spec.containers[0]?.volumeMounts.find(({ name }) => name === "uploads")?.mountPath;
        expect(named(graph, "chat-settings").inputs).to.have.deep.nested.property("data.OVERWRITE_SETTING_FileUpload_FileSystemPath", path);
        expect(template.spec.securityContext.runAsUser).to.equal(65533);
        expect(waitsFor(graph, named(graph, "chat-deployment"), named(graph, "chat-uploads-claim"))).to.equal(true);
      });
    });
  });
}
