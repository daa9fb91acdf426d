import { awsTables } from "./aws";
import { azureTables } from "./azure";
import { eksTable } from "./eks";
import { kubernetesTable } from "./kubernetes";
import { randomTable } from "./random";
import type { FunctionType, ResourceType } from "./resource-type";

const tables = [...awsTables, ...azureTables, eksTable, kubernetesTable, randomTable];

/** Every type of resource that the simulated clouds know, by its token. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(tables.flatMap(({ types }) => Object.entries(types)));

/** Every function of a provider that they answer, by its token. */
export const functionTypes: ReadonlyMap<string, FunctionType> = new Map(tables.flatMap(({ functions }) => Object.entries(functions)));
