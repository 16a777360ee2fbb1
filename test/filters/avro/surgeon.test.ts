import { describe, expect, test } from "bun:test";
import avro from "avsc";
import type { FieldAction } from "../../../filters/fields/change.ts";
import type { Selection } from "../../../filters/fields/selection.ts";
import { actBy, compiled, DROP, failureOf, fields, keep, record, replaceBy, SCRAMBLE, SHOUT } from "./compile-with.ts";
import { joinBytes, textBytes, varint } from "./datum.ts";

function operate(schema: unknown, selection: Selection, bytes: Uint8Array): Uint8Array | null {
  return compiled(schema, selection).surgeon.operate(bytes);
}

function failure(schema: unknown, selection: Selection, bytes: Uint8Array): string {
  return failureOf("filter-failed", () => operate(schema, selection, bytes));
}

const STRINGS = { type: "array", items: "string" };
const join = (...parts: Uint8Array[]): Uint8Array => joinBytes(parts);
const bytesOf = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const END = bytesOf(0);

describe("bytes that are no data of the schema fail with the position", () => {
  const schema = record("R", {
    id: "long",
    u: ["null", "string"],
    list: STRINGS,
    map: { type: "map", values: { type: "fixed", name: "F", size: 3 } },
    state: { type: "enum", name: "E", symbols: ["A", "B"] },
    flag: "boolean",
    amount: "double",
    name: "string",
  });
  const whole = avro.Type.forSchema(schema as avro.Schema).toBuffer({
    id: 70_000,
    u: "text",
    list: ["one", "two"],
    map: { k: Buffer.from("abc") },
    state: "B",
    flag: true,
    amount: 1.5,
    name: "Ada",
  });
  const selections: readonly (readonly [string, Selection])[] = [
    [
      "chosen",
      fields({ "$.u": SHOUT, "$.list[*]": SHOUT, "$.map[*]": SCRAMBLE, "$.amount": SCRAMBLE, "$.name": SHOUT }),
    ],
    ["dropped", fields({ "$.u": DROP, "$.list[0]": DROP, "$.map": DROP, "$.amount": DROP, "$.name": DROP })],
    ["not chosen", fields({ "$.missing": DROP })],
    ["kept", keep("$.list", "$.u")],
  ];

  for (const [what, selection] of selections)
    test(`when they end early or go on, with fields ${what}`, () => {
      const { surgeon } = compiled(schema, selection);
      for (let length = 0; length < whole.length; length++)
        expect(failureOf("filter-failed", () => surgeon.operate(whole.subarray(0, length)))).toMatch(
          / at byte [0-9]+$/,
        );
      expect(failureOf("filter-failed", () => surgeon.operate(join(whole, END)))).toBe(
        `these bytes are not of the Avro schema: more after the end of the value at byte ${whole.length}`,
      );
      surgeon.operate(whole);
    });

  const chosen = fields({ "$.a": SHOUT });
  const cases: readonly (readonly [string, unknown, Selection, Uint8Array, string])[] = [
    [
      "a union's index is out of range",
      record("R", { a: ["null", "string"] }),
      chosen,
      varint(2),
      "an index out of range at byte 0",
    ],
    [
      "a union's index is negative",
      record("R", { a: ["null", "string"], b: "int" }),
      fields({ "$.b": DROP }),
      varint(-1),
      "an index out of range at byte 0",
    ],
    [
      "an enum's index is out of range",
      record("R", { b: { type: "enum", name: "E", symbols: ["A"] } }),
      chosen,
      varint(1),
      "an index out of range at byte 0",
    ],
    ["a boolean is 2", record("R", { b: "boolean" }), chosen, bytesOf(2), "a boolean that is none at byte 0"],
    ["a length is negative", record("R", { a: "string" }), chosen, varint(-1), "a negative length at byte 0"],
    [
      "a length is beyond the end",
      record("R", { b: "bytes" }),
      chosen,
      varint(2n ** 62n),
      "a length beyond the end at byte 0",
    ],
    [
      "a block's size is beyond the end",
      record("R", { b: STRINGS }),
      chosen,
      join(varint(-1), varint(9), END),
      "a length beyond the end at byte 1",
    ],
    [
      "a block's size is negative",
      record("R", { a: STRINGS }),
      fields({ "$.a[0]": DROP }),
      join(varint(-1), varint(-9), END),
      "a negative length at byte 1",
    ],
    [
      "a block is shorter than its size",
      record("R", { a: STRINGS }),
      fields({ "$.a[0]": DROP }),
      join(varint(-1), varint(3), textBytes("a"), END, END),
      "a block that is not as long as it says at byte 0",
    ],
    [
      "a count is beyond the end",
      record("R", { a: STRINGS }),
      fields({ "$.a[0]": DROP }),
      join(varint(9), textBytes("a"), END),
      "more items than there can be at byte 0",
    ],
    [
      "a count is beyond the block",
      record("R", { b: STRINGS }),
      chosen,
      join(varint(-9), varint(2), textBytes("a"), END),
      "more items than the block can hold at byte 0",
    ],
    [
      "a count that nobody looks into is beyond the end",
      record("R", { b: STRINGS }),
      chosen,
      join(varint(9), textBytes("a"), END),
      "more items than the bytes can hold at byte 0",
    ],
    [
      "a map's count is beyond the end",
      record("R", { b: { type: "map", values: "null" } }),
      chosen,
      join(varint(9), textBytes("a"), END),
      "more items than the bytes can hold at byte 0",
    ],
    [
      "an integer has 11 bytes",
      record("R", { b: "long" }),
      chosen,
      bytesOf(128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0),
      "an integer beyond 64 bits at byte 0",
    ],
    [
      "an integer has 65 bits",
      record("R", { b: "long" }),
      chosen,
      bytesOf(255, 255, 255, 255, 255, 255, 255, 255, 255, 2),
      "an integer beyond 64 bits at byte 0",
    ],
    [
      "a chosen int has 33 bits",
      record("R", { a: "int" }),
      fields({ "$.a": SCRAMBLE }),
      varint(2 ** 31),
      "an int beyond 32 bits at byte 0",
    ],
    [
      "a chosen string is not UTF-8",
      record("R", { a: "string" }),
      chosen,
      bytesOf(4, 0xc0, 0x80),
      "a string that is not UTF-8 at byte 1",
    ],
    [
      "a key is not UTF-8 where keys are asked for",
      record("R", { a: { type: "map", values: "string" } }),
      fields({ "$.a.k": DROP }),
      join(varint(1), bytesOf(2, 0xff), textBytes("x"), END),
      "a string that is not UTF-8 at byte 2",
    ],
    [
      "a chosen number is none",
      record("R", { a: "float" }),
      fields({ "$.a": SCRAMBLE }),
      bytesOf(0, 0, 0xc0, 0x7f),
      "a number that is infinite or none",
    ],
  ];
  for (const [what, of, selection, bytes, message] of cases)
    test(`when ${what}`, () => {
      expect(failure(of, selection, bytes)).toContain(message);
    });

  test("when values are in each other without end", () => {
    const node = record("Node", { next: ["null", "Node"], name: "string" });
    const deep = (levels: number): Uint8Array =>
      join(new Uint8Array(levels).fill(2), END, ...Array.from({ length: levels + 1 }, () => textBytes("n")));
    for (const selection of [fields({ "$..name": SHOUT }), fields({ "$.missing": DROP }), keep("$.next")]) {
      expect(() => operate(node, selection, deep(900))).not.toThrow();
      expect(failure(node, selection, deep(1100))).toContain("more than 2000 values in each other at byte");
    }
  });

  test("soon, when a few bytes announce a lot of nothing", () => {
    const nulls = { type: "array", items: "null" };
    const huge = join(varint(2n ** 40n), END);
    expect(failure(nulls, fields({ "$[3]": DROP }), huge)).toContain(
      "more than 1000000 items without content at byte 0",
    );
    expect(operate(nulls, fields({ "$.missing": DROP }), huge)).toBeNull();
    const many = join(varint(2000), ...Array.from({ length: 2000 }, () => join(varint(1000), END)), END);
    expect(failure({ type: "array", items: nulls }, fields({ "$[*][3]": DROP }), many)).toContain("1000000 items");
    expect(operate(nulls, fields({ "$[3]": DROP }), join(varint(5), END))).toEqual(join(varint(4), END));
  });
});

