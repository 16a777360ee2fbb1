/** Payloads that are one text in UTF-8. */

import { StraitError } from "../../src/mod.ts";
import type { FieldAction } from "../fields/change.ts";
import type { Selection } from "../fields/selection.ts";
import type { Surgeon } from "../fields/surgeon.ts";
import { decodeText, encodeText } from "../json/text.ts";

/** Throws `filter-invalid` for selections of fields: a text has none. */
export function compileText(selection: Selection): Surgeon {
  if (selection.form !== "texts" || selection.change.kind !== "act")
    throw new StraitError("filter-invalid", "a payload of format text has no fields to choose");
  const { label } = selection;
  const { action } = selection.change;
  const changed = [label];
  return { operate: (bytes) => changedText(bytes, action), changed };
}

function changedText(bytes: Uint8Array, action: FieldAction): Uint8Array | null {
  let text: string;
  try {
    text = decodeText(bytes);
  } catch {
    // What the decoder says is no more than this.
    throw new StraitError("filter-failed", "the payload is not text in UTF-8");
  }
  const after = action.text(text);
  return after === null ? null : encodeText(after);
}
