/** What is JSON and what is not, for everything that reads it: nothing may cross that was understood only in part. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { FieldChange } from "../../../filters/fields/change.ts";
import { parsePath } from "../../../filters/fields/path.ts";
import type { Selection } from "../../../filters/fields/selection.ts";
import { compileJson } from "../../../filters/json/compile.ts";
import { JsonTape } from "../../../filters/json/tape.ts";
import { StraitError } from "../../../src/mod.ts";
import { jsonText } from "./arbitrary-json.ts";

const encoder = new TextEncoder();

type Reader = (bytes: Uint8Array) => void;

const DROP: FieldChange = { kind: "drop" };
const REPLACE: FieldChange = { kind: "replace", value: 0 };
const LOOK: FieldChange = { kind: "act", action: { name: "look", text: () => null } };

function fields(path: string, change: FieldChange): Selection {
  return { form: "fields", rules: [{ choice: { path: parsePath(path) }, change, label: path }] };
}

/** They differ in what of a text they pass over, walk through, and change. */
const READERS: readonly [name: string, make: () => Reader][] = [
  ["the outline", () => (bytes) => new JsonTape().read(bytes)],
  ["surgery below the root that finds nothing", () => surgery(fields("$.none.none", DROP))],
  ["surgery at any depth", () => surgery(fields("$..a", REPLACE))],
  ["surgery on every item", () => surgery(fields("$[*]", DROP))],
  ["surgery on the whole text", () => surgery(fields("$", REPLACE))],
  ["surgery on texts", () => surgery({ form: "texts", change: LOOK, label: "texts" })],
];

function surgery(selection: Selection): Reader {
  const surgeon = compileJson(selection);
  return (bytes) => surgeon.operate(bytes);
}

function refusal(read: Reader, bytes: Uint8Array): string | null {
  try {
    read(bytes);
    return null;
  } catch (error) {
    if (!(error instanceof StraitError) || error.code !== "filter-failed") throw error;
    return error.message;
  }
}

/** The runtime's own judgement. */
function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

const HOSTILE: readonly [what: string, content: string | readonly number[], at: number][] = [
  ["nothing at all", "", 0],
  ["white space alone", "  ", 2],
  ["a cut-off object", '{"a":1', 6],
  ["a cut-off member", '{"a"', 4],
  ["a cut-off string", '["abc', 5],
  ["a cut-off escape", '["a\\', 3],
  ["a cut-off literal", "tru", 0],
  ["a cut-off number", "[1.", 3],
  ["a cut-off character", [0x22, 0xe2, 0x82], 1],
  ["a second text", "{} {}", 3],
  ["a trailing zero byte", "{}\0", 2],
  ["a trailing comma in an object", '{"a":1,}', 7],
  ["a trailing comma in an array", "[1,]", 3],
  ["a missing comma", "[1 2]", 3],
  ["a missing colon", '{"a" 1}', 5],
  ["crossed brackets", '[{"a":1]}', 7],
  ["a bracket too many", "[]]", 2],
  ["a name without quotes", "{a:1}", 1],
  ["a name in single quotes", "{'a':1}", 1],
  ["a comment", "[1/**/]", 2],
  ["NaN", "[NaN]", 1],
  ["Infinity", "-Infinity", 1],
  ["a leading zero", "[01]", 2],
  ["a leading plus", "[+1]", 1],
  ["a lone minus", "[-]", 2],
  ["a fraction without digits", "[1.e5]", 3],
  ["an exponent without digits", "[1e+]", 4],
  ["a hexadecimal number", "[0x10]", 2],
  ["an unknown escape", '["\\x41"]', 2],
  ["a short unicode escape", '["\\u12"]', 2],
  ["a line feed in a string", '["a\nb"]', 3],
  ["a zero byte in a name", '{"a\0":1}', 3],
  ["another kind of white space", "\u00a0{}", 0],
  ["a form feed", "\f{}", 0],
  ["a byte order mark", [0xef, 0xbb, 0xbf, 0x7b, 0x7d], 0],
  ["UTF-16", [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00], 0],
  ["a schema registry frame", [0, 0, 0, 0, 1, 0x7b, 0x7d], 0],
  ["an overlong slash", [0x22, 0xc0, 0xaf, 0x22], 1],
  ["an overlong character of three bytes", [0x22, 0xe0, 0x9f, 0xbf, 0x22], 1],
  ["an overlong character of four bytes", [0x22, 0xf0, 0x8f, 0xbf, 0xbf, 0x22], 1],
  ["an encoded surrogate", [0x22, 0xed, 0xa0, 0x80, 0x22], 1],
  ["a code point above the last", [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], 1],
  ["a lead byte that is none", [0x22, 0xf8, 0x88, 0x80, 0x80, 0x80, 0x22], 1],
  ["a lone continuation byte", [0x22, 0x80, 0x22], 1],
  ["a lead byte before the closing quote", [0x22, 0xc3, 0x22], 1],
];

