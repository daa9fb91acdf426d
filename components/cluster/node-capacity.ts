/**
 * Most pods of a node on AKS, as the program sets its pools up. AKS keeps memory for itself by the number of pods that a node may hold: 20 MB for each, and 250 pods take a quarter of a Standard_B2s.
 * https://learn.microsoft.com/azure/aks/node-resource-reservations
 */
export const aksMaxPods = 30;

export interface NodeCapacity {
  readonly cpuMillicores: number;
  readonly memoryMiB: number;
  readonly pods: number;
  /** Data disks that the storage driver can attach. */
  readonly disks: number;
}

export interface NodeSize {
  /** What the machine has, as the kernel sees it. */
  readonly capacity: NodeCapacity;
  /** What is left for pods after the reservations of the cloud's kubelet. */
  readonly allocatable: NodeCapacity;
}

/** vCPU, GiB, pods without prefix delegation. Pods: eni-max-pods of github.com/awslabs/amazon-eks-ami (ENIs x (addresses - 1) + 2). */
const awsSizes: Readonly<Record<string, readonly [number, number, number] | undefined>> = {
  "t3.medium": [2, 4, 17],
  "t3.large": [2, 8, 35],
  "t3.xlarge": [4, 16, 58],
  "t3a.medium": [2, 4, 17],
  "t3a.large": [2, 8, 35],
  "t3a.xlarge": [4, 16, 58],
  "m6i.large": [2, 8, 29],
  "m6i.xlarge": [4, 16, 58],
  "m7i.large": [2, 8, 29],
  "m7i.xlarge": [4, 16, 58],
  "m7i-flex.large": [2, 8, 29],
  "r6i.large": [2, 16, 29],
};

/** vCPU, GiB, data disks: learn.microsoft.com/azure/virtual-machines/sizes, one page per series. */
const azureSizes: Readonly<Record<string, readonly [number, number, number] | undefined>> = {
  Standard_B2s: [2, 4, 4],
  Standard_B2ms: [2, 8, 4],
  Standard_B4ms: [4, 16, 8],
  Standard_B2s_v2: [2, 8, 4],
  Standard_B2as_v2: [2, 8, 4],
  Standard_B4s_v2: [4, 16, 8],
  Standard_B4as_v2: [4, 16, 8],
  Standard_D2s_v5: [2, 8, 4],
  Standard_D2as_v5: [2, 8, 4],
  Standard_D2d_v5: [2, 8, 4],
  Standard_D2ds_v5: [2, 8, 4],
  Standard_D2ads_v5: [2, 8, 4],
  Standard_D4s_v5: [4, 16, 8],
  Standard_D4as_v5: [4, 16, 8],
  Standard_D2s_v6: [2, 8, 8],
  Standard_D4s_v6: [4, 16, 12],
};

/**
 * What a node of an EC2 instance type offers on EKS.
 *
 * @param maxPods where prefix delegation or a kubelet flag sets it; memory stays reserved for the number that the addresses alone allow.
 * @returns undefined where the type is not in the table
 */
export function awsNodeSize(instanceType: string, maxPods?: number): NodeSize | undefined {
  const size = awsSizes[instanceType];
  if (size === undefined) return undefined;
  const [cpus, gib, addressPods] = size;
  // 5 to 6 % never reach the kernel: a t3.medium shows 3943372Ki, an m5.large 7.6 GiB.
  const memoryMiB = Math.floor(gib * 1024 * 0.94);
  // nodeadm: 11 MiB a pod + 255, evicted below 100 MiB (github.com/awslabs/amazon-eks-ami:nodeadm/internal/kubelet/config.go).
  const reservedMiB = 11 * addressPods + 255 + 100;
  // 6 % of the first core, 1 % of the second, 0.5 % of the next two (same file): 1930m on two cores.
  const reservedCpu = 60 + (cpus > 1 ? 10 : 0) + Math.min(Math.max(cpus - 2, 0), 2) * 5 + Math.max(cpus - 4, 0) * 2.5;
  const pods = maxPods ?? addressPods;
  // 28 attachments on Nitro, less the root volume and the network interfaces (docs: EBS volume limits; driver: NodeGetInfo).
  const disks = 24;
  return {
    capacity: { cpuMillicores: cpus * 1000, memoryMiB, pods, disks },
    allocatable: { cpuMillicores: Math.floor(cpus * 1000 - reservedCpu), memoryMiB: memoryMiB - reservedMiB, pods, disks },
  };
}

/** Reserved CPU by cores: learn.microsoft.com/azure/aks/node-resource-reservations. */
const azureReservedCpu: readonly (readonly [number, number])[] = [
  [1, 60],
  [2, 100],
  [4, 140],
  [8, 180],
  [16, 260],
];

/**
 * What a node of a virtual machine size offers on AKS.
 *
 * @param maxPods AKS reserves memory by it: 20 MB a pod + 50 MB, at most a quarter (same page).
 * @returns undefined where the size is not in the table
 */
export function azureNodeSize(vmSize: string, maxPods: number): NodeSize | undefined {
  const size = azureSizes[vmSize];
  if (size === undefined) return undefined;
  const [cpus, gib, disks] = size;
  // About 4 % never reach the kernel: a DS2 v2 of 7 GiB shows 7113660Ki.
  const memoryMiB = Math.floor(gib * 1024 * 0.96);
  const reservedMiB = Math.min(20 * maxPods + 50, memoryMiB / 4) + 100;
  const reservedCpu = azureReservedCpu.find(([cores]) => cores >= cpus)?.[1] ?? 260;
  return {
    capacity: { cpuMillicores: cpus * 1000, memoryMiB, pods: maxPods, disks },
    allocatable: { cpuMillicores: cpus * 1000 - reservedCpu, memoryMiB: Math.floor(memoryMiB - reservedMiB), pods: maxPods, disks },
  };
}
