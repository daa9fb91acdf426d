import { isIP } from "node:net";

import type { Failure } from "../resource-type";
import { isMap } from "../values";
import { amount } from "./formats";
import { misnamed, misnamedKeys, text, twice } from "./names";
import { holdsUnknown, itemsOf, noPort, partOf, podFailures, unknownPart } from "./pods";

/** What the API server refuses in an object of a kind, and its schema does not say. What is missing or not known yet is never judged. */
type Rule = (inputs: Part) => Failure[];
type Part = Readonly<Record<string, unknown>>;

/** https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/apis/apps/validation/validation.go */
const selectsItself: Rule = (inputs) => {
  const { selector, template } = partOf(inputs["spec"]);
  const labels = partOf(partOf(template)["metadata"])["labels"];
  const wanted = partOf(selector)["matchLabels"];
  const known = isMap(template) && ![wanted, labels, partOf(template)["metadata"]].some(holdsUnknown);
  const missed = known && Object.entries(partOf(wanted)).some(([key, value]) => partOf(labels)[key] !== value);
  return missed ? [{ property: "spec.template.metadata.labels", reason: "`selector` does not match template `labels`" }] : [];
};

/** A kind whose schema lets its `spec` be missing, and whose `spec` may not be empty. */
const specified: Rule = (inputs) => (inputs["spec"] === undefined ? [{ property: "spec", reason: "it is required" }] : []);

const emptySelector: Rule = (inputs) => {
  const { selector } = partOf(inputs["spec"]);
  return selector !== undefined && Object.keys(partOf(selector)).length === 0 && !holdsUnknown(selector)
    ? [{ property: "spec.selector", reason: "empty selector is invalid" }]
    : [];
};

const longLived = (claims = false): Rule => {
  return ({ spec: given }) => {
    const spec = partOf(given);
    return podFailures("spec.template", spec["template"], ["Always"], claims ? spec["volumeClaimTemplates"] : undefined);
  };
};

const rollout: Rule = ({ spec: given }) => {
  const spec = partOf(given);
  const { maxSurge, maxUnavailable } = partOf(partOf(spec["strategy"])["rollingUpdate"]);
  const nothing = (value: unknown): boolean => value === 0 || value === "0%";
  const [deadline, ready] = [spec["progressDeadlineSeconds"] ?? 600, spec["minReadySeconds"] ?? 0];
  return [
    ...(nothing(maxSurge) && nothing(maxUnavailable)
      ? [{ property: "spec.strategy.rollingUpdate.maxUnavailable", reason: "may not be 0 when `maxSurge` is 0" }]
      : []),
    ...(typeof deadline === "number" && typeof ready === "number" && deadline <= ready
      ? [{ property: "spec.progressDeadlineSeconds", reason: "must be greater than minReadySeconds" }]
      : []),
  ];
};

/** What is missing is `Always`, which a Job does not take. */
const jobPods: Rule = ({ spec: given }) => {
  const { template } = partOf(given);
  const { spec } = partOf(template);
  return isMap(spec) && spec["restartPolicy"] === undefined
    ? [{ property: "spec.template.spec.restartPolicy", reason: "it is required: OnFailure or Never" }]
    : podFailures("spec.template", template, ["OnFailure", "Never"]);
};

const scaling: Rule = ({ spec }) => {
  const { minReplicas, maxReplicas } = partOf(spec);
  return typeof minReplicas === "number" && typeof maxReplicas === "number" && minReplicas > maxReplicas
    ? [{ property: "spec.maxReplicas", reason: "must be greater than or equal to `minReplicas`" }]
    : [];
};

const servicePorts: Rule = ({ spec }) => {
  const ports = itemsOf(partOf(spec)["ports"]);
  return ports.flatMap(({ name, port }, index) => [
    ...misnamed(`spec.ports[${index}].name`, name, "label"),
    ...noPort(`spec.ports[${index}].port`, port),
    ...(ports.length > 1 && name === undefined && ports[index] !== unknownPart
      ? [{ property: `spec.ports[${index}].name`, reason: "it is required of more than one port" }]
      : []),
  ]);
};

const serviceTwice: Rule = ({ spec }) => {
  const ports = itemsOf(partOf(spec)["ports"]);
  const numbers = ports.map(({ port, protocol = "TCP" }) => {
    const known = text(protocol);
    return typeof port === "number" && known !== undefined ? `${port}/${known}` : undefined;
  });
  return [
    ...twice(
      "spec.ports",
      ports.map(({ name }) => text(name)),
    ),
    ...twice("spec.ports", numbers, "port"),
  ];
};