describe("what an action makes must fit", () => {
  const cases: readonly (readonly [string, unknown, Partial<FieldAction>, Uint8Array, string])[] = [
    ["an int", "int", { number: () => "2147483648" }, varint(1), "test made no integer of 32 bits"],
    ["a long", "long", { number: () => "9223372036854775808" }, varint(1), "test made no integer of 64 bits"],
    ["a whole number", "long", { number: () => "1.5" }, varint(1), "test made no integer of 64 bits"],
    ["a float", "float", { number: () => "1e39" }, new Uint8Array(4), "test made no number of 32 bits"],
    ["a double", "double", { number: () => "NaN" }, new Uint8Array(8), "test made no number of 64 bits"],
    [
      "a fixed",
      { type: "fixed", name: "F", size: 2 },
      { bytes: () => new Uint8Array(3) },
      new Uint8Array(2),
      "test made 3 bytes, and the schema wants 2",
    ],
  ];
  for (const [what, type, action, bytes, message] of cases)
    test(what, () => {
      expect(failure(record("R", { a: type }), fields({ "$.a": actBy(action) }), bytes)).toBe(message);
    });

  test("and is offered every digit, with the shape of the number", () => {
    const seen: unknown[] = [];
    const action = actBy({
      number(decimal, shape) {
        seen.push([decimal, shape]);
        return decimal.startsWith("-") ? "9223372036854775807" : "-9223372036854775808";
      },
    });
    const long = { type: "long", logicalType: "timestamp-micros" };
    const bytes = join(varint(-(2n ** 63n)), varint(2n ** 63n - 1n));
    expect(operate(record("R", { a: long, b: "long" }), fields({ "$.*": action }), bytes)).toEqual(
      join(varint(2n ** 63n - 1n), varint(-(2n ** 63n))),
    );
    expect(seen).toEqual([
      ["-9223372036854775808", { kind: "integer", bits: 64, signed: true, logical: "timestamp-micros" }],
      ["9223372036854775807", { kind: "integer", bits: 64, signed: true, logical: null }],
    ]);
  });

  test("where it says that a value stays, it stays as it is spelt", () => {
    const action: FieldAction = { name: "none", text: () => null, number: () => null, bytes: () => null };
    const schema = record("R", { a: "string", b: "int", c: "double", d: "bytes", e: ["null", "string"] });
    const bytes = join(bytesOf(0x82, 0), bytesOf(97), varint(7, 3), new Uint8Array(8), textBytes("x", 2), END);
    const { surgeon } = compiled(schema, fields({ "$.*": { kind: "act", action } }));
    expect(surgeon.operate(bytes)).toBeNull();
    expect(surgeon.changed).toEqual([]);
  });
});

