import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";

import { EksClusterComponent } from "./eks-component";
import { ErrorListeners } from "./error-listeners";

/** The part of a provider server that builds remote components. */
export interface ConstructServer {
  readonly construct: grpc.UntypedHandleCall;
  readonly call: grpc.UntypedHandleCall;
  /** Tells it where the engine listens; a component registers its children there. */
  readonly useEngine: (address: string) => void;
}

/** Kubeconfig of the real cluster, if any, that the components of this process hand out. */
let liveKubeconfig: string | undefined;

const provider: pulumi.provider.Provider = {
  version: "999.0.0",
  construct: (name, type, inputs, options) => {
    if (type !== "eks:index:Cluster") return Promise.reject(new Error(`the simulator does not know the component ${type}`));
    const { urn, kubeconfigJson, eksCluster } = new EksClusterComponent(name, inputs, options, liveKubeconfig);
    return Promise.resolve({ urn, state: { kubeconfigJson, eksCluster } });
  },
  call: (token) => Promise.reject(new Error(`the simulator does not know the method ${token}`)),
};

type SdkServer = grpc.UntypedServiceImplementation & { engineAddr?: string };

/** Pulumi's own provider server starts once in a process. */
let captured: Promise<SdkServer> | undefined;

/**
 * Takes `construct` and `call` from Pulumi's own provider server: they rebuild inputs with their secrets and dependencies, and wait for the
 * children.
 *
 * @param kubeconfig of a real cluster, which components then hand out; it holds for all servers of this process
 */
export async function constructServer(kubeconfig?: string): Promise<ConstructServer> {
  liveKubeconfig = kubeconfig;
  captured ??= captureServer();
  const server = await captured;
  const method = (name: "construct" | "call"): grpc.UntypedHandleCall => {
    const handler = server[name];
    if (handler === undefined) throw new Error(`Pulumi's provider server has no method ${name}: was @pulumi/pulumi upgraded?`);
    return handler.bind<grpc.UntypedHandleCall>(server);
  };
  return { construct: method("construct"), call: method("call"), useEngine: (address) => void (server.engineAddr = address) };
}

/** The SDK starts the server itself and hands it to nobody, so its start is intercepted. */
async function captureServer(): Promise<SdkServer> {
  const prototype = grpc.Server.prototype as unknown as Record<"addService" | "bindAsync", (...args: never[]) => unknown>;
  const { addService, bindAsync } = prototype;
  const log = console.log;
  const errors = new ErrorListeners();
  const found: { server?: SdkServer } = {};
  prototype.addService = (...[, implementation]: unknown[]) => void (found.server = implementation as SdkServer);
  prototype.bindAsync = (...[, , done]: unknown[]) => (done as (error: null, port: number) => void)(null, 0);
  console.log = () => undefined; // It prints its port.
  try {
    await pulumi.provider.main(provider, []);
  } finally {
    Object.assign(prototype, { addService, bindAsync });
    console.log = log;
  }
  // It also takes every error of the process for its own, which here belong to the program.
  errors.dropNew();
  if (found.server === undefined) throw new Error("Pulumi's provider server did not start as expected: was @pulumi/pulumi upgraded?");
  return found.server;
}
