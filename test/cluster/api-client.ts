/** The few requests of the Kubernetes API that the cluster test needs, over node's own HTTP client. */
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type Json, type JsonObject, type Manifest, isObject, listAt, nameOf, objectAt, textAt } from "./json";

/** Where the API server is, and how to be let in. */
export interface Endpoint {
  readonly url: string;
  readonly token?: string;
  /** PEM of the certificate authority that signed the server's certificate. */
  readonly ca?: string;
}

/** The API server's refusal, with its own words. */
export class ApiRejection extends Error {
  constructor(
    message: string,
    readonly code: number,
    readonly reason: string,
  ) {
    super(message);
  }
}

interface Answer {
  readonly body: Json;
  /** Warnings of the API server: deprecated versions, Pod Security in warn mode, unknown annotations. */
  readonly warnings: readonly string[];
}

interface ApiResource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Which objects of a kind: those of one namespace, or all. */
interface Scope {
  readonly namespace?: string;
  readonly labelSelector?: string;
}

/** The name under which the test's applies are recorded in `managedFields`; Pulumi's provider uses one of its own as well. */
const FIELD_MANAGER = "pulumi-kubernetes";

/** How long a server that asks for patience gets it. */
const BUSY_SECONDS = 20;

export class ApiClient {
  private readonly agent: HttpAgent | HttpsAgent;
  private readonly discovered = new Map<string, ApiResource>();

