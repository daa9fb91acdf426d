import { createHash } from "node:crypto";

/** https://github.com/hashicorp/terraform-provider-azurerm/blob/main/internal/services/containers/validate/kubernetes_name.go */
const legalPrefix = /^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/;

/**
 * First part of the API server's public name: 1 to 54 letters, digits and dashes, none of them a dash at either end. It follows from project
 * and stack alone, since another prefix is another cluster. What had to be left out of them comes back as a hash.
 */
export function dnsPrefix(project: string, stack: string): string {
  const wanted = `${project}-${stack}`;
  if (legalPrefix.test(wanted)) return wanted;
  const kept = wanted.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 47);
  return `${kept}-${shortHash(wanted)}`.replaceAll(/-+/g, "-").replace(/^-/, "");
}

/** Six letters and digits that follow from a text. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 6);
}