describe("blocks", () => {
  const drop = fields({ "$[*].x": DROP, "$[1]": DROP });
  const strings = (...texts: string[]): Uint8Array => join(...texts.map((text) => textBytes(text)));

  test("of which nothing is left go, in both forms", () => {
    const bytes = join(varint(1), strings("a"), varint(-1), varint(2), strings("b"), varint(2), strings("c", "d"), END);
    expect(operate(STRINGS, drop, bytes)).toEqual(join(varint(1), strings("a"), varint(2), strings("c", "d"), END));
    expect(operate(STRINGS, fields({ "$[*]": DROP }), bytes)).toEqual(END);
  });

  test("have new counts and sizes where those are others, and else the spelling they had", () => {
    const sized = join(varint(-3, 1), varint(6, 2), strings("a", "b", "c"));
    expect(operate(STRINGS, drop, join(sized, END))).toEqual(join(varint(-2), varint(4), strings("a", "c"), END));
    expect(operate(STRINGS, fields({ "$[1]": SHOUT }), join(sized, END))).toEqual(
      join(varint(-3, 1), varint(6, 2), strings("a", "B", "c"), END),
    );
    expect(operate(STRINGS, fields({ "$[1]": replaceBy("long") }), join(sized, END))).toEqual(
      join(varint(-3, 1), varint(9), strings("a", "long", "c"), END),
    );
  });

  test("in blocks make these longer, too", () => {
    const inner = join(varint(-1), varint(2), strings("a"), END);
    const outer = join(varint(-1), varint(inner.length), inner, END);
    const long = "x".repeat(70);
    const innerAfter = join(varint(-1), varint(72), strings(long), END);
    expect(operate({ type: "array", items: STRINGS }, fields({ "$[0][0]": replaceBy(long) }), outer)).toEqual(
      join(varint(-1), varint(innerAfter.length), innerAfter, END),
    );
  });

  test("that nobody looks into are passed by their size", () => {
    // What the size says is taken for granted, as the specification means it: the block holds no strings.
    const bytes = join(varint(-2), varint(3), bytesOf(255, 255, 255), END, textBytes("a"));
    expect(operate(record("R", { list: STRINGS, a: "string" }), fields({ "$.a": SHOUT }), bytes)).toEqual(
      join(bytes.subarray(0, -1), bytesOf(65)),
    );
  });

  test("of maps lose entries by their keys, each one where a key is repeated", () => {
    const map = { type: "map", values: ["null", "string"] };
    const entry = (key: string, text: string): Uint8Array => join(textBytes(key), varint(1), textBytes(text));
    const bytes = join(varint(3), entry("é", "1"), entry("b", "2"), entry("é", "3"), END);
    const { surgeon } = compiled(map, fields({ "$['é']": DROP }));
    expect(surgeon.operate(bytes)).toEqual(join(varint(1), entry("b", "2"), END));
    expect(surgeon.changed).toEqual(["$['é']", "$['é']"]);
  });

  test("lose what an allow-list leaves nothing of in a union", () => {
    const items = { type: "array", items: ["string", record("S", { a: "string", b: "string" })] };
    const bytes = join(
      varint(3),
      varint(0),
      textBytes("gone"),
      varint(1),
      strings("a", "b"),
      varint(0),
      textBytes("x"),
      END,
    );
    expect(operate(items, keep("$[*].b"), bytes)).toEqual(join(varint(1), varint(1), strings("b"), END));
  });
});

