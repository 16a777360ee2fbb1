/** JSON Pointers (RFC 6901), the paths in every answer about invalid input. */

/** A pointer to the member reached by the segments; no segments give "", the whole document. */
export function jsonPointer(...segments: readonly (string | number)[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The member names and indexes a pointer goes through. */
export function pointerSegments(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
