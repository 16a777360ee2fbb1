/** Which rule of a selection chooses a field, a value or an entry; the same questions for all forms of selection. */

import type { DescField } from "@bufbuild/protobuf";
import type { FieldChange } from "../fields/change.ts";
import { compileMatcher } from "../fields/matcher.ts";
import type { JsonPath } from "../fields/path.ts";
import type { Selection } from "../fields/selection.ts";
import { type Place, rootPlace } from "./place.ts";
import { tagsOf } from "./tags.ts";

/** Null stands for `keep`. */
export interface Chosen {
  readonly rule: number;
  readonly change: FieldChange | null;
  readonly label: string;
  /** Tags are on a field and mean each of its values; a path means what it names. */
  readonly by: "path" | "tags";
}

export interface Chooser {
  readonly keeps: boolean;
  readonly root: Place;
  /** By index. */
  readonly labels: readonly string[];
  /** What is done with every text, if the selection is of texts. */
  readonly texts: Chosen | null;
  /** Whether tags choose, too, so that every message may hold something chosen. */
  readonly byTags: boolean;
  /** The first rule whose path leads to a place. */
  at(place: Place): Chosen | null;
  /** The first rule that chooses a field at a place, by its path or its tags. */
  field(field: DescField, place: Place): Chosen | null;
}

/** Throws `filter-invalid` for paths that combine too many `..` and wildcards. */
export function chooserFor(selection: Selection): Chooser {
  if (selection.form === "keep") {
    const kept: Chosen = { rule: 0, change: null, label: selection.label, by: "path" };
    const at = (place: Place): Chosen | null => (place.matches.length > 0 ? kept : null);
    return {
      keeps: true,
      root: placeOf(selection.paths),
      labels: [selection.label],
      texts: null,
      byTags: false,
      at,
      field: (_field, place) => at(place),
    };
  }
  if (selection.form === "texts") {
    const { change, label } = selection;
    return {
      keeps: false,
      root: placeOf([]),
      labels: [label],
      texts: { rule: 0, change, label, by: "tags" },
      byTags: false,
      at: () => null,
      field: () => null,
    };
  }
  const paths: JsonPath[] = [];
  const byPath: Chosen[] = [];
  const byTags: { readonly chosen: Chosen; readonly tags: readonly string[] }[] = [];
  for (const [rule, { choice, change, label }] of selection.rules.entries()) {
    if ("tags" in choice) {
      byTags.push({ chosen: { rule, change, label, by: "tags" }, tags: choice.tags });
    } else {
      paths.push(choice.path);
      byPath.push({ rule, change, label, by: "path" });
    }
  }
  const at = (place: Place): Chosen | null => {
    const first = place.matches[0];
    return first === undefined ? null : (byPath[first] ?? null);
  };
  return {
    keeps: false,
    root: placeOf(paths),
    labels: selection.rules.map(({ label }) => label),
    texts: null,
    byTags: byTags.length > 0,
    at,
    field(field, place) {
      const named = at(place);
      if (byTags.length === 0) return named;
      const found = new Set(tagsOf(field));
      const tagged = byTags.find(({ tags }) => tags.some((tag) => found.has(tag)))?.chosen ?? null;
      return tagged === null || (named !== null && named.rule < tagged.rule) ? named : tagged;
    },
  };
}

function placeOf(paths: readonly JsonPath[]): Place {
  return rootPlace(compileMatcher(paths, { below: false }));
}