describe("the changes", () => {
  test("are listed one by one, in their order, and once for an allow-list", () => {
    const schema = record("R", { a: "string", list: STRINGS, b: "int" });
    const bytes = join(textBytes("x"), varint(2), textBytes("y"), textBytes("z"), END, varint(5));
    const listed = compiled(schema, fields({ "$.list[*]": SHOUT, "$.a": DROP, "$.b": replaceBy(5) }));
    listed.surgeon.operate(bytes);
    expect(listed.surgeon.changed).toEqual(["$.a", "$.list[*]", "$.list[*]", "$.b"]);
    const kept = compiled(schema, keep("$.list[0]"));
    expect(kept.surgeon.operate(bytes)).toEqual(join(varint(1), textBytes("y"), END));
    expect(kept.surgeon.changed).toEqual(["(not listed)"]);
  });

  test("are forgotten when the next datum is begun", () => {
    const { surgeon } = compiled(record("R", { a: ["null", "string"] }), fields({ "$.a": SHOUT }));
    expect(surgeon.operate(join(varint(1), textBytes("a")))).toEqual(join(varint(1), textBytes("A")));
    failureOf("filter-failed", () => surgeon.operate(join(varint(1), textBytes("a"), END)));
    expect(surgeon.operate(varint(0))).toBeNull();
    expect(surgeon.changed).toEqual([]);
  });

  test("are those of the outermost field, then of the first rule, by path or by tag", () => {
    const tagged = { name: "a", type: record("S", { b: "string" }), "confluent:tags": ["PII"] };
    const schema = { type: "record", name: "R", fields: [tagged, { name: "c", type: "string" }] };
    const bytes = join(textBytes("x"), textBytes("y"));
    const changed = (selection: Selection): readonly string[] => {
      const { surgeon } = compiled(schema, selection);
      surgeon.operate(bytes);
      return surgeon.changed;
    };
    expect(changed(fields({ "$.a.b": SHOUT, "#PII": SCRAMBLE }))).toEqual(["#PII"]);
    expect(changed(fields({ "$.a": DROP, "#PII": SCRAMBLE }))).toEqual(["$.a"]);
    expect(changed(fields({ "#PII": SCRAMBLE, "$.a": DROP, "$..*": SHOUT }))).toEqual(["#PII", "$..*"]);
  });

  test("by a tag are made in all that the field holds, and in the keys of maps", () => {
    const type = { type: "map", values: ["null", STRINGS] };
    const schema = { type: "record", name: "R", "confluent:tags": ["PII"], fields: [{ name: "a", type }] };
    const bytes = join(varint(1), textBytes("k"), varint(1), varint(1), textBytes("v"), END, END);
    expect(operate(schema, fields({ "#PII": SHOUT }), bytes)).toEqual(
      join(varint(1), textBytes("K"), varint(1), varint(1), textBytes("V"), END, END),
    );
  });

  test("of all texts leave symbols and bytes alone", () => {
    const schema = record("R", {
      e: { type: "enum", name: "E", symbols: ["a"] },
      b: "bytes",
      u: ["int", "string"],
      m: { type: "map", values: "int" },
    });
    const bytes = join(END, textBytes("b"), varint(1), textBytes("u"), varint(1), textBytes("k"), varint(3), END);
    const texts: Selection = { form: "texts", change: SHOUT, label: "texts" };
    expect(operate(schema, texts, bytes)).toEqual(
      join(END, textBytes("b"), varint(1), textBytes("U"), varint(1), textBytes("K"), varint(3), END),
    );
  });
});

