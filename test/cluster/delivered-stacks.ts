/** The delivered stacks as simulated deployments, with what their Secrets hold: a graph hides it, and references to its keys could not be judged. */
import * as pulumi from "@pulumi/pulumi";
import program from "../../index";
import { type ResourceGraph, toDocument } from "../../simulator/graph";
import { simulate } from "../../simulator/simulate";
import { decidedStack, stacks } from "../support/simulated";

const SECRET = "kubernetes:core/v1:Secret";

type Texts = Readonly<Record<string, string>>;

/** The graph document of every delivered stack. What is secret in it belongs to a simulated account, and opens nothing. */
export async function deliveredDocument(): Promise<string> {
  const graphs: ResourceGraph[] = [];
  for (const stack of stacks) {
    const found = new Map<string, pulumi.Output<Texts>>();
    const { graph } = await simulate({ ...decidedStack(stack), preview: false, program: () => listening(found) });
    const contents = new Map(await Promise.all([...found].map(async ([name, texts]) => [name, await plain(texts)] as const)));
    const resources = graph.resources.map((resource) => {
      const stringData = resource.type === SECRET ? contents.get(resource.name) : undefined;
      return stringData === undefined ? resource : { ...resource, inputs: { ...resource.inputs, stringData } };
    });
    graphs.push({ ...graph, resources });
  }
  return toDocument(graphs);
}

/** Runs the program and notes what it puts into Secrets, by the name of the resource. */
function listening(found: Map<string, pulumi.Output<Texts>>): Promise<Record<string, unknown>> {
  pulumi.runtime.registerStackTransformation(({ type, name, props }) => {
    const { stringData } = props as { readonly stringData?: pulumi.Input<Texts> };
    if (type === SECRET && stringData !== undefined) found.set(name, pulumi.output(stringData));
    return undefined;
  });
  return program();
}

function plain<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}
