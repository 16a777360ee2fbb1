/** Random selections that have a chance to choose something in a schema. */

import fc from "fast-check";
import type { FieldAction, FieldChange } from "../../../filters/fields/change.ts";
import { parsePath } from "../../../filters/fields/path.ts";
import type { FieldRule } from "../../../filters/fields/selection.ts";
import { FIELD_NAMES, type FieldSpec, type Gen, pick, type Spec, TAGS } from "./random-schema.ts";
import { ACTED, type ReferenceChange, type ReferenceRule, type ReferenceSegment } from "./reference.ts";

export const ACTION: FieldAction = {
  name: "scramble",
  text: ACTED.text,
  number: (decimal, { kind }) =>
    kind === "integer" ? String(ACTED.integer(BigInt(decimal))) : String(ACTED.float(Number(decimal))),
  bytes: ACTED.bytes,
};

export interface RandomPath {
  readonly text: string;
  readonly segments: readonly ReferenceSegment[];
}

/** Goes down the schema most of the time, and somewhere else at times. */
export function randomPath(gen: Gen, root: Spec): RandomPath {
  const segments: ReferenceSegment[] = [];
  let spec: Spec | null = root;
  for (let length = gen(fc.integer, { min: 1, max: 4 }); length > 0; length--) {
    while (spec !== null && spec.kind === "union") spec = pick(gen, spec.branches);
    if (gen(fc.nat, { max: 7 }) === 0) {
      segments.push({ descend: true, selector: gen(fc.constantFrom, ...FIELD_NAMES, "k") });
      spec = null;
    } else if (spec?.kind === "record" && spec.fields.length > 0) {
      const field: FieldSpec = pick(gen, spec.fields);
      segments.push({ descend: false, selector: gen(fc.nat, { max: 7 }) === 0 ? null : field.name });
      spec = field.spec;
    } else if (spec?.kind === "array" || spec?.kind === "map") {
      const selectors: (string | number | null)[] = spec.kind === "array" ? [null, null, 0, 1] : [null, null, "a", "k"];
      segments.push({ descend: false, selector: pick(gen, selectors) });
      spec = spec.kind === "array" ? spec.items : spec.values;
    } else if (segments.length === 0 || spec === null) {
      segments.push({ descend: false, selector: gen(fc.constantFrom, ...FIELD_NAMES) });
      spec = null;
    } else break;
  }
  return { segments, text: `$${segments.map(segmentText).join("")}` };
}

function segmentText({ descend, selector }: ReferenceSegment): string {
  if (typeof selector === "number") return `[${selector}]`;
  return `${descend ? ".." : "."}${selector ?? "*"}`;
}

export interface RandomRules {
  readonly rules: readonly FieldRule[];
  readonly reference: readonly ReferenceRule[];
}

export function randomRules(gen: Gen, root: Spec): RandomRules {
  const rules: FieldRule[] = [];
  const reference: ReferenceRule[] = [];
  for (let count = gen(fc.integer, { min: 1, max: 3 }); count > 0; count--) {
    const change = pick(gen, CHANGES);
    if (gen(fc.nat, { max: 4 }) === 0) {
      const tag = gen(fc.constantFrom, ...TAGS);
      rules.push({ choice: { tags: [tag] }, change: fieldChange(change), label: tag });
      reference.push({ segments: null, tag, change });
    } else {
      const { text, segments } = randomPath(gen, root);
      rules.push({ choice: { path: parsePath(text) }, change: fieldChange(change), label: text });
      reference.push({ segments, tag: null, change });
    }
  }
  return { rules, reference };
}

const CHANGES: readonly ReferenceChange[] = [
  { kind: "drop" },
  { kind: "drop" },
  { kind: "drop" },
  { kind: "act" },
  { kind: "act" },
  { kind: "replace", value: "RED" },
  { kind: "replace", value: 7 },
  { kind: "replace", value: null },
];

function fieldChange(change: ReferenceChange): FieldChange {
  return change.kind === "act" ? { kind: "act", action: ACTION } : change;
}
