import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { LocalWorkspace, PulumiCommand, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import program from "../../index";
import { SimulatedCloud } from "../../simulator/cloud";
import type { LiveCluster } from "../../simulator/engine/live-cluster";
import { ErrorListeners } from "../../simulator/engine/error-listeners";
import { packages, startProviderServer, type ProviderServer } from "../../simulator/engine/server";
import { regionOf } from "../../simulator/simulate";
import type { StackFile } from "../../simulator/stack-files";

/** The CLI as the automation API runs it; its published type leaves the method out. */
interface Command {
  readonly run: (args: string[], folder: string, environment: Readonly<Record<string, string>>) => Promise<{ readonly stdout: string }>;
}

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** What a rehearsal runs with. */
export interface WorkspaceOptions {
  readonly cli: string;
  readonly cluster?: LiveCluster | undefined;
  readonly play?: () => Promise<Record<string, unknown>>;
}

/** What the engine did to one resource. */
export interface Step {
  readonly urn: string;
  readonly type: string;
  /** `create`, `update`, `delete`, `same`, `create-replacement`, `delete-replaced` ... */
  readonly op: string;
  /** Paths of the inputs that differ. */
  readonly diffs: readonly string[];
}

/** What came of one run of the engine. */
export interface Run {
  readonly steps: readonly Step[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly seconds: number;
}

/** A run that the engine ended with an error: its own words. */
export class EngineError extends Error {
  override name = "EngineError";
}

/**
 * One stack of one rehearsal: the real engine on a temporary copy of the project's files with a backend of its own, and simulated clouds that
 * remember what exists from run to run. Nothing of the machine's own Pulumi, its logins included, is touched.
 */
export class Workspace {
  /** Everything that the engine printed and reported. */
  readonly log: string[] = [];

  private constructor(
    private readonly folder: string,
    readonly cloud: SimulatedCloud,
    private readonly stack: Stack,
    private readonly server: ProviderServer,
    private readonly command: Command,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /**
   * @param file configuration of the stack; a rehearsal has decided its placeholders
   * @param cli the Pulumi CLI
   * @param cluster a real cluster for the Kubernetes objects, instead of a simulated one
   * @param play the program; by default the project's own
   */
  static async open(file: StackFile, { cli, cluster, play = program }: WorkspaceOptions): Promise<Workspace> {
    const folder = mkdtempSync(join(tmpdir(), "rehearsal-"));
    const region = regionOf(file.config);
    const cloud = new SimulatedCloud(region);
    const server = await startProviderServer(cloud, region, cluster);
    const project = join(folder, "project");
    for (const part of ["project", "home", "backend", "cli", "cli/bin"]) mkdirSync(join(folder, part));
    symlinkSync(cli, join(folder, "cli", "bin", "pulumi"));
    // The engine wants to see the program's file; the program itself runs in this process.
    for (const name of ["Pulumi.yaml", "index.ts"]) copyFileSync(name, join(project, name));
    const command = await PulumiCommand.get({ root: join(folder, "cli"), skipVersionCheck: true });
    const environment = {
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "rehearsal",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
      PULUMI_DEBUG_PROVIDERS: packages
        // Where the real plugin is on PATH, the engine starts it, and it gets the real cluster's kubeconfig from the simulated cloud.
        .filter((name) => name !== "kubernetes" || cluster === undefined || !isOnPath("pulumi-resource-kubernetes"))
        .map((name) => `${name}:${server.port}`)
        .join(","),
    };
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: file.stack, projectName: file.project, program: play },
      { workDir: project, pulumiCommand: command, envVars: environment },
    );
    const workspace = new Workspace(folder, cloud, stack, server, command as unknown as Command, environment);
    await workspace.configure(file);
    return workspace;
  }

  /** Gives the stack another configuration, as an edit of its file would. */
  async configure(file: StackFile): Promise<void> {
    const values = Object.entries(file.config).map(([key, value]) => [key, { value, secret: file.secretKeys.includes(key) }] as const);
    await this.stack.setAllConfig(Object.fromEntries(values));
  }

  /** `pulumi preview`. */
  preview(): Promise<Run> {
    return this.run((options) => this.stack.preview(options));
  }

  /** `pulumi up`. */
  up(): Promise<Run> {
    return this.run((options) => this.stack.up(options));
  }

  /** `pulumi destroy`, which shows what it would do before it does it. */
  async destroy(): Promise<Run> {
    await this.run((options) => this.stack.previewDestroy(options));
    return this.run((options) => this.stack.destroy(options));
  }

  /** Everything in which a secret must not be found: state, the backend's files, configuration, and all that the engine printed and reported. */
  async traces(): Promise<Readonly<Record<string, string>>> {
    const files = (part: string): [string, string][] =>
      readdirSync(join(this.folder, part), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [`${part}/${entry.name}`, readFileSync(join(entry.parentPath, entry.name), "utf8")]);
    // Not the automation API's export, which opens the secrets on purpose.
    const { stdout: state } = await this.command.run(
      ["stack", "export", "--stack", this.stack.name],
      this.stack.workspace.workDir,
      this.environment,
    );
    return {
      ...Object.fromEntries([...files("backend"), ...files("project")]),
      "exported state": state,
      "output and events": this.log.join("\n"),
    };
  }

  /** Ends the rehearsal and removes what it left on the disk. */
  close(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(
    start: (options: { onOutput: (text: string) => void; onEvent: (event: EngineEvent) => void }) => Promise<unknown>,
  ): Promise<Run> {
    const steps: Step[] = [];
    const errors: string[] = [];
    const began = performance.now();
    const listeners = new ErrorListeners();
    try {
      await start({
        onOutput: (text) => void this.log.push(text),
        onEvent: (event) => {
          // What the SDK says to the engine for debugging holds everything in plain text; it is shown and kept only where somebody asks for it.
          if ((event.diagnosticEvent?.severity as string | undefined) === "debug") return;
          this.log.push(JSON.stringify(event));
          const metadata = event.resourcePreEvent?.metadata;
          if (metadata !== undefined) {
            steps.push({ urn: metadata.urn, type: metadata.type, op: metadata.op, diffs: Object.keys(metadata.detailedDiff ?? {}) });
          }
          const diagnostic = event.diagnosticEvent;
          if (diagnostic?.severity === "error") errors.push(`${diagnostic.urn ?? ""} ${diagnostic.message}`.trim());
        },
      });
    } catch (error) {
      throw new EngineError(errors.length > 0 ? errors.join("\n") : (error as Error).message);
    } finally {
      // The engine does not wait for a program whose run it has given up, and such a program may wait for ever.
      for (let tries = 0; listeners.areMore && tries < 20; tries += 1) await setTimeout(100);
      listeners.dropNew();
    }
    const seconds = (performance.now() - began) / 1000;
    const outputs = Object.fromEntries(Object.entries(await this.stack.outputs()).map(([key, { value }]) => [key, value as unknown]));
    return { steps, outputs, seconds };
  }
}
