/** Random JSON texts in every spelling the grammar allows, and random paths that have a chance to match in them. */

import fc from "fast-check";
import type { ReferenceSegment } from "./reference.ts";

/** Few enough that paths and documents meet. */
const NAMES = ["a", "b", "ab", "email", "", "é", "😀", 'q"\\', "x y", "\u0001"];
const CHARACTERS = ["a", "B", "7", " ", "/", '"', "\\", "\n", "\u0000", "\u007f", "é", "߿", "€", "\u2028", "😀", "*"];
const SHORT: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "/": "\\/", "\n": "\\n" };

const blank = fc.oneof(
  { weight: 4, arbitrary: fc.constant("") },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(" ", "\t", "\r", "\n"), minLength: 1, maxLength: 3 }) },
);

/** One character in one of its spellings: raw, short escape, or \u with hex digits of either case. */
function spell(char: string, way: number): string {
  const mustEscape = char < " " || char === '"' || char === "\\";
  if (way < 4 && !mustEscape) return char;
  const short = SHORT[char];
  if (way < 6 && short !== undefined) return short;
  const units = char.split("").map((unit) => {
    const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${way % 2 === 0 ? hex : hex.toUpperCase()}`;
  });
  return units.join("");
}

function spelled(characters: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(...characters.map((char) => fc.nat({ max: 8 }).map((way) => spell(char, way))))
    .map((parts) => `"${parts.join("")}"`);
}

const name = fc.constantFrom(...NAMES).chain((text) => spelled(Array.from(text)));

const stringText = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.string({ unit: fc.constantFrom("a", "7", "é", "€", "😀"), maxLength: 8 }).map((text) => `"${text}"`),
  },
  {
    weight: 5,
    arbitrary: fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 8 }).chain((characters) => spelled(characters)),
  },
  { weight: 1, arbitrary: fc.constantFrom('"\\ud800"', '"a\\uDC00b"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"') },
);

const numberText = fc.oneof(
  fc.constantFrom("0", "-0", "1", "1.0", "1e0", "10E-1", "9223372036854775807", "-9223372036854775808", "1e400"),
  fc.bigInt().map(String),
  fc
    .tuple(fc.bigInt(), fc.stringMatching(/^[0-9]{1,25}$/), fc.integer({ min: -400, max: 400 }))
    .map(([whole, fraction, exponent]) => `${whole}.${fraction}e${exponent < 0 ? "" : "+"}${exponent}`),
);

const scalarText = fc.oneof(stringText, numberText, fc.constantFrom("true", "false", "null"));

/** JSON texts whose scalars are made by `scalar`. */
export function jsonText(scalar: fc.Arbitrary<string> = scalarText): fc.Arbitrary<string> {
  const { root } = fc.letrec<{ value: string; root: string }>((tie) => {
    const padded = fc.tuple(blank, tie("value"), blank).map((parts) => parts.join(""));
    const member = fc
      .tuple(blank, name, blank, padded)
      .map(([lead, label, gap, value]) => `${lead}${label}${gap}:${value}`);
    const listOf = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      fc.oneof(
        blank,
        fc.array(item, { minLength: 1, maxLength: 5 }).map((items) => items.join(",")),
      );
    const object = listOf(member).map((body) => `{${body}}`);
    const array = listOf(padded).map((body) => `[${body}]`);
    return {
      value: fc.oneof({ depthSize: "medium", withCrossShrink: true }, scalar, object, array),
      root: fc
        .tuple(blank, fc.oneof({ weight: 9, arbitrary: object }, { weight: 4, arbitrary: array }, scalar), blank)
        .map((parts) => parts.join("")),
    };
  });
  return root;
}

export interface RandomPath {
  readonly text: string;
  readonly segments: readonly ReferenceSegment[];
}

const segment = fc
  .record({
    descend: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    selector: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom<string | number | null>(...NAMES) },
      { weight: 2, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.nat({ max: 2 }) },
    ),
    way: fc.nat({ max: 2 }),
  })
  .map(({ descend, selector, way }) => ({ text: segmentText(descend, selector, way), segment: { descend, selector } }));

export const randomPath: fc.Arbitrary<RandomPath> = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => ({
  text: `$${parts.map(({ text }) => text).join("")}`,
  segments: parts.map((part) => part.segment),
}));

function segmentText(descend: boolean, selector: string | number | null, way: number): string {
  const dots = descend ? ".." : "";
  if (selector === null) return way === 0 ? `${dots}[ * ]` : `${descend ? ".." : "."}*`;
  if (typeof selector === "number") return `${dots}[${selector}]`;
  if (way === 0 && /^[\p{L}😀]+$/u.test(selector)) return `${descend ? ".." : "."}${selector}`;
  const quoted = JSON.stringify(selector);
  if (way === 1) return `${dots}[${quoted}]`;
  return `${dots}['${quoted.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}']`;
}