for (const [name, make] of READERS)
  describe(`reading JSON: ${name}`, () => {
    const read = make();

    for (const [what, content, at] of HOSTILE) {
      test(`${what} is refused with its place`, () => {
        const bytes = typeof content === "string" ? bytesOf(content) : new Uint8Array(content);
        expect(isJson(bytes)).toBe(false);
        expect(refusal(read, bytes)).toEndWith(`at byte ${at}`);
      });
    }

    test("half a surrogate pair as an escape is legal", () => {
      expect(refusal(read, bytesOf('["\\ud800", "\\udc00\\ud800"]'))).toBeNull();
    });

    test("every first and last character of each UTF-8 length is legal", () => {
      expect(refusal(read, bytesOf('"\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}"'))).toBeNull();
    });

    test("valid texts in any spelling are accepted", () => {
      fc.assert(
        fc.property(jsonText(), (text) => refusal(read, bytesOf(text)) === null),
        { numRuns: 1000 },
      );
    });

    test("texts with some bytes changed are accepted exactly when the runtime's parser accepts them", () => {
      const change = fc.record({
        at: fc.nat(),
        byte: fc.nat({ max: 255 }),
        kind: fc.constantFrom("set", "cut", "insert"),
      });
      fc.assert(
        fc.property(jsonText(), fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) => {
          const bytes = [...bytesOf(text)];
          for (const { at, byte, kind } of changes) {
            const place = at % (bytes.length + 1);
            if (kind === "cut") bytes.splice(place, 1);
            else bytes.splice(place, kind === "set" ? 1 : 0, byte);
          }
          const mutated = new Uint8Array(bytes);
          expect(refusal(read, mutated) === null).toBe(isJson(mutated));
        }),
        { numRuns: 5000 },
      );
    });

    test("every text of up to three bytes that matter is judged as the runtime's parser judges it", () => {
      const alphabet = [...bytesOf('{}[]",:-+.0e1 tu\\\n'), 0x00, 0x1f, 0x7f, 0x80, 0xc2, 0xff];
      for (const a of alphabet)
        for (const b of alphabet)
          for (const c of alphabet) {
            const bytes = new Uint8Array([a, b, c]);
            if ((refusal(read, bytes) === null) !== isJson(bytes)) throw new Error(`${a} ${b} ${c} is judged wrongly`);
          }
    });

    test("100,000 open brackets are refused at their end, and closed ones accepted", () => {
      const depth = 100_000;
      expect(refusal(read, bytesOf("[".repeat(depth)))).toEndWith(`at byte ${depth}`);
      expect(refusal(read, bytesOf('{"a":'.repeat(depth)))).toEndWith(`at byte ${depth * 5}`);
      expect(refusal(read, bytesOf("[".repeat(depth) + "]".repeat(depth)))).toBeNull();
    });
  });
