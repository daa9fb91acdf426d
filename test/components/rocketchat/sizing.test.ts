import { expect } from "chai";

import { autoscalingMemoryMiB, chatPod, chatResources, heapMiB } from "../../../components/rocketchat/sizing";

describe("the size of the chat's pods", () => {
  it("is what fits a small node beside the rest, without a limit on the processor", () => {
    expect(chatResources).to.deep.equal({ requests: { cpu: "400m", memory: "832Mi" }, limits: { memory: "1536Mi" } });
  });

  it("leaves Node's heap room below the limit", () => {
    expect(heapMiB).to.equal(1075);
    expect(chatPod.memoryLimit - heapMiB).to.be.at.least(400);
  });

  it("brings more pods for memory only above nine tenths of the limit, and before it is reached", () => {
    expect(autoscalingMemoryMiB).to.be.within(chatPod.memoryLimit * 0.9, chatPod.memoryLimit - 1);
    expect(autoscalingMemoryMiB).to.be.above(heapMiB);
  });
});
