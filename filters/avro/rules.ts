/** Which rule of a selection chooses a place, by a path or by a tag. */

import { compileMatcher, type MatchState } from "../fields/matcher.ts";
import type { JsonPath } from "../fields/path.ts";
import type { FieldRule, Selection } from "../fields/selection.ts";
import type { RecordField } from "./model.ts";

export interface FoundRule {
  /** Its index. */
  readonly rule: number;
  /** Whether a tag led to it, and no path. */
  readonly byTag: boolean;
}

export class Rules {
  readonly list: readonly FieldRule[];
  /** Of all paths; for an allow-list a match is what is kept. */
  readonly matcher: MatchState;
  /** By the matcher's indexes. */
  readonly #pathRules: readonly number[];
  /** The first for each tag. */
  readonly #tagRules = new Map<string, number>();

  constructor(selection: Selection) {
    this.list = selection.form === "fields" ? selection.rules : [];
    const paths: JsonPath[] = selection.form === "keep" ? [...selection.paths] : [];
    const pathRules: number[] = [];
    for (const [index, { choice }] of this.list.entries()) {
      if ("path" in choice) {
        pathRules.push(index);
        paths.push(choice.path);
      } else {
        for (const tag of choice.tags) if (!this.#tagRules.has(tag)) this.#tagRules.set(tag, index);
      }
    }
    this.#pathRules = pathRules;
    this.matcher = compileMatcher(paths, { below: false });
  }

  get hasTags(): boolean {
    return this.#tagRules.size > 0;
  }

  /** The first rule for a place; `field` where the place is one, for only fields have tags. */
  first({ matches }: MatchState, field: RecordField | null): FoundRule | null {
    const byPath = matches.length > 0 ? this.#pathRules[matches[0]!]! : this.list.length;
    let byTag = this.list.length;
    if (this.hasTags && field !== null)
      for (const tag of field.tags) byTag = Math.min(byTag, this.#tagRules.get(tag) ?? byTag);
    const rule = Math.min(byPath, byTag);
    return rule === this.list.length ? null : { rule, byTag: byTag < byPath };
  }
}
