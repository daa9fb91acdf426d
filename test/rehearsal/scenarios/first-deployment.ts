import { shown, type Scenario } from "../stage";

/** What an operator sees on the first day. */
export const firstDeployment: Scenario = {
  name: "first-deployment",
  description: "A preview, a deployment, and a second preview that has nothing left to do",
  async play(stage) {
    const preview = await stage.preview("preview of an empty stack");
    const planned = preview.steps.filter(({ op }) => op !== "create");
    stage.promise("the preview only creates", planned.length === 0, planned.map(shown));

    const up = await stage.up("first deployment");
    stage.promise(
      "the deployment makes what the preview planned, and children of remote components",
      up.steps.length >= preview.steps.length,
    );
    for (const name of ["url", "admin", "grafana", "clusterName", "kubeconfig", "network"]) {
      stage.promise(`the stack has the output ${name}`, up.outputs[name] !== undefined);
    }
    stage.promise(
      "the chat's address is the configured domain",
      up.outputs["url"] === `https://${stage.file.config["rocketchat:domain"] ?? ""}`,
      up.outputs["url"],
    );

    stage.promiseNothing(await stage.preview("second preview"));
    stage.promiseNothing(await stage.up("second deployment"));
  },
};
