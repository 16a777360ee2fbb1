/** What holds for every detector, on values made from the rules (generate.ts) and on any text. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { builtInDetectors } from "../../../filters/detectors/built-in.ts";
import { matchFinder } from "../../../filters/detectors/find-matches.ts";
import { foundBy } from "./found-by.ts";
import { samples } from "./generate.ts";

const RUNS = 300;

/** Words without digits, signs and other scripts: nothing that could be part of a value. */
const noise = fc
  .array(
    fc.constantFrom(
      "order",
      "for",
      "Zoë",
      "straße",
      "iban",
      "tel",
      "ключ",
      "電話",
      "…",
      "!",
      "“",
      "\n",
      "😀",
      "\ud800",
    ),
  )
  .map((words) => words.join(" "));
const before = fc.constantFrom(" ", "\n", '"', ", ", "; ", "<", "電話", "は");
const after = fc.constantFrom(" ", "\n", '"', ", ", ";", ". ", ">", "です");

test("every detector has samples", () => {
  expect(Object.keys(samples).toSorted()).toEqual(builtInDetectors.map(({ name }) => name).toSorted());
});

describe.each(builtInDetectors.map((detector) => [detector.name, detector] as const))("%s", (name, detector) => {
  const sample = samples[name]!;

  test("finds a valid value in any text", () => {
    fc.assert(
      fc.property(sample, noise, before, after, noise, ({ value }, lead, left, right, rest) => {
        expect(foundBy(detector, lead + left + value + right + rest)).toEqual([value]);
      }),
      { numRuns: RUNS },
    );
  });

  test("finds it alone", () => {
    fc.assert(
      fc.property(sample, ({ value }) => {
        expect(foundBy(detector, value)).toEqual([value]);
      }),
      { numRuns: RUNS },
    );
  });

  test("finds each of several", () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 2, maxLength: 5 }), (values) => {
        const all = values.map(({ value }) => value);
        expect(foundBy(detector, all.join(" | "))).toEqual(all);
      }),
      { numRuns: RUNS },
    );
  });

  if (hasCheckDigit(name))
    test("does not find it with another check digit", () => {
      fc.assert(
        fc.property(sample, ({ spoilt }) => {
          expect(foundBy(detector, String(spoilt))).not.toContain(String(spoilt));
        }),
        { numRuns: RUNS },
      );
    });

  test("asks of a text no more than matches have", () => {
    const { needs } = detector;
    fc.assert(
      fc.property(sample, ({ value }) => {
        expect(value.length).toBeGreaterThanOrEqual(needs.length);
        expect(value.replaceAll(/[^0-9]/g, "").length).toBeGreaterThanOrEqual(needs.digits);
        expect(value).toContain(needs.sign);
      }),
      { numRuns: RUNS },
    );
  });

  test("does not find it inside of a longer run of letters or digits", () => {
    fc.assert(
      fc.property(sample, fc.constantFrom("7", "x", "é", "ж"), fc.boolean(), ({ value }, more, inFront) => {
        expect(foundBy(detector, inFront ? more + value : value + more)).not.toContain(value);
      }),
      { numRuns: RUNS },
    );
  });
});

function hasCheckDigit(name: string): boolean {
  return !["email", "us-ssn", "uk-nino", "ipv4", "ipv6", "phone"].includes(name);
}

const finder = matchFinder(builtInDetectors);

/** Few signs, so that random texts come near to values. */
const near = fc.string({
  unit: fc.constantFrom(..."0000111234567899", ..."DEGBXab@@..::--++  ()/%'", "é", "電", "\u00a0", "\ud800", "😀"),
  maxLength: 60,
});

test("whatever is in a text, matches are in order, not empty, do not overlap and end where words end", () => {
  fc.assert(
    fc.property(fc.oneof(near, fc.string({ unit: "binary" })), (text) => {
      const matches = finder.find(text);
      let from = 0;
      for (const [index, { start, end }] of matches.entries()) {
        expect(start).toBeGreaterThanOrEqual(from);
        expect(end).toBeGreaterThan(start);
        // What lies outside of a longer match begins or ends where that one does.
        if (start > from) expect(text.slice(0, start)).not.toMatch(/[a-zA-Z0-9é]$/);
        if (end !== matches[index + 1]?.start) expect(text.slice(end)).not.toMatch(/^[a-zA-Z0-9é]/);
        from = end;
      }
    }),
    { numRuns: 3000 },
  );
});
