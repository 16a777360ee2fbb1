/** Evidence of every kind, for property tests. */

import fc from "fast-check";
import type { Evidence } from "../../src/model/status.ts";

export const count = fc.nat({ max: 2 ** 40 });
const name = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).map((text) => `$.${text}`);
const counts = fc.dictionary(name, count, { maxKeys: 5 });
export const evidence: fc.Arbitrary<Evidence> = fc.record({
  read: count,
  kept: count,
  replaced: count,
  changed: fc.dictionary(name, counts, { maxKeys: 4 }),
  dropped: counts,
  monitored: fc.dictionary(name, counts, { maxKeys: 2 }),
  quarantined: count,
  expired: count,
});
