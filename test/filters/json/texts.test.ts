/** The form of selection in which every text is offered to one action. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compileJson } from "../../../filters/json/compile.ts";
import { StraitError } from "../../../src/mod.ts";
import { jsonText } from "./arbitrary-json.ts";
import { textsReference } from "./reference.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

interface Offered {
  readonly drops?: boolean;
  readonly numbers?: boolean;
}

/** Texts of odd length are changed, and those with an `a` in them go if `drops` is true. */
function offered(text: string, { drops = false, numbers = false }: Offered = {}) {
  const action = {
    name: "try",
    text: (value: string) => (value.length % 2 === 0 ? null : `<${value}>`),
    ...(drops ? { drops: (value: string) => value.includes("a") } : {}),
  };
  const surgeon = compileJson({ form: "texts", change: { kind: "act", action }, label: "a label", numbers });
  const after = surgeon.operate(encoder.encode(text));
  return { text: after === null ? text : decoder.decode(after), changed: surgeon.changed };
}

describe("texts wherever they are", () => {
  test("are offered; names of members and other values are not", () => {
    const text = '{ "abc" : "abc", "n":[1,true,null,{"abc":"x\\u0061z"}] , "e":"" }';
    expect(offered(text)).toEqual({
      text: '{ "abc" : "<abc>", "n":[1,true,null,{"abc":"<xaz>"}] , "e":"" }',
      changed: ["a label", "a label"],
    });
    expect(offered("[100, -1e2, true]", { numbers: true }).text).toBe('["<100>", -1e2, true]');
    expect(offered('"abc"').text).toBe('"<abc>"');
    expect(offered("1").text).toBe("1");
  });

  test("go with one comma where the action says so", () => {
    expect(offered('{"x":"a","y":["a","b",1,"a"],"z":"ba"}', { drops: true })).toEqual({
      text: '{"y":["<b>",1]}',
      changed: ["a label", "a label", "a label", "a label", "a label"],
    });
  });

  test("fail where one is the whole payload and is to go", () => {
    expect(() => offered('"a"', { drops: true })).toThrow("cannot drop for a label: the text is the whole payload");
  });

  for (const drops of [false, true])
    for (const numbers of [false, true])
      test(`are changed as the reference does (drops: ${drops}, numbers: ${numbers})`, () => {
        fc.assert(
          fc.property(jsonText(), (text) => {
            const change = (value: string) =>
              drops && value.includes("a") ? null : value.length % 2 === 0 ? undefined : `<${value}>`;
            let expected: string | null = null;
            try {
              expected = textsReference(text, numbers, change);
            } catch {
              expect(() => offered(text, { drops, numbers })).toThrow(StraitError);
              return;
            }
            expect(offered(text, { drops, numbers }).text).toBe(expected);
          }),
          { numRuns: 1000 },
        );
      });

  test("all go where that is what happens to them", () => {
    const surgeon = compileJson({ form: "texts", change: { kind: "drop" }, label: "a label" });
    expect(decoder.decode(surgeon.operate(encoder.encode('{"a":"x","b":[1,"y"]}')) ?? undefined)).toBe('{"b":[1]}');
  });

  test("are found below 100,000 levels", () => {
    const depth = 100_000;
    const text = `${"[".repeat(depth)}"abc"${"]".repeat(depth)}`;
    expect(offered(text).text).toBe(text.replace("abc", "<abc>"));
  });
});
