/** Letters that tell the zones of one region apart in the names of resources: the first zone is `a`, whatever the cloud calls it. */
export function zoneLetter(index: number): string {
  return String.fromCharCode("a".charCodeAt(0) + index);
}
