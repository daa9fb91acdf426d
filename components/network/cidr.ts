/** IPv4 arithmetic on CIDR blocks: what the address plan and the configuration's checks need, without a cloud. */

/** An IPv4 block: the numeric value of its first address and the length of its prefix (0 to 32). */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
}

/** How many addresses a block holds. */
export function size(block: Cidr): number {
  return 2 ** (32 - block.prefix);
}

/**
 * Reads `a.b.c.d/n`.
 *
 * @returns the block, or `undefined` where the text is no CIDR, has leading zeros (some read those as octal) or has bits set behind its prefix
 *   (10.0.0.1/16): clouds refuse or rewrite those.
 */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const numbers = match.slice(1).map(Number);
  const octets = numbers.slice(0, 4);
  const prefix = numbers[4] ?? 33;
  if (octets.some((octet) => octet > 255) || prefix > 32) return undefined;
  const block = { base: octets.reduce((value, octet) => value * 256 + octet, 0), prefix };
  return block.base % size(block) === 0 && formatCidr(block) === text ? block : undefined;
}

/** Writes a block as `a.b.c.d/n`. */
export function formatCidr(block: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(block.base / 2 ** shift) % 256);
  return `${octets.join(".")}/${block.prefix}`;
}

/** Whether two blocks share an address. */
export function overlap(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + size(b) && b.base < a.base + size(a);
}

/** Whether every address of `inner` lies in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.base <= inner.base && inner.base + size(inner) <= outer.base + size(outer);
}

/**
 * The `index`-th block of `prefix` length inside `block`, counted from its start.
 *
 * @throws RangeError where the block does not hold that many.
 */
export function subnet(block: Cidr, prefix: number, index: number): Cidr {
  const inner = { base: block.base + index * 2 ** (32 - prefix), prefix };
  if (!Number.isInteger(index) || index < 0 || prefix > 32 || !contains(block, inner)) {
    throw new RangeError(`${formatCidr(block)} holds no /${prefix} number ${index}`);
  }
  return inner;
}
