import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { guard } from "../../components/guard";
import { simulateComponent } from "../support/simulated";

/** What the engine tells a hook of an update. */
const told = (size: number): pulumi.ResourceHookArgs => ({
  urn: "urn:pulumi:test::rocketchat::acme:index:Disk::disk",
  id: "disk",
  name: "disk",
  type: "acme:index:Disk",
  oldInputs: { size: 20 },
  newInputs: { size },
});

/** A disk that may only grow. */
async function growing(): Promise<pulumi.ResourceHook> {
  let made: pulumi.ResourceHook | undefined;
  await simulateComponent(() => {
    made = guard("grows", ({ size: before }, { size: wanted }) =>
      Number(wanted) >= Number(before)
        ? undefined
        : { key: "rocketchat:disk.size", value: String(wanted), limit: "It must not shrink.", cure: "Set it to 20 or more." },
    );
  });
  if (made === undefined) throw new Error("no guard was made");
  return made;
}

describe("a guard", () => {
  it("lets pass what it has nothing against", async () => {
    const { callback } = await growing();
    expect(callback(told(20))).to.equal(undefined);
    expect(callback(told(21))).to.equal(undefined);
  });

  it("refuses the rest with key, value, limit and cure, and without a trace", async () => {
    const { callback } = await growing();
    expect(() => callback(told(10))).to.throw(
      pulumi.RunError,
      /^this change is refused\.\n\n {2}rocketchat:disk\.size is 10\n {4}It must not shrink\.\n {4}Set it to 20 or more\.\n$/,
    );
  });

  it("asks in a preview already", async () => {
    expect((await growing()).opts).to.deep.equal({ onDryRun: true });
  });
});