  constructor(private readonly endpoint: Endpoint) {
    this.agent = endpoint.url.startsWith("https:") ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  /** Ends kept connections. */
  close(): void {
    this.agent.destroy();
  }

  /**
   * One request with a JSON answer.
   * @throws ApiRejection for every status of 400 and above.
   */
  async request(method: string, path: string, body?: Json, contentType = "application/json"): Promise<Answer> {
    const { status, text, warnings } = await this.sendPatiently(
      method,
      path,
      body === undefined ? undefined : JSON.stringify(body),
      contentType,
    );
    const parsed = parseAnswer(text);
    if (status >= 400) {
      const plain = text.trim() === "" ? `status ${status}` : text.trim();
      throw new ApiRejection(textAt(parsed, "message") ?? plain, status, textAt(parsed, "reason") ?? "");
    }
    return { body: parsed, warnings };
  }

  /** Whether the server knows the kind. */
  async knows(apiVersion: string, kind: string): Promise<boolean> {
    return (await this.resourceOf(apiVersion, kind)) !== undefined;
  }

  /** The path of one object. */
  async pathOf(manifest: Manifest): Promise<string> {
    return `${await this.collectionPath(manifest.apiVersion, manifest.kind, textAt(manifest, "metadata", "namespace"))}/${nameOf(manifest)}`;
  }

  /** Server-side apply with strict field validation, as Pulumi's provider does it; `dryRun` lets every admission step judge without storing. */
  async apply(manifest: Manifest, options: { readonly dryRun?: boolean; readonly force?: boolean } = {}): Promise<Answer> {
    const query = new URLSearchParams({ fieldManager: FIELD_MANAGER, fieldValidation: "Strict", force: String(options.force ?? false) });
    if (options.dryRun === true) query.set("dryRun", "All");
    return this.request("PATCH", `${await this.pathOf(manifest)}?${query.toString()}`, manifest, "application/apply-patch+yaml");
  }

  /** Creates an object; with `dryRun` only asks whether it could be. */
  async create(manifest: Manifest, dryRun = false): Promise<Answer> {
    const path = await this.collectionPath(manifest.apiVersion, manifest.kind, textAt(manifest, "metadata", "namespace"));
    return this.request("POST", `${path}?fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`, manifest);
  }

  /** The object, undefined when there is none. */
  async get(apiVersion: string, kind: string, name: string, namespace?: string): Promise<Manifest | undefined> {
    try {
      return (await this.request("GET", `${await this.collectionPath(apiVersion, kind, namespace)}/${name}`)).body as Manifest;
    } catch (error) {
      if (error instanceof ApiRejection && error.code === 404) return undefined;
      throw error;
    }
  }

  /** All objects of a kind in a scope; none when the server does not know the kind. */
  async list(apiVersion: string, kind: string, scope: Scope = {}): Promise<readonly Manifest[]> {
    if (!(await this.knows(apiVersion, kind))) return [];
    const query = scope.labelSelector === undefined ? "" : `?labelSelector=${encodeURIComponent(scope.labelSelector)}`;
    const { body } = await this.request("GET", `${await this.collectionPath(apiVersion, kind, scope.namespace)}${query}`);
    // The items of a list carry neither apiVersion nor kind.
    return listAt(body, "items").map((item) => ({ ...(item as JsonObject), apiVersion, kind, metadata: objectAt(item, "metadata") }));
  }

  /** Merge patch of an object or of one of its subresources. */
  async patch(target: Manifest, change: JsonObject, subresource?: "status" | "scale"): Promise<void> {
    const path = `${await this.pathOf(target)}${subresource === undefined ? "" : `/${subresource}`}`;
    await this.request("PATCH", `${path}?fieldManager=cluster-test`, change, "application/merge-patch+json");
  }

  /** Deletes an object; one that is gone already is no error. */
  async delete(target: Manifest): Promise<void> {
    try {
      await this.request("DELETE", `${await this.pathOf(target)}?propagationPolicy=Background`);
    } catch (error) {
      if (!(error instanceof ApiRejection && error.code === 404)) throw error;
    }
  }

  /** The path of all objects of a kind in a namespace, or in all. @throws ApiRejection when the server has no such kind. */
  private async collectionPath(apiVersion: string, kind: string, namespace?: string): Promise<string> {
    const resource = await this.resourceOf(apiVersion, kind);
    if (resource === undefined) throw new ApiRejection(`no matches for kind "${kind}" in version "${apiVersion}"`, 404, "NotFound");
    const root = groupPath(apiVersion);
    return resource.namespaced && namespace !== undefined
      ? `${root}/namespaces/${namespace}/${resource.plural}`
      : `${root}/${resource.plural}`;
  }

  /** Whether objects of the kind live in namespaces. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean> {
    return (await this.resourceOf(apiVersion, kind))?.namespaced ?? false;
  }

  private async resourceOf(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    const known = this.discovered.get(`${apiVersion}/${kind}`);
    if (known !== undefined) return known;
    const list = await this.request("GET", groupPath(apiVersion)).catch((error: unknown) => {
      if (error instanceof ApiRejection && error.code === 404) return undefined;
      throw error;
    });
    for (const resource of listAt(list?.body, "resources")) {
      const plural = textAt(resource, "name") ?? "";
      if (plural.includes("/")) continue;
      const found = { plural, namespaced: objectAt(resource)["namespaced"] === true };
      this.discovered.set(`${apiVersion}/${textAt(resource, "kind") ?? ""}`, found);
    }
    return this.discovered.get(`${apiVersion}/${kind}`);
  }

  /** A kind that was defined a moment ago answers 429, "storage is (re)initializing". */
  private async sendPatiently(method: string, path: string, body: string | undefined, contentType: string): Promise<RawAnswer> {
    const end = Date.now() + BUSY_SECONDS * 1000;
    for (;;) {
      const answer = await this.send(method, path, body, contentType);
      if (answer.status !== 429 || Date.now() > end) return answer;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  private send(method: string, path: string, body: string | undefined, contentType: string): Promise<RawAnswer> {
    const { url, token, ca } = this.endpoint;
    const headers: Record<string, string> = { accept: "application/json" };
    if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = contentType;
    const options = { method, headers, agent: this.agent, ...(ca === undefined ? {} : { ca }) };
    return new Promise((resolve, reject) => {
      const open = url.startsWith("https:") ? httpsRequest : httpRequest;
      const request = open(new URL(path, url), options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const warnings = parseWarnings(response.headers["warning"]);
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8"), warnings });
        });
      });
      request.setTimeout(60_000, () => request.destroy(new Error(`${method} ${path}: no answer within 60 s`)));
      request.on("error", reject);
      request.end(body);
    });
  }
}

interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly warnings: readonly string[];
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function parseAnswer(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) || Array.isArray(value) ? (value as Json) : {};
  } catch {
    return {};
  }
}

/** `299 - "text", 299 - "text"` as RFC 7234 writes warnings. */
function parseWarnings(header: string | undefined): readonly string[] {
  return [...(header ?? "").matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? "").replaceAll('\\"', '"'));
}
