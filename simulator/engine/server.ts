import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

import type { SimulatedCloud } from "../cloud";
import { constructServer, type ConstructServer } from "./construct";
import { Lifecycle } from "./lifecycle";
import type { LiveCluster } from "./live-cluster";

/** Packages that one server answers for; the engine attaches to it by their names. */
export const packages = ["aws", "azure-native", "eks", "kubernetes", "random"] as const;

/** Newer than any SDK asks for, so that no version is ever too old. */
const version = "999.0.0";

/** A running provider server. */
export interface ProviderServer {
  readonly port: number;
  readonly close: () => void;
}

/**
 * Starts a server that speaks Pulumi's provider protocol on loopback and answers for all packages from the simulator's table, so that the real
 * engine runs the program against simulated clouds.
 */
export async function startProviderServer(cloud: SimulatedCloud, region: string, cluster?: LiveCluster): Promise<ProviderServer> {
  const components = await constructServer(cluster?.kubeconfig);
  const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  server.addService(ResourceProviderService, implementation(new Lifecycle(cloud, region, cluster), components));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

type Wire = Readonly<Record<string, unknown>>;

function wire(struct: Struct | undefined): Wire {
  return struct?.toJavaScript() ?? {};
}

function struct(value: Wire): Struct {
  return Struct.fromJavaScript(value as Record<string, JavaScriptValue>);
}

/** Type and name out of a URN: the engine sends both since 3.100, and every engine the URN. */
function resourceOf(urn: string): { urn: string; type: string; name: string } {
  const parts = urn.split("::");
  return { urn, type: parts[2]?.split("$").at(-1) ?? "", name: parts.slice(3).join("::") };
}

/**
 * A method that answers from its request; what it throws is the cloud's own message. The engine keeps a connection to each provider of a stack,
 * so the peer tells which of them asks.
 */
function answer<Request, Response>(
  respond: (request: Request, peer: string) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then((request) => respond(request, call.getPeer()))
      .then(
        (response) => callback(null, response),
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          callback({ code: grpc.status.UNKNOWN, message, details: message });
        },
      );
  };
}

