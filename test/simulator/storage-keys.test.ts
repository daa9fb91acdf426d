import { listStorageAccountKeysOutput } from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { functionTypes } from "../../simulator/tables";
import { simulateComponent } from "../support/simulated";

describe("the keys of a simulated storage account", () => {
  const token = "azure-native:storage:listStorageAccountKeys";
  const keysOf = (accountName: string): { keyName: string; value: string; permissions: string }[] => {
    const answer = functionTypes.get(token)?.({ resourceGroupName: "acme", accountName }, { region: "eastus" });
    return (answer?.["keys"] ?? []) as ReturnType<typeof keysOf>;
  };

  it("are two of 64 bytes with full permissions, other ones of another account", () => {
    expect(keysOf("files").map(({ keyName, permissions }) => [keyName, permissions])).to.deep.equal([
      ["key1", "FULL"],
      ["key2", "FULL"],
    ]);
    const values = [...keysOf("files"), ...keysOf("more")].map(({ value }) => value);
    for (const value of values) expect(Buffer.from(value, "base64")).to.have.lengthOf(64);
    expect(new Set(values)).to.have.lengthOf(4);
    expect(keysOf("files")).to.deep.equal(keysOf("files"));
  });

  it("need an account that is known", () => {
    expect(() => functionTypes.get(token)?.({ resourceGroupName: "acme" }, { region: "eastus" })).to.throw("is not known yet");
  });

  it("are not secret on their own, as Azure's provider does not mark them: the program has to", async () => {
    let marked: boolean | undefined;
    await simulateComponent(async () => {
      const { keys } = listStorageAccountKeysOutput({ resourceGroupName: "acme", accountName: "files" });
      marked = await pulumi.isSecret(keys);
    });
    expect(marked).to.equal(false);
  });
});
