import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";

import { EksClusterComponent } from "./eks-component";

/** The part of a provider server that builds remote components. */
export interface ConstructServer {
  readonly construct: grpc.UntypedHandleCall;
  readonly call: grpc.UntypedHandleCall;
  /** Tells it where the engine listens; a component registers its children there. */
  readonly useEngine: (address: string) => void;
}

function provider(kubeconfig: string | undefined): pulumi.provider.Provider {
  return {
    version: "999.0.0",
    construct: (name, type, inputs, options) => {
      if (type !== "eks:index:Cluster") return Promise.reject(new Error(`the simulator does not know the component ${type}`));
      const { urn, kubeconfigJson, eksCluster } = new EksClusterComponent(name, inputs, options, kubeconfig);
      return Promise.resolve({ urn, state: { kubeconfigJson, eksCluster } });
    },
    call: (token) => Promise.reject(new Error(`the simulator does not know the method ${token}`)),
  };
}

/**
 * Takes `construct` and `call` from Pulumi's own provider server: they rebuild inputs with their secrets and dependencies, and wait for the
 * children. The SDK starts that server itself and hands it to nobody, so its start is intercepted.
 */
export async function constructServer(kubeconfig?: string): Promise<ConstructServer> {
  const prototype = grpc.Server.prototype as unknown as Record<"addService" | "bindAsync", (...args: never[]) => unknown>;
  const { addService, bindAsync } = prototype;
  const log = console.log;
  const captured: { server?: grpc.UntypedServiceImplementation & { engineAddr?: string } } = {};
  prototype.addService = (...[, implementation]: unknown[]) => void (captured.server = implementation as grpc.UntypedServiceImplementation);
  prototype.bindAsync = (...[, , done]: unknown[]) => (done as (error: null, port: number) => void)(null, 0);
  console.log = () => undefined; // It prints its port.
  try {
    await pulumi.provider.main(provider(kubeconfig), []);
  } finally {
    Object.assign(prototype, { addService, bindAsync });
    console.log = log;
  }
  const { server } = captured;
  if (server === undefined) throw new Error("Pulumi's provider server did not start as expected: was @pulumi/pulumi upgraded?");
  const method = (name: "construct" | "call"): grpc.UntypedHandleCall => {
    const handler = server[name];
    if (handler === undefined) throw new Error(`Pulumi's provider server has no method ${name}: was @pulumi/pulumi upgraded?`);
    return handler.bind<grpc.UntypedHandleCall>(server);
  };
  return { construct: method("construct"), call: method("call"), useEngine: (address) => void (server.engineAddr = address) };
}
