/** Masks, the beginnings of texts, postcodes. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { actionProblems } from "../../../filters/actions/action-options.ts";
import { Patch } from "../../../filters/bytes/patch.ts";
import { decodeText, encodeJson, encodeText } from "../../../filters/json/text.ts";
import { actionOn, failureOf, float, integer } from "./action-on.ts";

const unicode = fc.string({ unit: fc.constantFrom("a", "é", "€", "😀", "\ud800", "\udc00"), maxLength: 12 });

describe("truncating", () => {
  test("keeps the first code points and never half a pair", async () => {
    await fc.assert(
      fc.asyncProperty(unicode, fc.nat({ max: 6 }), async (text, length) => {
        const { text: truncate } = await actionOn({ action: "truncate", length });
        const characters = Array.from(text);
        const expected = characters.length <= length ? null : characters.slice(0, length).join("");
        expect(truncate(text)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("keeps the first bytes of bytes", async () => {
    const { bytes } = await actionOn({ action: "truncate", length: 2 });
    expect(bytes?.(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(1, 2));
    expect(bytes?.(Uint8Array.of(1, 2))).toBeNull();
  });
});

describe("a postcode", () => {
  const cases: readonly [text: string, postcode: number, rest: "drop" | "mask", expected: string | null][] = [
    ["10115", 2, "drop", "10"],
    ["10115", 2, "mask", "10***"],
    ["SW1A 1AA", 4, "drop", "SW1A"],
    ["😀bc", 1, "mask", "😀**"],
    ["W1", 2, "drop", ""],
    ["W1", 2, "mask", "**"],
    ["W", 2, "drop", ""],
    ["", 2, "drop", null],
    ["**", 2, "mask", null],
  ];
  for (const [text, postcode, rest, expected] of cases) {
    test(`${JSON.stringify(text)} to ${postcode} characters (${rest}) becomes ${JSON.stringify(expected)}`, async () => {
      expect((await actionOn({ action: "generalise", postcode, rest })).text(text)).toBe(expected);
    });
  }
});

describe("masking", () => {
  const options = fc.record({
    first: fc.nat({ max: 4 }),
    last: fc.nat({ max: 4 }),
    with: fc.constantFrom("*", '"', "é"),
  });

  test("hides each code point but the first and the last", async () => {
    await fc.assert(
      fc.asyncProperty(unicode, options, async (text, { first, last, with: filler }) => {
        const characters = Array.from(text);
        const hides = (index: number) => index >= first && index < characters.length - last;
        const all = first + last >= characters.length;
        const expected = characters.map((character, index) => (all || hides(index) ? filler : character)).join("");
        expect((await actionOn({ action: "mask", first, last, with: filler })).text(text)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("gives the same for ASCII as bytes, where that has the same length, and for JSON", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary-ascii", maxLength: 12 }),
        options,
        async (text, { first, last, ...rest }) => {
          const { text: masked, ascii, json } = await actionOn({ action: "mask", first, last, ...rest });
          expect(ascii === undefined).toBe(rest.with === "é");
          if (ascii !== undefined)
            expect(appended((patch) => ascii(encodeText(text), 0, text.length, patch))).toBe(masked(text)!);
          const spelt = encodeJson(text);
          expect(JSON.parse(appended((patch) => json?.(spelt, 0, spelt.length, patch)))).toBe(masked(text));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

function appended(change: (patch: Patch) => unknown): string {
  const patch = new Patch();
  change(patch);
  return decodeText(patch.bytes.subarray(0, patch.length));
}

describe("masking where a schema wants a number", () => {
  test("takes a digit to mask with", async () => {
    expect((await actionOn({ action: "mask", with: "*" })).number).toBeUndefined();
    const { number } = await actionOn({ action: "mask", first: 1, with: "0" });
    expect(number?.("4711", integer(32))).toBe("4000");
    expect(number?.("-4711", integer(64))).toBe("-4000");
    expect(number?.("12.75", float(64))).toBe("10.00");
    const tail = await actionOn({ action: "mask", last: 2, with: "0" });
    expect(tail.number?.("4711", integer(32))).toBe("11");
  });

  test("fails where the result is too large, or there are no plain digits", async () => {
    const { number } = await actionOn({ action: "mask", with: "9" });
    expect(failureOf(() => number?.("1000000000", integer(32)))).toBe(
      "cannot mask $.field: with the digits replaced it is too large for its type",
    );
    expect(failureOf(() => number?.("1e21", float(64)))).not.toContain("21");
  });
});

test("half a surrogate pair is refused as the character of a mask", () => {
  expect(actionProblems({ action: "mask", with: "\ud800" }, "/f")).toEqual([
    { path: "/f/with", message: "is half a surrogate pair" },
  ]);
});
