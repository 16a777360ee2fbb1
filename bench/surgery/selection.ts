/** The redaction of an order as the surgeries on formats with a schema take it. */

import { mask } from "../../filters/actions/mask.ts";
import type { FieldChange } from "../../filters/fields/change.ts";
import { parsePath } from "../../filters/fields/path.ts";
import type { FieldRule, Selection } from "../../filters/fields/selection.ts";
import type { Surgeon } from "../../filters/fields/surgeon.ts";
import type { Way } from "./contest.ts";
import { REDACTED_IBAN } from "./order.ts";

export const SELECTION: Selection = {
  form: "fields",
  rules: [
    rule("$.customer.name", { kind: "drop" }),
    rule("$.customer.email", { kind: "act", action: mask({ first: 1 }, "$.customer.email") }),
    rule("$.iban", { kind: "replace", value: REDACTED_IBAN }),
  ],
};

function rule(path: string, change: FieldChange): FieldRule {
  return { choice: { path: parsePath(path) }, change, label: path };
}

/** A surgeon at work on values, all of which it has to change. */
export function operating(surgeon: Surgeon, values: readonly Uint8Array[]): Way {
  return (index) => {
    const result = surgeon.operate(values[index]!);
    if (result === null) throw new Error("nothing was redacted");
    return result;
  };
}
