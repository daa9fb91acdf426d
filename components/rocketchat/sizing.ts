/** What a pod asks for, all its containers together. Memory in MiB, processor in thousandths of a core. */
export interface PodNeeds {
  readonly cpu: number;
  readonly memory: number;
  readonly memoryLimit: number;
}

/** The chat. Node's one thread seldom uses more than one core, and is not throttled: there is no limit on the processor. */
export const chatPod = { cpu: 400, memory: 832, memoryLimit: 1536 } as const satisfies PodNeeds;

/** mongod, backup agent and exporter. */
export const databaseMemberPod = { cpu: 310, memory: 896, memoryLimit: 1376 } as const satisfies PodNeeds;

export const databaseOperatorPod = { cpu: 20, memory: 64, memoryLimit: 192 } as const satisfies PodNeeds;

/** What somebody runs once, or debugs with; and what a container gets that states nothing. */
export const jobPod = { cpu: 50, memory: 128, memoryLimit: 256 } as const satisfies PodNeeds;

/** Heap of Node in MiB: the rest of the limit is for buffers, code, and the processes of apps. It collects garbage before it is killed. */
export const heapMiB = Math.floor(chatPod.memoryLimit * 0.7);

/**
 * Memory in MiB at which more pods are started. Above what an ordinary heap grows to: Node gives little memory back, so that a target within its
 * reach would only ever scale up. The processor decides, this is for the odd case.
 */
export const autoscalingMemoryMiB = Math.ceil(chatPod.memoryLimit * 0.92);

/** Requests and limits of the chat's container. */
export const chatResources = {
  requests: { cpu: `${chatPod.cpu}m`, memory: `${chatPod.memory}Mi` },
  limits: { memory: `${chatPod.memoryLimit}Mi` },
} as const;
