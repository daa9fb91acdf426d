import { digits, textInput, type Registration, type ResourceType } from "../resource-type";
import { definitionsLost, finalizersLost } from "./custom-resources";
import { ingressesLost } from "./load-balancer";
import { missingNamespace } from "./object";
import { releaseType } from "./release-type";

const releaseName = (resource: Registration): string => textInput(resource, "name", `${resource.name}-${digits(8, resource.seed)}`);

/** A Helm release, whose name is an input of its own. The API never sees it: its name and namespace are what the provider replaces it for. */
const release: ResourceType = {
  id: (r) => `${textInput(r, "namespace", "default")}/${releaseName(r)}`,
  nameProperty: "name",
  autoName: { separator: "-", digits: 8, longest: 53 },
  computed: (r) => ({
    name: releaseName(r),
    status: { status: "deployed", chart: r.inputs["chart"], version: r.inputs["version"] },
  }),
  createOnly: ["name", "namespace"],
  refuse: (r, inventory) =>
    r.inputs["createNamespace"] === true ? [] : missingNamespace(inventory, "namespace", textInput(r, "namespace", "default")),
  refuseDeletion: (r, inventory) => ingressesLost(r, inventory) ?? definitionsLost(r, inventory) ?? finalizersLost(r, inventory),
};

export const releaseTypes = { [releaseType]: release };
