/** Filters on headers: an object of names and texts, in which names may repeat and the order counts. */

import { keep, type RecordFilter, type RecordHeader, StraitError } from "../../src/mod.ts";
import { cannot } from "../actions/cannot.ts";
import { beginRecord } from "../fields/begin-record.ts";
import type { FieldAction, FieldChange } from "../fields/change.ts";
import { ChangedPaths } from "../fields/changed-paths.ts";
import { compileMatcher, namedState } from "../fields/matcher.ts";
import type { FieldRule, Selection } from "../fields/selection.ts";
import { decodeText, encodeText } from "../json/text.ts";

/** Throws `filter-invalid` for tags. Headers without value (null) stay as they are, unless they are to go. */
export function headersFilter(selection: Selection): RecordFilter {
  const begin = beginRecord(selection);
  const operation = operationFor(selection);
  const { changed } = operation;
  return {
    apply(record) {
      const { headers } = record;
      if (headers.length === 0) return keep;
      begin?.(record);
      changed.clear();
      const after = headers.flatMap((header) => operation.settle(header));
      return changed.list.length === 0 ? keep : { verb: "replace", headers: after, changed: changed.list };
    },
  };
}

interface Operation {
  readonly changed: ChangedPaths;
  /** The header as it crosses, noting what was changed; none for one that goes. */
  settle(header: RecordHeader): RecordHeader | readonly [];
}

function operationFor(selection: Selection): Operation {
  switch (selection.form) {
    case "keep": {
      const root = compileMatcher(selection.paths, { below: false });
      const changed = new ChangedPaths([selection.label]);
      const settle = (header: RecordHeader) => {
        if (namedState(root, header.name).matches.length > 0) return header;
        // Once a record, however much it was.
        if (changed.list.length === 0) changed.add(0);
        return [] as const;
      };
      return { changed, settle };
    }
    case "fields": {
      const { rules } = selection;
      const root = compileMatcher(rules.map(pathOf), { below: false });
      return operate(rules, ({ name }) => namedState(root, name).matches[0]);
    }
    case "texts":
      return operate([selection], () => 0);
  }
}

function operate(
  rules: readonly Pick<FieldRule, "change" | "label">[],
  ruleFor: (header: RecordHeader) => number | undefined,
): Operation {
  const changed = new ChangedPaths(rules.map(({ label }) => label));
  const changes = rules.map(({ change, label }) => headerChange(change, label));
  return {
    changed,
    settle(header) {
      const index = ruleFor(header);
      if (index === undefined) return header;
      const after = changes[index]?.(header) ?? null;
      if (after !== header) changed.add(index);
      return after ?? [];
    },
  };
}

/** The header that stands in the place of one, which may be itself; null for none. */
type HeaderChange = (header: RecordHeader) => RecordHeader | null;

function headerChange(change: FieldChange, label: string): HeaderChange {
  switch (change.kind) {
    case "drop":
      return () => null;
    case "replace": {
      const { value } = change;
      const replacement = value === null ? null : encodeText(typeof value === "string" ? value : JSON.stringify(value));
      return (header) => (header.value === null ? header : { name: header.name, value: replacement });
    }
    case "act": {
      const { action } = change;
      return (header) => {
        if (header.value === null) return header;
        const text = textOf(header.value, action, label);
        if (action.drops?.(text) === true) return null;
        const after = action.text(text);
        return after === null ? header : { name: header.name, value: encodeText(after) };
      };
    }
  }
}

function textOf(value: Uint8Array, action: FieldAction, label: string): string {
  try {
    return decodeText(value);
  } catch {
    // What the decoder says is no more than this.
    return cannot(action.name, label, "the header's value is not UTF-8");
  }
}

function pathOf({ choice }: FieldRule) {
  if ("path" in choice) return choice.path;
  throw new StraitError("filter-invalid", "headers have no tags; choose them by path");
}