function implementation(lifecycle: Lifecycle, components: ConstructServer): grpc.UntypedServiceImplementation {
  const settings = new Map<string, Wire>();
  return {
    handshake: answer((request: protocol.ProviderHandshakeRequest) => {
      components.useEngine(request.getEngineAddress());
      const response = new protocol.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setAcceptResources(true);
      response.setAcceptOutputs(true);
      return response;
    }),
    attach: answer((request: plugin.PluginAttach) => {
      components.useEngine(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: answer(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(version);
      return info;
    }),
    getSchema: answer(() => {
      const response = new protocol.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    checkConfig: answer((request: protocol.CheckRequest) => checked(wire(request.getNews()), [])),
    diffConfig: answer((request: protocol.DiffRequest) => diffConfig(wire(request.getOldInputs()), wire(request.getNews()))),
    configure: answer((request: protocol.ConfigureRequest, peer) => {
      settings.set(peer, wire(request.getArgs()));
      const response = new protocol.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setAcceptresources(true);
      response.setAcceptoutputs(true);
      return response;
    }),
    check: answer((request: protocol.CheckRequest) => {
      const { type, name } = resourceOf(request.getUrn());
      const { inputs, failures } = lifecycle.check(
        type,
        name,
        wire(request.getOlds()),
        wire(request.getNews()),
        request.getRandomseed_asU8(),
      );
      return checked(inputs, failures);
    }),
    diff: answer((request: protocol.DiffRequest, peer) => {
      const { type, name } = resourceOf(request.getUrn());
      return diffResponse(lifecycle.diff(type, name, wire(request.getOldInputs()), wire(request.getNews()), settings.get(peer)));
    }),
    create: answer(async (request: protocol.CreateRequest) => {
      const { urn, type, name } = resourceOf(request.getUrn());
      const { id, outputs } = await lifecycle.create(urn, type, name, wire(request.getProperties()), request.getPreview());
      const response = new protocol.CreateResponse();
      response.setId(id);
      response.setProperties(struct(outputs));
      return response;
    }),
    read: answer((request: protocol.ReadRequest) => {
      const response = new protocol.ReadResponse();
      if (!lifecycle.exists(resourceOf(request.getUrn()).type, request.getId())) return response;
      response.setId(request.getId());
      response.setProperties(request.getProperties());
      response.setInputs(request.getInputs());
      return response;
    }),
    update: answer(async (request: protocol.UpdateRequest) => {
      const { type } = resourceOf(request.getUrn());
      const response = new protocol.UpdateResponse();
      const outputs = await lifecycle.update(type, request.getId(), wire(request.getOlds()), wire(request.getNews()), request.getPreview());
      response.setProperties(struct(outputs));
      return response;
    }),
    delete: answer(async (request: protocol.DeleteRequest) => {
      await lifecycle.delete(resourceOf(request.getUrn()).type, request.getId());
      return new Empty();
    }),
    invoke: answer((request: protocol.InvokeRequest) => {
      const response = new protocol.InvokeResponse();
      response.setReturn(struct(lifecycle.invoke(request.getTok(), wire(request.getArgs()))));
      return response;
    }),
    construct: components.construct,
    call: components.call,
    cancel: answer(() => new Empty()),
    getMapping: answer(() => new protocol.GetMappingResponse()),
    getMappings: answer(() => new protocol.GetMappingsResponse()),
  };
}

function checked(inputs: Wire, failures: readonly { readonly property: string; readonly reason: string }[]): protocol.CheckResponse {
  const response = new protocol.CheckResponse();
  response.setInputs(struct(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new protocol.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

/**
 * Another cluster means another provider, and everything on it made again. The real provider knows its cluster by `clusterIdentifier`, and by
 * the kubeconfig where that is missing: https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/provider.go
 */
function diffConfig(olds: Wire, news: Wire): protocol.DiffResponse {
  const identity = olds["clusterIdentifier"] === undefined ? "kubeconfig" : "clusterIdentifier";
  const other = JSON.stringify(olds[identity]) !== JSON.stringify(news[identity]);
  const response = new protocol.DiffResponse();
  const same = JSON.stringify(olds) === JSON.stringify(news);
  response.setChanges(same ? protocol.DiffResponse.DiffChanges.DIFF_NONE : protocol.DiffResponse.DiffChanges.DIFF_SOME);
  if (other) response.setReplacesList([identity]);
  return response;
}

const kinds = {
  add: [protocol.PropertyDiff.Kind.ADD, protocol.PropertyDiff.Kind.ADD_REPLACE],
  delete: [protocol.PropertyDiff.Kind.DELETE, protocol.PropertyDiff.Kind.DELETE_REPLACE],
  update: [protocol.PropertyDiff.Kind.UPDATE, protocol.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

function diffResponse({ changes, deleteBeforeReplace }: ReturnType<Lifecycle["diff"]>): protocol.DiffResponse {
  const response = new protocol.DiffResponse();
  const replacing = changes.filter(({ replaces }) => replaces);
  response.setChanges(changes.length === 0 ? protocol.DiffResponse.DiffChanges.DIFF_NONE : protocol.DiffResponse.DiffChanges.DIFF_SOME);
  response.setDiffsList([...new Set(changes.map(({ path }) => path.split(/[.[]/)[0] ?? path))]);
  response.setReplacesList([...new Set(replacing.map(({ path }) => path.split(/[.[]/)[0] ?? path))]);
  response.setDeletebeforereplace(replacing.length > 0 && deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const { path, change, replaces } of changes) {
    const detail = new protocol.PropertyDiff();
    detail.setKind(kinds[change][replaces ? 1 : 0]);
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}
