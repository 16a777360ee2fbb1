/** The `drop-records` filter: leaves out the records that meet one of its conditions. */

import { defineFilter, drop, type KafkaRecord, keep, StraitError, Type } from "../src/mod.ts";
import { type CompiledPaths, compilePaths } from "./fields/option-paths.ts";
import { canonicalDecimal } from "./json/decimal.ts";
import { someMatch } from "./json/find.ts";
import { JsonTape } from "./json/tape.ts";
import { decodeAscii, decodeString, encodeText } from "./json/text.ts";

const Path = Type.String({
  minLength: 1,
  maxLength: 1024,
  description: "An RFC 9535 path as in redact; one of the values it leads to is enough.",
});

const Condition = Type.Union([
  Type.Object(
    {
      header: Type.String({ description: "A header's name; one of several headers with this name is enough." }),
      equals: Type.String({ description: "The header's value as text." }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      path: Path,
      equals: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()], {
        description: "Strings are compared as what they stand for, numbers as numbers (1 and 1.0 are equal).",
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      path: Path,
      equalsNumber: Type.String({
        pattern: "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,4})?$",
        maxLength: 400,
        description: "A number of any length as text, for example a 64-bit integer.",
      }),
    },
    { additionalProperties: false },
  ),
]);
type Condition = Type.Static<typeof Condition>;
type HeaderCondition = Extract<Condition, { header: string }>;
type PathCondition = Exclude<Condition, HeaderCondition>;

const Options = Type.Object(
  {
    when: Type.Array(Condition, {
      minItems: 1,
      maxItems: 1000,
      description: "A record that meets one of these is dropped. Headers are looked at first.",
    }),
  },
  { additionalProperties: false },
);
type Options = Type.Static<typeof Options>;

export default defineFilter({
  name: "drop-records",
  description:
    "Drops the records with a given header or a given field in their JSON value. With a condition on a field, a value that is not JSON fails; tombstones and empty values have no fields.",
  options: Options,

  check(options) {
    const compiled = compile(options);
    const problems = compiled.ok ? [] : [...compiled.problems];
    for (const [index, condition] of options.when.entries()) {
      const pointer = `/when/${index}/equals`;
      if (!("equals" in condition) || typeof condition.equals !== "number") continue;
      if (Number.isFinite(condition.equals) && Math.abs(condition.equals) <= Number.MAX_SAFE_INTEGER) continue;
      problems.push({ path: pointer, message: "is too large to be read exactly; give it as text in equalsNumber" });
    }
    return problems;
  },

  create(options) {
    const compiled = compile(options);
    if (!compiled.ok)
      throw new StraitError("filter-invalid", compiled.problems.map(({ message }) => message).join("; "));
    const headers = options.when.filter(isHeaderCondition).map(({ header, equals }) => ({
      name: header,
      value: encodeText(equals),
    }));
    const tests = pathConditions(options).map(({ condition }) => testFor(condition));
    const tape = new JsonTape();
    const testAt = (index: number, bytes: Uint8Array, start: number, end: number): boolean =>
      tests[index]?.(bytes, start, end) ?? false;
    return {
      apply(record) {
        if (headers.some((header) => hasHeader(record, header.name, header.value))) return drop;
        const { value } = record;
        if (tests.length === 0 || value === null || value.length === 0) return keep;
        return someMatch(compiled.matcher, value, tape, testAt) ? drop : keep;
      },
    };
  },
});

function isHeaderCondition(condition: Condition): condition is HeaderCondition {
  return "header" in condition;
}

function pathConditions({ when }: Options): { condition: PathCondition; index: number }[] {
  return when.flatMap((condition, index) => (isHeaderCondition(condition) ? [] : [{ condition, index }]));
}

function compile(options: Options): CompiledPaths {
  return compilePaths(
    pathConditions(options).map(({ condition, index }) => ({ text: condition.path, pointer: `/when/${index}/path` })),
    { below: true, pointer: "/when" },
  );
}

type ValueTest = (bytes: Uint8Array, start: number, end: number) => boolean;

function testFor(condition: PathCondition): ValueTest {
  if ("equalsNumber" in condition) return equalsNumber(condition.equalsNumber);
  const { equals } = condition;
  switch (typeof equals) {
    case "number":
      return equalsNumber(JSON.stringify(equals));
    case "string":
      return (bytes, start, end) => bytes[start] === 0x22 && decodeString(bytes, start, end) === equals;
    default: {
      // The first letter tells the three literals and everything else apart.
      const letter = String(equals).charCodeAt(0);
      return (bytes, start) => bytes[start] === letter;
    }
  }
}

function equalsNumber(text: string): ValueTest {
  const expected = canonicalDecimal(text);
  return (bytes, start, end) => isNumber(bytes[start]) && canonicalDecimal(decodeAscii(bytes, start, end)) === expected;
}

function isNumber(first: number | undefined): boolean {
  return first === 0x2d || (first !== undefined && first >= 0x30 && first <= 0x39);
}

/** Header names are UTF-8 as well as values are; both are compared without decoding the value. */
function hasHeader(record: KafkaRecord, name: string, value: Uint8Array): boolean {
  return record.headers.some((header) => header.name === name && equalBytes(header.value, value));
}

function equalBytes(left: Uint8Array | null, right: Uint8Array): boolean {
  if (left === null || left.length !== right.length) return false;
  for (let i = 0; i < right.length; i++) if (left[i] !== right[i]) return false;
  return true;
}
