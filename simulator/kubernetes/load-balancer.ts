import { loadBalancerHost, loadBalancerName } from "../aws/load-balancer";
import type { Inventory, Registration, ResourceType } from "../resource-type";
import { metadataOf, namespaceOf, object, objectId, objectName, refusing, valueIn } from "./object";
import { releaseType } from "./release-type";

const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const ingressClassType = "kubernetes:networking.k8s.io/v1:IngressClass";

/** Chart of the AWS Load Balancer Controller, which keeps every Ingress of its classes until it has taken down what it made for it. */
const loadBalancerController = "aws-load-balancer-controller";

/** Whether an Ingress is of a class that the controller serves. */
function isItsOwn(ingress: Readonly<Record<string, unknown>>, inventory: Inventory): boolean {
  const name = valueIn(ingress, "spec", "ingressClassName");
  const ingressClass = typeof name === "string" ? inventory.find(ingressClassType, name) : undefined;
  return valueIn(ingressClass, "spec", "controller") === "ingress.k8s.aws/alb";
}

/** Why the controller's release cannot go yet. */
export function ingressesLost(release: Registration, inventory: Inventory): string | undefined {
  const controls = release.inputs["chart"] === loadBalancerController;
  const left = controls ? inventory.all(ingressType).filter((each) => isItsOwn(each, inventory)) : [];
  if (left.length === 0) return undefined;
  const names = left.map((inputs) => objectId({ inputs })).join(", ");
  return `the load balancer of Ingress ${names} still stands, and nobody would be left to take it down`;
}

/**
 * An Ingress of the AWS Load Balancer Controller. Its address is the controller's answer, so that no preview knows it.
 * https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/webhooks/networking/ingress_validator.go
 */
const ingress: ResourceType = {
  ...refusing(object("namespaced"), (r, inventory) => {
    const name = valueIn(r.inputs, "spec", "ingressClassName");
    const unknownClass = typeof name === "string" && inventory.find(ingressClassType, name) === undefined;
    return unknownClass ? [{ property: "spec.ingressClassName", reason: `there is no IngressClass ${name}` }] : [];
  }),
  knownAtPreview: false,
  computed: (r) => {
    const hostname = loadBalancerHost(loadBalancerName(namespaceOf(r), objectName(r)), r.region);
    return {
      metadata: { ...metadataOf(r), name: objectName(r), namespace: namespaceOf(r) },
      status: { loadBalancer: { ingress: [{ hostname }] } },
    };
  },
  // https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/pkg/ingress/model_builder.go
  refuseDeletion: (r) => {
    const attributes = valueIn(r.inputs, "metadata", "annotations", "alb.ingress.kubernetes.io/load-balancer-attributes");
    return typeof attributes === "string" && attributes.includes("deletion_protection.enabled=true")
      ? "deletion_protection is enabled, cannot delete the ingress"
      : undefined;
  },
};

/** A kind that the controller's chart brings along, and leaves behind. */
const ingressClassParams: ResourceType = {
  ...object("cluster"),
  refuse: (_, inventory) =>
    inventory.all(releaseType).some(({ chart }) => chart === loadBalancerController)
      ? []
      : [{ property: "kind", reason: 'no matches for kind "IngressClassParams" in version "elbv2.k8s.aws/v1beta1"' }],
};

export const loadBalancerTypes: Readonly<Record<string, ResourceType>> = {
  "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams": ingressClassParams,
  [ingressType]: ingress,
  [ingressClassType]: object("cluster", [], ["spec.controller"]),
};
