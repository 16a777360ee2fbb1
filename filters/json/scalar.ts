/** What a change that works on text may be applied to. */

import { StraitError } from "../../src/mod.ts";

export type ScalarKind = "string" | "null" | "other";

/**
 * The kind of the value at `start`; `other` is a number or a boolean. Throws `filter-failed`, naming the action and the
 * configured path, for an object or an array: its parts would need paths of their own.
 */
export function scalarKind(bytes: Uint8Array, start: number, action: string, path: string): ScalarKind {
  switch (bytes[start]) {
    case 0x22:
      return "string";
    case 0x6e:
      return "null";
    case 0x7b:
    case 0x5b: {
      const found = bytes[start] === 0x7b ? "object" : "array";
      throw new StraitError(
        "filter-failed",
        `cannot ${action} ${path}: there is an ${found} at byte ${start}; drop or replace it, or name what is in it`,
      );
    }
    default:
      return "other";
  }
}
