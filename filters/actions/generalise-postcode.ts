/** Postcodes, generalised to how they begin. */

import type { FieldAction } from "../fields/change.ts";
import { codePointsEnd } from "./truncate.ts";

/** The first characters stay; a postcode that has no more of them would stay whole, so nothing of it does. */
export function generalisePostcode(characters: number, rest: "drop" | "mask"): FieldAction {
  return {
    name: "generalise",
    text(value) {
      const end = codePointsEnd(value, characters);
      const kept = end === value.length ? 0 : end;
      const hidden = rest === "mask" ? "*".repeat(Array.from(value.slice(kept)).length) : "";
      const after = value.slice(0, kept) + hidden;
      return after === value ? null : after;
    },
  };
}