describe("a replacement", () => {
  test("is of the first branch of a union that it fits", () => {
    const after = (branches: unknown[], value: unknown): Uint8Array | null =>
      operate(record("R", { a: branches }), fields({ "$.a": replaceBy(value) }), join(varint(0), END));
    const start = ["int", { type: "enum", name: "E", symbols: ["RED"] }];
    expect(after([...start, "null", "string"], null)).toEqual(varint(2));
    expect(after([...start, "string"], "RED")).toEqual(join(varint(1), varint(0)));
    expect(after([...start, "string"], "BLUE")).toEqual(join(varint(2), textBytes("BLUE")));
    expect(after([...start, "double", "long"], 2 ** 31)?.[0]).toBe(4);
    expect(after([...start, STRINGS], ["x"])).toEqual(join(varint(2), varint(1), textBytes("x"), END));
  });

  test("may leave out fields that have a default, and be of any type", () => {
    const of = {
      type: "record",
      name: "S",
      fields: [
        { name: "a", type: "bytes", default: "\u00ff" },
        { name: "b", type: { type: "map", values: "float" } },
      ],
    };
    expect(operate(record("R", { x: of }), fields({ "$.x": replaceBy({ b: { k: 1 } }) }), join(END, END))).toEqual(
      join(bytesOf(2, 0xff), varint(1), textBytes("k"), bytesOf(0, 0, 0x80, 0x3f), END),
    );
  });

  test("of the whole value is possible where it fits", () => {
    expect(operate("string", fields({ $: replaceBy("x") }), textBytes("secret"))).toEqual(textBytes("x"));
    expect(operate(["null", "string"], fields({ $: SHOUT }), join(varint(1), textBytes("x")))).toEqual(
      join(varint(1), textBytes("X")),
    );
  });
});

describe("a field that is blanked", () => {
  const schema = {
    type: "record",
    name: "R",
    fields: [
      { name: "u", type: ["string", "null"], default: "x" },
      { name: "s", type: "string", default: "none" },
      { name: "l", type: "long", default: 2 ** 40 },
      { name: "n", type: "null" },
    ],
  };
  const bytes = join(varint(0), textBytes("secret"), textBytes("secret"), varint(7));
  const blanked = join(varint(1), textBytes("none"), varint(2 ** 40));

  test("is null where it can be, and else its default", () => {
    const { surgeon } = compiled(schema, fields({ "$.*": DROP }), "blank");
    expect(surgeon.operate(bytes)).toEqual(blanked);
    expect(surgeon.changed).toEqual(["$.*", "$.*", "$.*"]);
  });

  test("has not changed where that is what it was", () => {
    const { surgeon } = compiled(schema, keep("$.missing"), "blank");
    expect(surgeon.operate(bytes)).toEqual(blanked);
    expect(surgeon.operate(blanked)).toBeNull();
  });
});

describe("an allow-list for values of several types", () => {
  const events = [record("Made", { id: "int", by: "string" }), record("Gone", { why: "string" })];

  test("empties those it keeps nothing of", () => {
    const { surgeon, reduced } = compiled(events, keep("$.id"));
    expect(reduced).toEqual([record("Made", { id: "int" }), record("Gone", {})]);
    expect(surgeon.operate(join(varint(0), varint(7), textBytes("Ada")))).toEqual(join(varint(0), varint(7)));
    expect(surgeon.operate(join(varint(1), textBytes("Ada left")))).toEqual(varint(1));
  });

  test("makes them a field's default where that is of the schema they are written with", () => {
    const field = (branches: unknown[], value: unknown): object => ({
      type: "record",
      name: "R",
      fields: [{ name: "u", type: branches, default: value }],
    });
    const text = join(varint(0), textBytes("Ada"));
    expect(operate(field(["string", events[0]], "none"), keep("$.u.id"), text)).toEqual(
      join(varint(0), textBytes("none")),
    );
    // The default is a record that loses a field.
    const made = field([events[0], "string"], { id: 1, by: "Ada" });
    expect(failureOf("filter-invalid", () => compiled(made, keep("$.u.id")))).toContain("keep all of $.u");
    expect(compiled(made, keep("$.u.id", "$.u.by"), "blank").surgeon.operate(join(varint(1), textBytes("x")))).toEqual(
      join(varint(0), varint(1), textBytes("Ada")),
    );
  });

  test("makes them null where it can", () => {
    expect(operate([...events, "null"], keep("$.id"), join(varint(1), textBytes("Ada left")))).toEqual(varint(2));
    expect(operate([events[0], "null", record("Nothing", {})], keep("$.id"), varint(2))).toEqual(varint(1));
  });
});
