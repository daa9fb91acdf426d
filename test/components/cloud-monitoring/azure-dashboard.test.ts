import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { dashboardRows, type DashboardArgs } from "../../../components/cloud-monitoring/azure-dashboard";
import { chart, layOut, text } from "../../../components/cloud-monitoring/azure-tiles";

interface Placed {
  readonly position: { readonly x: number; readonly y: number; readonly colSpan: number; readonly rowSpan: number };
  readonly metadata: { readonly type: string; readonly inputs: unknown; readonly settings: { readonly content: Content } };
}
interface Content {
  readonly settings?: { readonly content: string };
  readonly options?: { readonly chart: Readonly<Record<string, unknown>> };
}

const account = (name: string) => ({ account: pulumi.output(name), blobService: pulumi.output("blobs") });
const args: DashboardArgs = {
  gatewayId: pulumi.output("gateway"),
  clusterId: pulumi.output("cluster"),
  natGatewayId: pulumi.output("nat"),
  storageAccounts: { uploads: account("acmeuploads"), backups: account("acmebackups") },
  backupVaultId: pulumi.output("/vault"),
};

/** The tiles as the portal gets them. */
const tilesOf = (change: Partial<DashboardArgs> = {}): Promise<readonly Placed[]> =>
  new Promise(
    (resolve) =>
      void pulumi.jsonStringify(layOut(dashboardRows({ ...args, ...change }))).apply((json) => resolve(JSON.parse(json) as Placed[])),
  );

const chartOf = ({ metadata }: Placed): Readonly<Record<string, unknown>> => metadata.settings.content.options?.chart ?? {};
const charts = (tiles: readonly Placed[]) => tiles.filter(({ metadata }) => metadata.type.endsWith("/MonitorChartPart"));
const words = (tiles: readonly Placed[]) => tiles.flatMap(({ metadata }) => metadata.settings.content.settings?.content ?? []);

const lines = (id: string, namespace: string) => (name: string, aggregationType: number, displayName: string) => ({
  resourceMetadata: { id },
  namespace,
  name,
  aggregationType,
  metricVisualization: { displayName },
});
const [total, maximum, average] = [1, 3, 4];
const ofGateway = lines("gateway", "Microsoft.Network/applicationGateways");
const ofCluster = lines("cluster", "Microsoft.ContainerService/managedClusters");
const ofNat = lines("nat", "Microsoft.Network/natGateways");
const ofUploads = lines("acmeuploads", "Microsoft.Storage/storageAccounts");
const ofBackups = lines("acmebackups", "Microsoft.Storage/storageAccounts");

const only = (key: string, value: string) => ({ filterCollection: { filters: [{ key, operator: 0, values: [value] }] } });
const each = (dimension: string) => ({ grouping: { dimension, sort: 2, top: 10 } });

/** What every chart shows: title, lines, and how they are filtered or divided. */
const expected: readonly (readonly [string, readonly unknown[], object])[] = [
  [
    "Requests and WebSockets",
    [ofGateway("TotalRequests", total, "Requests"), ofGateway("WebSocketActiveConnections", total, "WebSockets")],
    {},
  ],
  [
    "Errors (5xx)",
    [ofGateway("ResponseStatus", total, "All that users get"), ofGateway("BackendResponseStatus", total, "Of the chat")],
    only("HttpStatusGroup", "5xx"),
  ],
  ["Milliseconds to the chat's first byte", [ofGateway("BackendFirstByteResponseTime", average, "Average")], {}],
  ["Backends", [ofGateway("HealthyHostCount", average, "Healthy"), ofGateway("UnhealthyHostCount", average, "Unhealthy")], {}],
  ["CPU in %, by pool", [ofCluster("node_cpu_usage_percentage", average, "CPU")], each("nodepool")],
  ["Memory in %, by node", [ofCluster("node_memory_working_set_percentage", average, "Memory")], each("node")],
  ["Fullest disk in %, by node", [ofCluster("node_disk_usage_percentage", maximum, "Disk")], each("node")],
  [
    "Control plane in %",
    [
      ofCluster("apiserver_cpu_usage_percentage", average, "CPU of the API server"),
      ofCluster("apiserver_memory_usage_percentage", average, "Memory of the API server"),
      ofCluster("etcd_database_usage_percentage", maximum, "Size of etcd"),
    ],
    {},
  ],
  ["Pods, by phase", [ofCluster("kube_pod_status_phase", total, "Pods")], each("phase")],
  ["Pods that fit nowhere", [ofCluster("cluster_autoscaler_unschedulable_pods_count", average, "Unschedulable")], {}],
  ["Connections, by state", [ofNat("SNATConnectionCount", total, "Connections")], each("ConnectionState")],
  ["Bytes, by direction", [ofNat("ByteCount", total, "Bytes")], each("Direction")],
  ["Lost packets", [ofNat("PacketDropCount", total, "Packets")], {}],
  ["Availability of stores in %", [ofUploads("Availability", average, "uploads"), ofBackups("Availability", average, "backups")], {}],
  ["Bytes stored", [ofUploads("UsedCapacity", average, "uploads"), ofBackups("UsedCapacity", average, "backups")], {}],
];

