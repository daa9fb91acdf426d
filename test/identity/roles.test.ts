import { expect } from "chai";

import type { GraphDocument, GraphRole } from "./documents";
import { callerOf } from "./managed";
import { many, principalsOf } from "./policy";
import type { Scene } from "./scene";
import { passes } from "./simulate";
import { guards, roleTables } from "./tables";
import { forbidden } from "./tables/forbidden";
import type { CallTable, TableCall } from "./tables/table";
import { variant, variantNames } from "./variants";

/** Calls that do not end as the table says. */
async function broken(scene: Scene, { may, mayNot }: CallTable, role?: GraphRole): Promise<string[]> {
  const differs = async (call: TableCall, expected: boolean): Promise<string[]> => {
    const caller = call.as === undefined ? role && callerOf(role) : { principal: call.as, policies: [] };
    if (caller === undefined) throw new Error(`${call.action}: nobody calls it`);
    if ((await passes(scene, caller, call)) === expected) return [];
    return [`${expected ? "refused" : "allowed"}: ${call.action} on ${many(call.on).join(", ")} by ${caller.principal} ${told(call)}`];
  };
  const all = [...may.map((call) => differs(call, true)), ...mayNot.map((call) => differs(call, false))];
  return (await Promise.all(all)).flat();
}

const told = ({ with: context }: TableCall): string => (context === undefined ? "" : JSON.stringify(context));

/** Whether a policy lets in somebody else than the roles that the account's own policies name. */
function letsOthersIn({ kind, policy }: GraphDocument, account: string): boolean {
  if (["trust", "inline", "managed"].includes(kind)) return false;
  return many(policy.Statement).some(
    (statement) => statement.Effect === "Allow" && principalsOf(statement).some(({ id }) => id !== `arn:aws:iam::${account}:root`),
  );
}

describe("the identities of the stack on AWS", () => {
  const scenes: Scene[] = [];
  before(async function () {
    this.timeout(30_000);
    for (const name of variantNames) scenes.push(await variant(name));
  });

  const having = (role: string): [Scene, GraphRole][] =>
    scenes.flatMap((scene) => scene.roles.flatMap((found): [Scene, GraphRole][] => (found.name === role ? [[scene, found]] : [])));

  it("have each a table that says what it may do", () => {
    const tables = roleTables.map(({ role }) => role);
    const roles = new Set(scenes.flatMap((scene) => scene.roles.map(({ name }) => name)));
    const untold = [...roles].filter((role) => !tables.includes(role));
    expect(untold.map((role) => `no table says what role ${role} may do`)).to.deep.equal([]);
    expect(tables.filter((table) => !roles.has(table)).map((table) => `there is no role ${table}`)).to.deep.equal([]);
    expect(tables).to.have.lengthOf(new Set(tables).size);
  });

  for (const { role, assumed, calls } of roleTables)
    describe(role, () => {
      it("is assumed by whom it is for, and by nobody else", async () => {
        for (const [scene, found] of having(role)) {
          const table = assumed(scene, found.arn);
          expect(table.may.length).to.be.at.least(1);
          expect(table.mayNot.length).to.be.at.least(3);
          expect(await broken(scene, table)).to.deep.equal([]);
        }
      });

      it("may make the calls that its work needs, and none that would do harm", async () => {
        for (const [scene, found] of having(role)) {
          const table = calls(scene, found.arn);
          expect(table.may.length).to.be.at.least(3);
          expect(table.mayNot.length).to.be.at.least(4);
          expect(await broken(scene, table, found)).to.deep.equal([]);
          const evenMay = (call: TableCall): boolean => table.evenMay?.includes(call.action) === true;
          const never = { may: forbidden(scene).filter(evenMay), mayNot: forbidden(scene).filter((call) => !evenMay(call)) };
          expect(await broken(scene, never, found)).to.deep.equal([]);
        }
      });
    });

  it("are beside services of AWS that a policy on a resource lets in, for each of which a table says to do what", () => {
    const tables = guards.map(({ document }) => document);
    const documents = new Set(
      scenes.flatMap((scene) => scene.documents.filter((document) => letsOthersIn(document, scene.account)).map(({ name }) => name)),
    );
    const untold = [...documents].filter((document) => !tables.includes(document));
    expect(untold.map((document) => `no table says whom ${document} lets in`)).to.deep.equal([]);
    expect(tables.filter((table) => !documents.has(table)).map((table) => `${table} lets nobody in`)).to.deep.equal([]);
  });

  for (const { document, calls } of guards)
    it(`and the policy of ${document} lets in whom it is for, and nobody else`, async () => {
      for (const scene of scenes) {
        if (!scene.has(document)) continue;
        const table = calls(scene);
        expect(table.mayNot.length).to.be.at.least(4);
        expect(await broken(scene, table)).to.deep.equal([]);
      }
    });
});
