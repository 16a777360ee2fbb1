import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { jsonTokens, spacing } from "../../../src/dashboard/client/text/json-tokens.js";

/** Objects and lists, written in one of many ways. */
const documents = fc
  .tuple(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), fc.integer({ min: 0, max: 8 }))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

const written = (tokens: readonly string[]) => {
  const spaces = spacing(tokens);
  return tokens.map((token, index) => `${spaces[index]}${token}`).join("");
};

describe("JSON in pieces", () => {
  test("is all of the text but white space between the pieces", () => {
    fc.assert(
      fc.property(documents, (text) => {
        expect(jsonTokens(text)?.join("")).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test("is written over several lines like the runtime does it", () => {
    fc.assert(
      fc.property(documents, (text) => {
        expect(written(jsonTokens(text) ?? [])).toBe(JSON.stringify(JSON.parse(text), null, 2));
      }),
    );
  });

  test("keeps numbers as they are spelt, and names that are there twice", () => {
    expect(jsonTokens('{"a": 1.500, "a": 1e3}')).toEqual(["{", '"a"', ":", "1.500", ",", '"a"', ":", "1e3", "}"]);
  });

  test("keeps a string that was cut off", () => {
    expect(jsonTokens('{"a":"b…')?.join("")).toBe('{"a":"b…');
  });

  test("is given up for what is no JSON", () => {
    expect(jsonTokens("plain text")).toBeNull();
    expect(jsonTokens("(none)")).toBeNull();
  });

  test("never loses a character of any text that begins like JSON", () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        const text = `{${rest}`;
        expect(jsonTokens(text)?.join("").replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
      }),
    );
  });
});
