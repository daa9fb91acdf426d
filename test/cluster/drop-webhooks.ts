/**
 * Post-renderer of helm: passes a rendered chart on without its admission webhook configurations. Nobody serves them in the test's cluster, and the
 * API server would refuse or delay every object they cover.
 */
import { readFileSync } from "node:fs";

const WEBHOOKS = /^kind:\s*(Mutating|Validating)WebhookConfiguration\s*$/m;

const documents = readFileSync(0, "utf8").split(/^---\s*$/m);
process.stdout.write(documents.filter((document) => !WEBHOOKS.test(document)).join("---\n"));
