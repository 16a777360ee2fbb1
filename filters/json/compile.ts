/** From chosen fields and what happens to them to the surgery on JSON that does it. */

import { StraitError } from "../../src/mod.ts";
import type { FieldChange, JsonChange } from "../fields/change.ts";
import { compileMatcher } from "../fields/matcher.ts";
import type { JsonPath } from "../fields/path.ts";
import type { FieldRule, Selection } from "../fields/selection.ts";
import type { Surgeon } from "../fields/surgeon.ts";
import { changeByText } from "./change-by-text.ts";
import { type Change, changeListed, changeTexts, keepListed, type Offer, type Rule } from "./surgery.ts";
import { decodeAscii, decodeString, encodeJson } from "./text.ts";

/** The paths in JSON whose schema carries one of the tags. */
export type TaggedPaths = (tags: readonly string[]) => readonly JsonPath[];

/**
 * Compiles all forms of selection. Throws `filter-invalid` for paths that cannot be compiled together, and for tags without
 * `taggedPaths`.
 */
export function compileJson(selection: Selection, taggedPaths: TaggedPaths | null = null): Surgeon {
  switch (selection.form) {
    case "keep":
      return keepListed(compileMatcher(selection.paths, { below: false }), selection.label);
    case "fields":
      return compileFields(selection.rules, taggedPaths);
    case "texts":
      return compileTexts(selection);
  }
}

function compileTexts({ change, label, numbers = false }: Extract<Selection, { form: "texts" }>): Surgeon {
  const made = jsonChange(change, label);
  if (made === "remove") return changeTexts({ change: () => false, drops: () => true, numbers, label });
  return changeTexts({ change: made, drops: dropsOf(change), numbers, label });
}

function dropsOf(change: FieldChange): Offer["drops"] {
  if (change.kind !== "act" || change.action.drops === undefined) return null;
  const { action } = change;
  return (bytes, start, end) =>
    action.drops?.(bytes[start] === 0x22 ? decodeString(bytes, start, end) : decodeAscii(bytes, start, end)) === true;
}

function compileFields(rules: readonly FieldRule[], taggedPaths: TaggedPaths | null): Surgeon {
  const paths: JsonPath[] = [];
  const changes: Rule[] = [];
  for (const { choice, change, label } of rules) {
    const rule = { path: label, change: jsonChange(change, label) };
    for (const path of "path" in choice ? [choice.path] : pathsWith(choice.tags, taggedPaths)) {
      paths.push(path);
      changes.push(rule);
    }
  }
  return changeListed(compileMatcher(paths, { below: false }), changes);
}

function pathsWith(tags: readonly string[], taggedPaths: TaggedPaths | null): readonly JsonPath[] {
  if (taggedPaths === null)
    throw new StraitError("filter-invalid", "tags are in a schema, and there is none; name it in `schema`");
  return taggedPaths(tags);
}

function jsonChange(change: FieldChange, label: string): Change {
  switch (change.kind) {
    case "drop":
      return "remove";
    case "replace":
      return always(encodeJson(change.value));
    case "act":
      return change.action.json ?? changeByText(change.action, label);
  }
}

function always(value: Uint8Array): JsonChange {
  return (_bytes, _start, _end, patch) => {
    patch.append(value);
    return true;
  };
}
