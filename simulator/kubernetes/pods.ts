import type { Failure } from "../resource-type";
import { isMap, unknownValue } from "../values";
import { amount } from "./formats";
import { misnamed, misnamedKeys, text, twice } from "./names";

/** What the API refuses in the pods of a workload, beyond their schema: https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/apis/core/validation/validation.go */

type Part = Readonly<Record<string, unknown>>;

export const partOf = (value: unknown): Part => (isMap(value) ? value : {});

/** The items of a list; none of one that is missing, unknown or no list. */
export const itemsOf = (value: unknown): Part[] =>
  Array.isArray(value) ? value.map((item) => (item === unknownValue ? unknownPart : partOf(item))) : [];

/** An item that is not known yet: of it nothing may be missed. */
export const unknownPart: Part = {};

const namesOf = (items: readonly Part[]): (string | undefined)[] => items.map(({ name }) => text(name));

const lists = ["initContainers", "containers"] as const;

/** Whether a value, or anything in it, is not known yet. */
export function holdsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isMap(value) && Object.values(value).some(holdsUnknown);
}

/**
 * @param path of the template
 * @param restart what `restartPolicy` may be
 * @param claims claims beside the template, each of which is a volume too
 */
export function podFailures(path: string, template: unknown, restart: readonly string[], claims?: unknown): Failure[] {
  const { metadata, spec: given } = partOf(template);
  const spec = partOf(given);
  const at = `${path}.spec`;
  const volumes = volumeNames(spec["volumes"], claims);
  const containers = lists.flatMap((list) =>
    itemsOf(spec[list]).map((container, index) => ({ container, where: `${at}.${list}[${index}]` })),
  );
  const policy = text(spec["restartPolicy"]);
  return [
    ...misnamedKeys(`${path}.metadata.labels`, partOf(metadata)["labels"], "labelKey", "labelValue"),
    ...misnamedKeys(`${path}.metadata.annotations`, partOf(metadata)["annotations"], "labelKey"),
    ...(policy === undefined || restart.includes(policy)
      ? []
      : [{ property: `${at}.restartPolicy`, reason: `Unsupported value: "${policy}": it must be ${restart.join(" or ")}` }]),
    ...(Array.isArray(spec["containers"]) && spec["containers"].length === 0
      ? [{ property: `${at}.containers`, reason: "it is required" }]
      : []),
    ...itemsOf(spec["volumes"]).flatMap(({ name }, index) => misnamed(`${at}.volumes[${index}].name`, name, "label")),
    ...twice(`${at}.volumes`, namesOf(itemsOf(spec["volumes"]))),
    ...lists.flatMap((list) => twice(`${at}.${list}`, namesOf(itemsOf(spec[list])))),
    ...twiceSpread(at, itemsOf(spec["topologySpreadConstraints"])),
    ...containers.flatMap(({ container, where }) => [
      ...containerFailures(where, container),
      ...lostMounts(where, container, volumes),
      ...longSleep(where, container, spec["terminationGracePeriodSeconds"] ?? 30),
    ]),
  ];
}

function containerFailures(where: string, container: Part): Failure[] {
  const ports = itemsOf(container["ports"]);
  return [
    ...misnamed(`${where}.name`, container["name"], "label"),
    ...ports.flatMap(({ name, containerPort }, index) => [
      ...misnamed(`${where}.ports[${index}].name`, name, "port"),
      ...noPort(`${where}.ports[${index}].containerPort`, containerPort),
    ]),
    ...twice(`${where}.ports`, namesOf(ports)),
    ...twice(
      `${where}.volumeMounts`,
      itemsOf(container["volumeMounts"]).map(({ mountPath }) => text(mountPath)),
      "mountPath",
    ),
    ...itemsOf(container["env"]).flatMap((variable, index) =>
      "value" in variable && "valueFrom" in variable && variable["value"] !== ""
        ? [{ property: `${where}.env[${index}].valueFrom`, reason: "may not be specified when `value` is not empty" }]
        : [],
    ),
    ...["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) => probeFailures(`${where}.${probe}`, container[probe])),
    ...aboveLimit(`${where}.resources`, partOf(container["resources"])),
  ];
}

/** Refuses a number that is no port. */
export function noPort(property: string, value: unknown): Failure[] {
  return typeof value !== "number" || (Number.isInteger(value) && value >= 1 && value <= 65535)
    ? []
    : [{ property, reason: `${value} must be between 1 and 65535` }];
}

const probeHandlers = ["exec", "grpc", "httpGet", "tcpSocket"];

function probeFailures(property: string, probe: unknown): Failure[] {
  if (!isMap(probe)) return [];
  const handlers = probeHandlers.filter((handler) => handler in probe);
  const one = handlers.length === 1 ? [] : [{ property, reason: `must have exactly one of ${probeHandlers.join(", ")}` }];
  const repeated = probe["successThreshold"];
  const once = property.endsWith("readinessProbe") || typeof repeated !== "number" || repeated === 1;
  return once ? one : [...one, { property: `${property}.successThreshold`, reason: "must be 1" }];
}

function aboveLimit(property: string, resources: Part): Failure[] {
  const limits = partOf(resources["limits"]);
  return Object.entries(partOf(resources["requests"])).flatMap(([resource, request]) => {
    const [least, most] = [amount(request), amount(limits[resource])];
    return least !== undefined && most !== undefined && least > most
      ? [
          {
            property: `${property}.requests.${resource}`,
            reason: `must be less than or equal to ${resource} limit of ${String(limits[resource])}`,
          },
        ]
      : [];
  });
}

/** Undefined where one is not known yet. */
function volumeNames(volumes: unknown, claims: unknown): readonly (string | undefined)[] | undefined {
  if (volumes === unknownValue || claims === unknownValue) return undefined;
  const names = namesOf([...itemsOf(volumes), ...itemsOf(claims).map(({ metadata }) => partOf(metadata))]);
  return names.includes(undefined) ? undefined : names;
}

function lostMounts(where: string, container: Part, volumes: readonly (string | undefined)[] | undefined): Failure[] {
  if (volumes === undefined) return [];
  return namesOf(itemsOf(container["volumeMounts"])).flatMap((name, index) =>
    name === undefined || volumes.includes(name)
      ? []
      : [{ property: `${where}.volumeMounts[${index}].name`, reason: `Not found: "${name}": there is no volume of that name` }],
  );
}

function longSleep(where: string, container: Part, grace: unknown): Failure[] {
  const { seconds } = partOf(partOf(partOf(container["lifecycle"])["preStop"])["sleep"]);
  return typeof seconds === "number" && typeof grace === "number" && (seconds < 0 || seconds > grace)
    ? [
        {
          property: `${where}.lifecycle.preStop.sleep.seconds`,
          reason: `must be non-negative and at most terminationGracePeriodSeconds (${grace})`,
        },
      ]
    : [];
}

function twiceSpread(at: string, constraints: readonly Part[]): Failure[] {
  const pairs = constraints.map(({ topologyKey, whenUnsatisfiable }) => {
    const [key, when] = [text(topologyKey), text(whenUnsatisfiable)];
    return key === undefined || when === undefined ? undefined : `{${key}, ${when}}`;
  });
  return twice(`${at}.topologySpreadConstraints`, pairs, "{topologyKey, whenUnsatisfiable}");
}
