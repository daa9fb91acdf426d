import type { Failure, Registration, ResourceType } from "../resource-type";
import { object, refusing } from "./object";

/** https://kubernetes.io/docs/concepts/configuration/secret/#secret-immutable */
function changedImmutable({ inputs, previousInputs }: Registration): Failure[] {
  if (previousInputs?.["immutable"] !== true) return [];
  const reason = "field is immutable when `immutable` is set";
  const differs = (property: string): boolean => JSON.stringify(previousInputs[property]) !== JSON.stringify(inputs[property]);
  return ["immutable", "data", "stringData", "binaryData"].filter(differs).map((property) => ({ property, reason }));
}

/**
 * A ConfigMap or a Secret. The provider replaces it for another content, unless it was told that the content may change, which it is not where the
 * object is immutable: https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go
 */
function holder(setting: string, contents: readonly string[], createOnly: readonly string[]): ResourceType {
  return {
    ...refusing(object("namespaced", createOnly), changedImmutable),
    createOnlyUnless: { setting, paths: contents, evenSo: (inputs) => inputs["immutable"] === true },
  };
}

export const dataTypes: Readonly<Record<string, ResourceType>> = {
  "kubernetes:core/v1:ConfigMap": holder("enableConfigMapMutable", ["data", "binaryData"], []),
  "kubernetes:core/v1:Secret": holder("enableSecretMutable", ["data", "stringData"], ["type"]),
};
