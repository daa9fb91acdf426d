import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";

/** Namespace of a package's classes for each of the modules that its type tokens name. */
const modules: Readonly<Record<string, (module: string) => unknown>> = {
  aws: (module) => Reflect.get(aws, module) as unknown,
  "azure-native": (module) => import(`@pulumi/azure-native/${module}`),
  kubernetes: (module) => {
    const [group = "", version = ""] = module.split("/");
    return Reflect.get(Reflect.get(k8s, group.split(".")[0] ?? "") as object, version) as unknown;
  },
  random: () => random,
};

/**
 * The inputs that an SDK's class takes, as its constructor has them.
 *
 * @param type such as `aws:s3/bucket:Bucket`
 * @returns undefined for the types of packages whose constructors do not tell: remote components, providers and custom kinds
 */
export async function inputsOf(type: string): Promise<ReadonlySet<string> | undefined> {
  const [pkg = "", module = "", name = ""] = type.split(":");
  const load = modules[pkg];
  if (load === undefined || isCustomKind(type)) return undefined;
  // AWS names the file too: s3/bucket.
  const namespace = await load(pkg === "kubernetes" ? module : (module.split("/")[0] ?? module));
  const sdkClass: unknown = Reflect.get(namespace as object, name);
  if (typeof sdkClass !== "function") throw new Error(`the SDK has no class for ${type}`);
  const inputs = [...String(sdkClass).matchAll(/resourceInputs\["(\w+)"\] = [^;]*\bargs\b/g)].map(([, input]) => input ?? "");
  if (inputs.length === 0) throw new Error(`the constructor of ${type} reads otherwise: was its SDK upgraded?`);
  return new Set(inputs);
}

/** Kinds that a controller brings along, whose definitions lie in its chart and not in the SDK: their groups are domains of their own. */
function isCustomKind(type: string): boolean {
  const group = /^kubernetes:([^/]+)\//.exec(type)?.[1] ?? "";
  return group.includes(".") && !group.endsWith(".k8s.io") && group !== "helm.sh";
}