const budget: Rule = ({ spec }) => {
  const { minAvailable, maxUnavailable } = partOf(spec);
  return minAvailable !== undefined && maxUnavailable !== undefined
    ? [{ property: "spec", reason: "minAvailable and maxUnavailable cannot be both set" }]
    : [];
};

const kept: Rule = (inputs) =>
  ["data", "stringData", "binaryData"].flatMap((property) => misnamedKeys(property, inputs[property], "dataKey"));

/** What Secrets of a type have to hold: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
const secretKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

const secretType: Rule = ({ type, data, stringData }) => {
  if (holdsUnknown(data) || holdsUnknown(stringData)) return [];
  const held = Object.keys({ ...partOf(data), ...partOf(stringData) });
  const missing = (secretKeys[text(type) ?? ""] ?? []).filter((key) => !held.includes(key));
  return missing.map((key) => ({ property: `data["${key}"]`, reason: `it is required of a Secret of type ${String(type)}` }));
};

/** https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/apis/networking/validation/validation.go */
const policyPeers: Rule = ({ spec: given }) => {
  const spec = partOf(given);
  return (["ingress", "egress"] as const).flatMap((way) =>
    itemsOf(spec[way]).flatMap((rule, index) => {
      const [end, at] = [way === "ingress" ? "from" : "to", `spec.${way}[${index}]`];
      return [
        ...itemsOf(rule[end]).flatMap((peer, place) => peerFailures(`${at}.${end}[${place}]`, peer)),
        ...itemsOf(rule["ports"]).flatMap(({ port, endPort }, place) => [
          ...(typeof port === "string" ? misnamed(`${at}.ports[${place}].port`, port, "port") : noPort(`${at}.ports[${place}].port`, port)),
          ...(typeof port === "number" && typeof endPort === "number" && endPort < port
            ? [{ property: `${at}.ports[${place}].endPort`, reason: "must be greater than or equal to `port`" }]
            : []),
        ]),
      ];
    }),
  );
};

function peerFailures(at: string, peer: Part): Failure[] {
  if (peer === unknownPart) return [];
  if (Object.keys(peer).length === 0) return [{ property: at, reason: "must specify a peer" }];
  const { ipBlock, ...selectors } = peer;
  if (ipBlock === undefined) return [];
  if (Object.keys(selectors).length > 0) return [{ property: at, reason: "may not specify both ipBlock and another peer" }];
  const { cidr, except } = partOf(ipBlock);
  const excepted = Array.isArray(except) ? except.map((range: unknown, index) => ({ property: `except[${index}]`, range })) : [];
  return [{ property: "cidr", range: cidr }, ...excepted].flatMap(({ property, range }) => {
    const known = text(range);
    return known === undefined || isRange(known) ? [] : [{ property: `${at}.ipBlock.${property}`, reason: `"${known}" is no CIDR` }];
  });
}

function isRange(range: string): boolean {
  const [address = "", length, more] = range.split("/");
  const family = isIP(address);
  return family !== 0 && more === undefined && /^\d{1,3}$/.test(length ?? "") && Number(length) <= (family === 4 ? 32 : 128);
}

/** Whether a list is missing or empty. */
function lacks(holder: Part, property: string): boolean {
  return holder !== unknownPart && !holdsUnknown(holder[property]) && itemsOf(holder[property]).length === 0;
}

/** https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/apis/rbac/validation/validation.go */
const roleRules =
  (scope: "namespaced" | "cluster"): Rule =>
  ({ rules }) =>
    itemsOf(rules).flatMap((rule, index) => {
      const urls = itemsOf(rule["nonResourceURLs"]).length > 0;
      const others = urls || holdsUnknown(rule["nonResourceURLs"]);
      const required = others ? [] : ["apiGroups", "resources"];
      const empty = Array.isArray(rule["verbs"]) && rule["verbs"].length === 0 ? ["verbs"] : [];
      return [
        ...[...empty, ...required.filter((property) => lacks(rule, property))].map((property) => ({
          property: `rules[${index}].${property}`,
          reason: "it is required",
        })),
        ...(urls && scope === "namespaced"
          ? [{ property: `rules[${index}].nonResourceURLs`, reason: "namespaced rules cannot apply to non-resource URLs" }]
          : []),
      ];
    });

