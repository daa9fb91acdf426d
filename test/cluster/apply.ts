/** Applies a stack's Kubernetes objects to the cluster, in the worst order that their dependencies allow. */
import { ApiRejection } from "./api-client";
import { autonames } from "./autonames";
import { CertManagerStandIn } from "./certificates";
import type { Cluster } from "./control-plane";
import { type GraphResource, RELEASE_TYPE, type StackGraph, isKubernetesObject, manifestOf } from "./graph-document";
import { type Manifest, describe, isObject, nameOf, textAt, withValue } from "./json";
import { worstOrder } from "./order";
import type { Releases } from "./releases";
import type { Report } from "./report";
import { type StandIn, fillStandIns } from "./stand-ins";

export interface AppliedObject {
  readonly resource: GraphResource;
  readonly manifest: Manifest;
  /** Paths whose values were invented. */
  readonly invented: readonly string[];
}

interface ApplyOptions {
  readonly cluster: Cluster;
  readonly report: Report;
  readonly releases: Releases;
  /** Called before an object is sent: operators start here, when their namespace exists. */
  readonly before: (manifest: Manifest) => Promise<void>;
}

/**
 * Applies everything and reports each object under "accepted". An object that comes before its namespace is reported under "after its namespace"
 * and tried again at the end, so that one missing dependency does not hide what else is wrong.
 * @returns the objects that are in the cluster.
 */
export async function applyGraph(graph: StackGraph, options: ApplyOptions): Promise<readonly AppliedObject[]> {
  const names = autonames(graph);
  const applied: AppliedObject[] = [];
  const early: AppliedObject[] = [];
  const certManager = new CertManagerStandIn(options.cluster.client, options.report);
  const send = async (object: AppliedObject): Promise<void> => {
    const sent = await applyObject(object, options);
    applied.push(...sent);
    for (const { manifest } of sent) await certManager.take(manifest);
  };
  for (const resource of worstOrder(graph)) {
    if (resource.type === RELEASE_TYPE) await options.releases.install(resource);
    else if (isKubernetesObject(resource)) await applyResource(resource);
    else if (isUnjudged(resource)) options.report.notJudged("accepted", resource.name, `${resource.type} is made by the provider itself`);
  }
  for (const object of early) await send(object);
  certManager.finish();
  return applied;

  async function applyResource(resource: GraphResource): Promise<void> {
    const object = prepare(resource, names, options.report);
    const namespace = textAt(object.manifest, "metadata", "namespace");
    const { client } = options.cluster;
    if (namespace !== undefined && (await client.get("v1", "Namespace", namespace)) === undefined) {
      const words = `namespaces "${namespace}" not found: nothing makes the object wait for its namespace`;
      options.report.failed("after its namespace", describe(object.manifest), words);
      early.push(object);
    } else {
      if (namespace !== undefined) options.report.passed("after its namespace", describe(object.manifest));
      await send(object);
    }
  }
}

/** The object of a resource, with stand-ins for what the graph does not show. */
export function prepare(resource: GraphResource, names: ReadonlyMap<string, string>, report: Report): AppliedObject {
  const standIns: StandIn[] = [];
  const inputs = fillStandIns(resource.inputs, `${resource.type.split(":")[2] ?? ""} ${resource.name}`, standIns);
  report.standIns.push(...standIns);
  const manifest = manifestOf({ ...resource, inputs }, names.get(resource.urn) ?? resource.name);
  return { resource, manifest, invented: standIns.map(({ path }) => path) };
}

/** @returns the object as it is in the cluster, nothing when it is not. */
async function applyObject(
  { resource, manifest, invented }: AppliedObject,
  { cluster, report, before }: ApplyOptions,
): Promise<readonly AppliedObject[]> {
  const { client } = cluster;
  if (!(await client.knows(manifest.apiVersion, manifest.kind))) {
    report.notJudged("accepted", describe(manifest), `no definition of ${manifest.apiVersion} ${manifest.kind} is in the cluster`);
    return [];
  }
  const located = await inNamespace(manifest, cluster);
  const subject = describe(located);
  try {
    await before(located);
    if ((await client.get(located.apiVersion, located.kind, nameOf(located), textAt(located, "metadata", "namespace"))) !== undefined) {
      // The provider creates without adopting, so this is an error of `pulumi up` (pulumi-kubernetes 4.29).
      report.failed("accepted", subject, `${subject} already exists: something else has made it`);
      return [];
    }
    const { warnings } = await client.apply(located, { dryRun: isWebhook(located) });
    for (const warning of warnings) report.notes.add(`${subject}: ${warning}`);
    report.passed("accepted", subject);
  } catch (error) {
    if (!(error instanceof ApiRejection)) throw error;
    if (invented.some((path) => error.message.includes(path)))
      report.notJudged("accepted", subject, `a stand-in does not fit: ${error.message}`);
    else report.failed("accepted", subject, error.message);
    return [];
  }
  return isWebhook(located) ? [] : [{ resource, manifest: located, invented }];
}

/** A namespaced object that names no namespace goes to "default", as with the provider. */
async function inNamespace(manifest: Manifest, { client }: Cluster): Promise<Manifest> {
  const named = textAt(manifest, "metadata", "namespace") !== undefined;
  if (named || !(await client.isNamespaced(manifest.apiVersion, manifest.kind))) return manifest;
  return withValue(manifest, ["metadata", "namespace"], "default");
}

/** Registered for real, a webhook that nobody serves would refuse every later object; admission judges it without storing. */
function isWebhook(manifest: Manifest): boolean {
  return manifest.kind === "ValidatingWebhookConfiguration" || manifest.kind === "MutatingWebhookConfiguration";
}

/** Kubernetes resources that are no objects: YAML and chart components, patches. Their children, if any, are judged on their own. */
function isUnjudged(resource: GraphResource): boolean {
  return resource.type.startsWith("kubernetes:") && isObject(resource.inputs) && Object.keys(resource.inputs).length > 0;
}
