/** Which fields are chosen and what happens to them, whatever the format. */

import type { FieldChange } from "./change.ts";
import type { JsonPath } from "./path.ts";

/** Fields by where they are, or by what the schema says they hold. */
export type Choice = { readonly path: JsonPath } | { readonly tags: readonly string[] };

export interface FieldRule {
  readonly choice: Choice;
  readonly change: FieldChange;
  /** What the evidence calls it: the path as configured, or the tags. */
  readonly label: string;
}

/**
 * - `keep`: what the paths name crosses, with all below it, and the containers on the way there. All else goes, also what
 *   a schema does not know.
 * - `fields`: what the rules choose is changed. Where several choose a value the outermost counts, then the first.
 * - `texts`: every text is offered to one action, wherever it is; with `numbers` those of JSON, too, as they are spelt.
 */
export type Selection =
  | { readonly form: "keep"; readonly paths: readonly JsonPath[]; readonly label: string }
  | { readonly form: "fields"; readonly rules: readonly FieldRule[] }
  | { readonly form: "texts"; readonly change: FieldChange; readonly label: string; readonly numbers?: boolean };
