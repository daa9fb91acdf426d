import { expect } from "chai";

import type { GraphRole } from "./documents";
import { callerOf } from "./managed";
import { many, type Statement } from "./policy";
import type { Scene } from "./scene";
import { passes, type Caller } from "./simulate";
import { roleTables } from "./tables";
import type { TableCall } from "./tables/table";
import { variant, variantNames } from "./variants";

/** What a role could do if one of its statements were changed, or missing. */
function changed(role: GraphRole, changing: Statement, into: Statement | undefined): Caller {
  const caller = callerOf(role);
  const policies = caller.policies.map(({ name, policy }) => ({
    name,
    policy: {
      ...policy,
      Statement: many(policy.Statement).flatMap((statement) => (statement === changing ? (into ?? []) : statement)),
    },
  }));
  return { ...caller, policies: policies.filter(({ policy }) => policy.Statement.length > 0) };
}

/** Whether some of the calls end in another way than they should. */
async function notice(scene: Scene, caller: Caller, calls: readonly TableCall[], expected: boolean): Promise<boolean> {
  for (const call of calls) if ((await passes(scene, caller, call)) !== expected) return true;
  return false;
}

describe("the tables of what roles may do", () => {
  const scenes: Scene[] = [];
  before(async function () {
    this.timeout(30_000);
    for (const name of variantNames) scenes.push(await variant(name));
  });

  for (const { role, calls } of roleTables)
    it(`notice a statement that is missing, wider or without its condition: ${role}`, async () => {
      const unnoticed: string[] = [];
      for (const scene of scenes)
        for (const found of scene.roles.filter(({ name }) => name === role)) {
          const table = calls(scene, found.arn);
          for (const statement of found.documents.flatMap(({ policy }) => many(policy.Statement))) {
            const actions = many(statement.Action);
            const [may, mayNot] = [table.may, table.mayNot].map((all) => all.filter(({ action }) => actions.includes(action)));
            const { Condition, ...unconditional } = statement;
            const name = statement.Sid ?? actions.join();
            if (!(await notice(scene, changed(found, statement, undefined), may ?? [], true))) unnoticed.push(`${name} is missing`);
            if (Condition !== undefined && !(await notice(scene, changed(found, statement, unconditional), mayNot ?? [], false)))
              unnoticed.push(`${name} has no condition`);
            const wider = changed(found, statement, { ...statement, Resource: "*" });
            if (!many(statement.Resource).includes("*") && !(await notice(scene, wider, mayNot ?? [], false)))
              unnoticed.push(`${name} stands on every resource`);
          }
        }
      expect([...new Set(unnoticed)]).to.deep.equal([]);
    });
});
