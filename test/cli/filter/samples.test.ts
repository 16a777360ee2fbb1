import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseSamples } from "../../../src/cli/filter/samples.ts";
import { UsageError } from "../../../src/cli/usage-error.ts";
import { type ShownContent, showBytes } from "../../../src/preview/content.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const decoded = (base64: string | null | undefined) =>
  base64 === null || base64 === undefined ? null : Buffer.from(base64, "base64").toString("utf8");
const parse = (text: string, key: string | null = null) =>
  parseSamples(bytes(text), key).map(({ line, record }) => ({
    line,
    ...record,
    key: decoded(record.key),
    value: decoded(record.value),
    headers: record.headers.map(({ name, value }) => [name, decoded(value)]),
  }));

describe("a line", () => {
  test("is the value, to the byte", () => {
    expect(parse('{ "n": 12345678901234567890,"n":1.50 }\r\n[1]\nnull\n"x"').map(({ value }) => value)).toEqual([
      '{ "n": 12345678901234567890,"n":1.50 }',
      "[1]",
      "null",
      '"x"',
    ]);
  });

  test("that is empty counts, and is no record", () => {
    expect(parse("\n1\n \t\r\n2\n").map(({ line, value, offset }) => [line, value, offset])).toEqual([
      [2, "1", 0],
      [4, "2", 1],
    ]);
  });

  test("is a record if it has `value` and only members of a record", () => {
    expect(
      parse(
        '{"key":"k","value":{ "n": 12345678901234567890 },"headers":[{"name":"a","value":"1"},{"name":"a","value":null}],"partition":3,"offset":17,"timestamp":5}',
      ),
    ).toEqual([
      {
        line: 1,
        key: "k",
        value: '{ "n": 12345678901234567890 }',
        headers: [
          ["a", "1"],
          ["a", null],
        ],
        partition: 3,
        offset: 17,
        timestamp: 5,
      },
    ]);
    expect(parse('{"key":"k","value":1,"more":2}')[0]?.value).toBe('{"key":"k","value":1,"more":2}');
    expect(parse('{"key":"k"}')[0]?.value).toBe('{"key":"k"}');
  });

  test.each([
    ['{"value":null}', null],
    ['{"value":"text"}', "text"],
    ['{"value":{"text":"text"}}', "text"],
    ['{"value":{"base64":"aGk="}}', "hi"],
    ['{"value":{"text":1}}', '{"text":1}'],
    ['{"value":{"text":"a","more":1}}', '{"text":"a","more":1}'],
    ['{"value":[]}', "[]"],
    ['{"v\\u0061lue":true}', "true"],
  ])("%s has the value %p", (line, value) => {
    expect(parse(line)[0]?.value).toBe(value);
  });

  test("has the key that is given for all, unless it has its own", () => {
    const lines = '1\n{"value":1}\n{"value":1,"key":null}\n{"value":1,"key":"own"}';
    expect(parse(lines, "all").map(({ key }) => key)).toEqual(["all", "all", null, "own"]);
  });

  test("takes what a preview shows, to the byte", () => {
    const content = fc.option(fc.uint8Array({ maxLength: 20 }));
    fc.assert(
      fc.property(content, content, content, (key, value, header) => {
        const shown: ShownContent = {
          key: showBytes(key, 100),
          value: showBytes(value, 100),
          headers: [{ name: "h", value: showBytes(header, 100) }],
        };
        const [{ record } = { record: null }] = parseSamples(bytes(JSON.stringify(shown)), null);
        const base64 = (part: Uint8Array | null) => (part === null ? null : Buffer.from(part).toString("base64"));
        expect(record).toMatchObject({
          key: base64(key),
          value: base64(value),
          headers: [{ name: "h", value: base64(header) }],
        });
      }),
    );
  });

  test.each<[string, string, string]>([
    ["that is no JSON", "1\nhello", "line 2: "],
    [
      "with a value that was cut off",
      '{"value":{"text":"a","truncatedFrom":10}}',
      "line 1: `value` is only the beginning",
    ],
    ["with bad base64", '{"value":{"base64":"?"}}', "line 1: `value` is no base64"],
    ["with headers of another shape", '{"value":1,"headers":{"a":"b"}}', "line 1: `headers` must be a list"],
    ["with a bad offset", '{"value":1,"offset":1.5}', "line 1: `offset` must be a whole number"],
  ])("%s is refused, naming the line", (_title, text, message) => {
    expect(() => parse(text)).toThrow(UsageError);
    expect(() => parse(text)).toThrow(message);
  });
});