describe("the dashboard on Azure", () => {
  let tiles: readonly Placed[];
  before(async () => {
    tiles = await tilesOf();
  });

  it("shows each layer from the users inwards, and where backups are", () => {
    const said = words(tiles);
    expect(said.slice(0, -1)).to.deep.equal(["## Gateway", "## Nodes", "## Kubernetes", "## NAT gateway", "## Stores and backups"]);
    expect(said.at(-1)).to.contain("(#resource/vault/backupJobs)");
  });

  it("draws what each title says", () => {
    expect(charts(tiles).map(chartOf)).to.deep.equal(
      expected.map(([title, metrics, more]) => ({
        title,
        titleKind: 2,
        metrics,
        ...more,
        visualization: {
          chartType: 2,
          legendVisualization: { isVisible: true, position: 2, hideSubtitle: true },
          axisVisualization: { x: { isVisible: true, axisType: 2 }, y: { isVisible: true, axisType: 1 } },
        },
      })),
    );
  });

  it("hands the portal what its charts ask for", () => {
    for (const { metadata } of charts(tiles)) {
      expect(metadata.type).to.equal("Extension/HubsExtension/PartType/MonitorChartPart");
      expect(metadata.inputs).to.deep.equal([
        { name: "options", isOptional: true },
        { name: "sharedTimeRange", isOptional: true },
      ]);
    }
  });

  it("says nothing of a NAT gateway where the network is not the stack's", async () => {
    const without = await tilesOf({ natGatewayId: undefined });
    expect(without).to.have.lengthOf(tiles.length - 4);
    expect(JSON.stringify(without)).to.not.include("NAT");
  });

  it("lets no two tiles overlap, and leaves no row short by more than a column for each tile", () => {
    for (const [index, { position: a }] of tiles.entries())
      for (const { position: b } of tiles.slice(index + 1))
        expect(a.x < b.x + b.colSpan && b.x < a.x + a.colSpan && a.y < b.y + b.rowSpan && b.y < a.y + a.rowSpan).to.equal(false);
    for (const y of new Set(tiles.map(({ position }) => position.y))) {
      const row = tiles.filter(({ position }) => position.y === y);
      const width = row.reduce((sum, { position }) => sum + position.colSpan, 0);
      expect(width).to.be.within(18 - row.length + 1, 18);
    }
  });

  it("needs a store to show one", () => {
    expect(() => dashboardRows({ ...args, storageAccounts: {} })).to.throw("a dashboard needs a storage account");
  });
});

describe("the tiles of a dashboard on Azure", () => {
  it("share the width of their row", () => {
    const tile = text("x");
    const placed = layOut([
      { title: "one", tiles: [tile] },
      { title: "three", tiles: [tile, tile, tile] },
    ]) as unknown as readonly Placed[];
    expect(placed.map(({ position: { x, y, colSpan, rowSpan } }) => [x, y, colSpan, rowSpan])).to.deep.equal([
      [0, 0, 18, 1],
      [0, 1, 18, 4],
      [0, 5, 18, 1],
      [0, 6, 6, 4],
      [6, 6, 6, 4],
      [12, 6, 6, 4],
    ]);
  });

  it("are text in Markdown, or charts that are filtered or divided but never both", () => {
    expect(text("## x")).to.deep.equal({
      type: "Extension/HubsExtension/PartType/MarkdownPart",
      inputs: [],
      settings: { content: { settings: { content: "## x", title: "", subtitle: "", markdownSource: 1 } } },
    });
    const metric = { resourceId: "r", metricNamespace: "N", metricName: "M", aggregation: "Total" } as const;
    const drawn = (dimension?: { name: string; values: string[] }) =>
      chart("t", [{ metric: { ...metric, ...(dimension && { dimension }) }, label: "l" }]) as unknown as Placed["metadata"];
    const keys = (dimension?: { name: string; values: string[] }) =>
      Object.keys(drawn(dimension).settings.content.options?.chart ?? {}).filter((key) => /filter|grouping/.test(key));
    expect(keys()).to.deep.equal([]);
    expect(keys({ name: "D", values: ["a"] })).to.deep.equal(["filterCollection"]);
    expect(keys({ name: "D", values: ["*"] })).to.deep.equal(["grouping"]);
  });
});
