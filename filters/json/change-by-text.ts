/** What most actions are for JSON: a value's text goes in, and what comes out is a JSON string. */

import type { FieldAction, JsonChange } from "../fields/change.ts";
import { scalarKind } from "./scalar.ts";
import { decodeAscii, decodeString, encodeJson } from "./text.ts";

/** Strings give what they stand for, numbers and booleans their spelling. Leaves null; fails on objects and arrays. */
export function changeByText(action: Pick<FieldAction, "name" | "text">, label: string): JsonChange {
  return (bytes, start, end, patch) => {
    const kind = scalarKind(bytes, start, action.name, label);
    if (kind === "null") return false;
    const before = kind === "string" ? decodeString(bytes, start, end) : decodeAscii(bytes, start, end);
    const after = action.text(before);
    if (after !== null) patch.append(encodeJson(after));
    return after !== null;
  };
}
