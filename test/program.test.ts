import { expect } from "chai";

import { toDocument } from "../simulator/graph";
import { ProgramError } from "../simulator/simulate";
import { simulateStack, stacks } from "./support/simulated";

const outputs = {
  "aws-prod": [
    "addonVersions",
    "admin",
    "backupVault",
    "clusterName",
    "dashboard",
    "databaseMasterKey",
    "grafana",
    "kubeconfig",
    "loadBalancer",
    "network",
    "url",
  ],
  "azure-prod": [
    "admin",
    "backupVault",
    "clusterName",
    "dashboard",
    "databaseMasterKey",
    "grafana",
    "kubeconfig",
    "loadBalancer",
    "network",
    "url",
  ],
};

for (const stack of stacks) {
  describe(`the program for ${stack}`, function () {
    this.timeout(20_000);

    it("previews from the file as delivered, and deploys once the placeholders are decided", async () => {
      const preview = await simulateStack(stack);
      const deployment = await simulateStack(stack, { preview: false });
      // The administrators' ids are placeholders too, and part of what their role assignments are called.
      const names = ({ graph }: typeof preview): string[] =>
        graph.resources.map(({ urn }) => urn.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, "ID"));
      expect(names(preview)).to.deep.equal(names(deployment));
      expect(preview.graph.resources.length).to.be.above(50);
    });

    it("returns the documented outputs, secrets hidden", async () => {
      const { graph } = await simulateStack(stack, { preview: false });
      expect(Object.keys(graph.outputs).sort()).to.deep.equal(outputs[stack]);
      expect(graph.outputs["url"]).to.equal("https://chat.acme.io");
      expect(graph.outputs["kubeconfig"]).to.equal("[secret]");
      expect(graph.outputs["databaseMasterKey"]).to.equal("[secret]");
      expect(graph.outputs["admin"]).to.deep.equal({ username: "admin", password: "[secret]" });
      expect(graph.outputs["grafana"]).to.deep.equal({
        username: "admin",
        password: "[secret]",
        command: "kubectl --namespace monitoring port-forward service/kps-grafana 3000",
      });
    });

    it("knows every value in a deployment: nothing is left open", async () => {
      const { graph } = await simulateStack(stack, { preview: false });
      expect(toDocument([graph])).not.to.contain("[unknown]");
    });

    it("registers the same graph in every run", async () => {
      const first = await simulateStack(stack, { preview: false });
      const second = await simulateStack(stack, { preview: false });
      expect(toDocument([second.graph])).to.equal(toDocument([first.graph]));
    });

    it("refuses the placeholders of the delivered file in a deployment, before anything is registered", async () => {
      const error = await simulateStack(stack, { preview: false, change: { "rocketchat:domain": "chat.example.com" } }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(ProgramError);
      const { cause } = error as ProgramError;
      expect(cause).to.have.property("name", "ConfigurationError");
      expect((cause as Error).message).to.contain('rocketchat:domain is "chat.example.com"');
    });
  });
}
