/** What the messages say again and again. */

/** The cure where the limit says it all. */
export const better = /^Change it; docs\/configuration\.md/;

/** The cure where nothing stands. */
export const add = /^Add it\.$/;

/** The limit of an IPv4 range, by its prefix. */
export function range(largest: number, smallest: number): RegExp {
  return new RegExp(
    `^It must be an IPv4 range from /${largest} to /${smallest} that starts at its network address, such as 10\\.0\\.0\\.0/`,
  );
}

/** The limit of a range that shares addresses with another. */
export function overlaps(key: string, cidr: string): RegExp {
  return new RegExp(`^It must not overlap rocketchat:${literally(key)}, which is ${literally(cidr)}\\.$`);
}

export const free = /^Choose a range that is free in both\.$/;

export function literally(text: string): string {
  return text.replaceAll(".", "\\.");
}