const binding =
  (roles: readonly string[]): Rule =>
  ({ roleRef, subjects }) => {
    const kind = text(partOf(roleRef)["kind"]);
    return [
      ...(kind === undefined || roles.includes(kind)
        ? []
        : [{ property: "roleRef.kind", reason: `"${kind}" must be ${roles.join(" or ")}` }]),
      ...itemsOf(subjects).flatMap((subject, index) => {
        const of = text(subject["kind"]);
        const at = `subjects[${index}]`;
        if (of !== undefined && !["ServiceAccount", "User", "Group"].includes(of))
          return [{ property: `${at}.kind`, reason: `"${of}" must be ServiceAccount, User or Group` }];
        return of === "ServiceAccount" && subject["namespace"] === undefined
          ? [{ property: `${at}.namespace`, reason: "it is required" }]
          : [];
      }),
    ];
  };

const priority: Rule = ({ metadata, value }) => [
  ...(text(partOf(metadata)["name"])?.startsWith("system-") === true
    ? [{ property: "metadata.name", reason: 'names with the prefix "system-" are reserved' }]
    : []),
  ...(typeof value === "number" && value > 1_000_000_000
    ? [{ property: "value", reason: "maximum allowed value of a user defined priority is 1000000000" }]
    : []),
];

const claim: Rule = ({ spec }) => {
  if (!isMap(spec)) return [];
  const storage = partOf(partOf(spec["resources"])["requests"])["storage"];
  const size = amount(storage);
  const absent = storage === undefined && !holdsUnknown(spec["resources"]);
  return [
    ...(lacks(spec, "accessModes") ? [{ property: "spec.accessModes", reason: "at least 1 access mode is required" }] : []),
    ...(absent ? [{ property: "spec.resources.requests.storage", reason: "it is required" }] : []),
    ...(size !== undefined && size <= 0 ? [{ property: "spec.resources.requests.storage", reason: "must be greater than zero" }] : []),
  ];
};

/** From least to most: https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/apis/core/validation/validation.go */
const bounds = ["min", "defaultRequest", "default", "max"] as const;

const limitRange: Rule = ({ spec }) =>
  itemsOf(partOf(spec)["limits"]).flatMap((limit, index) =>
    bounds.slice(1).flatMap((upper, place) =>
      bounds.slice(0, place + 1).flatMap((lower) =>
        Object.entries(partOf(limit[lower])).flatMap(([resource, value]) => {
          const [least, most] = [amount(value), amount(partOf(limit[upper])[resource])];
          return least !== undefined && most !== undefined && least > most
            ? [{ property: `spec.limits[${index}].${lower}.${resource}`, reason: `must be at most ${upper}` }]
            : [];
        }),
      ),
    ),
  );

/** https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
const podSecurity: Rule = ({ metadata }) =>
  Object.entries(partOf(partOf(metadata)["labels"])).flatMap(([key, value]) => {
    const level = text(value);
    return level === undefined ||
      !/^pod-security\.kubernetes\.io\/(enforce|audit|warn)$/.test(key) ||
      /^(privileged|baseline|restricted)$/.test(level)
      ? []
      : [{ property: `metadata.labels["${key}"]`, reason: "must be one of privileged, baseline, restricted" }];
  });

/** The rules of each kind. */
export const rules: Readonly<Record<string, readonly Rule[]>> = {
  "kubernetes:apps/v1:DaemonSet": [specified, emptySelector, selectsItself, longLived()],
  "kubernetes:apps/v1:Deployment": [specified, emptySelector, selectsItself, longLived(), rollout],
  "kubernetes:apps/v1:StatefulSet": [specified, emptySelector, selectsItself, longLived(true)],
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": [scaling],
  "kubernetes:batch/v1:Job": [specified, jobPods],
  "kubernetes:core/v1:ConfigMap": [kept],
  "kubernetes:core/v1:LimitRange": [specified, limitRange],
  "kubernetes:core/v1:Namespace": [podSecurity],
  "kubernetes:core/v1:PersistentVolumeClaim": [specified, claim],
  "kubernetes:core/v1:Secret": [kept, secretType],
  "kubernetes:core/v1:Service": [servicePorts, serviceTwice],
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": [policyPeers],
  "kubernetes:policy/v1:PodDisruptionBudget": [budget],
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": [roleRules("cluster")],
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": [binding(["ClusterRole"])],
  "kubernetes:rbac.authorization.k8s.io/v1:Role": [roleRules("namespaced")],
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": [binding(["Role", "ClusterRole"])],
  "kubernetes:scheduling.k8s.io/v1:PriorityClass": [priority],
};
