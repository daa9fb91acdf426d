import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { CsiVolume } from "../../../components/object-store";
import { named, simulateComponent } from "../../support/simulated";
import { azureObjectStore } from "../../support/azure";
import { identity } from "../../support/chat";

describe("the container for uploads", () => {
  it("is a volume that blobfuse mounts with the pods' own token, for the chat's user, with a bounded cache", async () => {
    let volume: pulumi.Unwrap<CsiVolume> | undefined;
    const graph = await simulateComponent(async () => {
      const { uploads } = azureObjectStore();
      const made = pulumi.output(uploads.volume(identity(), 65533));
      volume = await new Promise<pulumi.Unwrap<CsiVolume>>((resolve) => made.apply(resolve));
    });
    const account = String(named(graph, "store-files").outputs["name"]);
    expect(volume).to.deep.equal({
      driver: "blob.csi.azure.com",
      volumeHandle: `${account}_uploads`,
      volumeAttributes: {
        protocol: "fuse2",
        resourceGroup: named(graph, "store-rg").outputs["name"],
        storageAccount: account,
        containerName: "uploads",
        clientID: "the-chat",
        mountWithWorkloadIdentityToken: "true",
      },
      mountOptions: [
        "-o allow_other",
        "-o uid=65533",
        "-o gid=65533",
        "--file-cache-timeout-in-seconds=120",
        "--cancel-list-on-mount-seconds=10",
        "--cache-size-mb=256",
        "--log-level=LOG_WARNING",
      ],
    });
  });
});
