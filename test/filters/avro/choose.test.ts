import { describe, expect, test } from "bun:test";
import type { Selection } from "../../../filters/fields/selection.ts";
import {
  actBy,
  compiled,
  DROP,
  type Drops,
  failureOf,
  fields,
  keep,
  record,
  replaceBy,
  SCRAMBLE,
  SHOUT,
} from "./compile-with.ts";
import { ACTION } from "./random-selection.ts";

const ENUM = { type: "enum", name: "Color", symbols: ["RED", "GREEN"] };

describe("what a schema does not allow is refused with the place and the reason", () => {
  const texts: Selection = { form: "texts", change: DROP, label: "texts" };
  const numbers = actBy({ number: () => "1" });
  const cases: readonly (readonly [string, object | string, Selection, Drops, string])[] = [
    [
      "dropping everything",
      record("R", {}),
      fields({ $: DROP }),
      "reduce",
      "cannot drop $ by the Avro schema: it is the whole value; use drop-records to drop whole records",
    ],
    [
      "leaving nothing in a dropped field's place",
      record("R", { in: record("I", { a: "int" }) }),
      fields({ "$.in.a": DROP }),
      "blank",
      "cannot drop $.in.a by the Avro schema: it can neither be null nor has it a default; replace it, or let the schema be reduced",
    ],
    [
      "a default that is wrong",
      { type: "record", name: "R", fields: [{ name: "a", type: "int", default: "x" }] },
      fields({ "$.a": DROP }),
      "blank",
      "its default does not fit its type",
    ],
    [
      "dropping by tag",
      { type: "record", name: "R", fields: [{ name: "a", type: "int", "confluent:tags": ["PII"] }] },
      fields({ "#PII": DROP }),
      "blank",
      "cannot drop #PII at $.a by",
    ],
    [
      "a value of another type",
      record("R", { a: "int" }),
      fields({ "$.a": replaceBy("x") }),
      "reduce",
      "cannot replace $.a by the Avro schema: the value does not fit the type (int)",
    ],
    [
      "an int that is too large",
      record("R", { a: "int" }),
      fields({ "$.a": replaceBy(2 ** 31) }),
      "reduce",
      "does not fit the type (int)",
    ],
    [
      "bytes beyond one byte each",
      record("R", { a: "bytes" }),
      fields({ "$.a": replaceBy("€") }),
      "reduce",
      "does not fit the type (bytes)",
    ],
    [
      "an unknown symbol",
      record("R", { a: ENUM }),
      fields({ "$.a": replaceBy("BLUE") }),
      "reduce",
      "does not fit the type (enum Color)",
    ],
    [
      "a record that lacks a field",
      record("R", { a: record("S", { b: "int" }) }),
      fields({ "$.a": replaceBy({}) }),
      "reduce",
      "does not fit the type (record S)",
    ],
    [
      "a record with one more",
      record("R", { a: record("S", {}) }),
      fields({ "$.a": replaceBy({ b: 1 }) }),
      "reduce",
      "does not fit",
    ],
    [
      "an action on a boolean",
      record("R", { a: ["null", "boolean"] }),
      fields({ "$.a": SCRAMBLE }),
      "reduce",
      "cannot scramble $.a by the Avro schema: it holds a boolean; drop or replace it",
    ],
    [
      "an action on an enum",
      record("R", { a: ENUM }),
      fields({ "$.a": SCRAMBLE }),
      "reduce",
      "it holds an enum Color; drop or replace it",
    ],
    [
      "an action on a record",
      record("R", { a: record("S", {}) }),
      fields({ "$.a": SCRAMBLE }),
      "reduce",
      "cannot scramble $.a by the Avro schema: it holds a record S; drop or replace it, or name what is in it",
    ],
    [
      "an action on a list in a union",
      record("R", { a: ["null", "string", { type: "array", items: "string" }] }),
      fields({ "$..a": SHOUT }),
      "reduce",
      "cannot shout $..a at $.a by the Avro schema: it holds an array",
    ],
    [
      "an action that makes no numbers",
      record("R", { a: ["string", { type: "int", logicalType: "date" }] }),
      fields({ "$.a": SHOUT }),
      "reduce",
      "it holds a number (int (date)), of which this action makes none; drop or replace it",
    ],
    [
      "an action that makes no bytes",
      record("R", { a: { type: "map", values: { type: "fixed", name: "F", size: 2 } } }),
      fields({ "$.a['x y']": SHOUT }),
      "reduce",
      `at $.a["x y"] by the Avro schema: it holds bytes (fixed F)`,
    ],
    [
      "an action on a decimal",
      record("R", { a: { type: "bytes", logicalType: "decimal", precision: 4 } }),
      fields({ "$.a": SCRAMBLE }),
      "reduce",
      "it holds a decimal number in bytes; drop or replace it",
    ],
    [
      "a tag on what cannot be changed",
      {
        type: "record",
        name: "R",
        fields: [{ name: "a", type: record("S", { b: "boolean" }), "confluent:tags": ["PII"] }],
      },
      fields({ "#PII": numbers }),
      "reduce",
      "cannot test #PII at $.a.b by the Avro schema: it holds a boolean",
    ],
    [
      "dropping texts",
      record("R", {}),
      texts,
      "reduce",
      "texts are replaced or changed; to drop some, name the fields",
    ],
    [
      "replacing texts by a number",
      record("R", { a: "string" }),
      { form: "texts", change: replaceBy(1), label: "texts" },
      "reduce",
      "cannot replace texts at $.a by the Avro schema: the value does not fit the type (string)",
    ],
    [
      "an allow-list for a scalar",
      "string",
      keep("$.a"),
      "reduce",
      "cannot keep what is listed at $ by the Avro schema: the value is a string",
    ],
    [
      "an allow-list that leaves a scalar with no place to go",
      record("R", { u: ["int", record("S", { b: "int" })] }),
      keep("$.u.b"),
      "reduce",
      "cannot leave out $.u by the Avro schema: an int in its union can neither be null nor has it a default; keep all of $.u",
    ],
    [
      "an allow-list where nothing can be left out",
      record("R", { a: "int", b: "int" }),
      keep("$.a"),
      "blank",
      "cannot leave out $.b by the Avro schema: it can neither be null",
    ],
  ];
  for (const [what, schema, selection, drops, message] of cases)
    test(what, () => {
      expect(failureOf("filter-invalid", () => compiled(schema, selection, drops))).toContain(message);
    });

  test("values are not in the message", () => {
    const message = failureOf("filter-invalid", () =>
      compiled(record("R", { a: "int" }), fields({ "$.a": replaceBy("s3cret") })),
    );
    expect(message).not.toContain("s3cret");
  });
});

describe("a schema of another kind of record is no mistake", () => {
  test("where paths and tags lead nowhere", () => {
    const { surgeon, reduced } = compiled(
      record("R", { a: "int" }),
      fields({ "$.b.c": DROP, "#PII": DROP, "$.a.b": SHOUT }),
    );
    expect(reduced).toBeNull();
    expect(surgeon.operate(Uint8Array.of(2))).toBeNull();
    expect(surgeon.changed).toEqual([]);
  });
});

describe("recursion", () => {
  const node = record("Node", { name: "string", children: { type: "array", items: "Node" } });

  test("takes as many states as the paths have, not as many as the data is deep", () => {
    const { surgeon } = compiled(node, fields({ "$..name": { kind: "act", action: ACTION } }));
    // Three generations: "a" has "b", which has "c".
    const bytes = Uint8Array.of(2, 97, 2, 2, 98, 2, 2, 99, 0, 0, 0);
    expect(surgeon.operate(bytes)).toEqual(
      Uint8Array.of(6, 126, 126, 98, 2, 6, 126, 126, 99, 2, 6, 126, 126, 100, 0, 0, 0),
    );
    expect(surgeon.changed).toEqual(["$..name", "$..name", "$..name"]);
  });

  test("without end has no data, and ends", () => {
    const endless = record("Endless", { me: "Endless", name: "string" });
    for (const selection of [fields({ "$.me.me.name": DROP }), fields({ "$..name": SHOUT }), keep("$.name")]) {
      const { surgeon } = compiled(endless, selection);
      expect(failureOf("filter-failed", () => surgeon.operate(new Uint8Array(9)))).toContain(
        "more than 2000 values in each other",
      );
    }
  });

  test("in sizes that would be astronomical costs nothing", () => {
    const pairs = (leaf: unknown): unknown => {
      let pair: unknown = record("R0", { x: leaf });
      for (let i = 1; i <= 150; i++) pair = record(`R${i}`, { left: pair, right: `R${i - 1}` });
      return record("Top", { pair, name: "string" });
    };
    const nothing = { type: "fixed", name: "Nothing", size: 0 };
    const bytes = new Uint8Array(100);
    for (const change of [DROP, replaceBy(1), SCRAMBLE])
      for (const path of ["$.name", "$..x"]) {
        if (path === "$.name" && change.kind === "replace") continue;
        const { surgeon } = compiled(pairs("double"), fields({ [path]: change }));
        expect(failureOf("filter-failed", () => surgeon.operate(bytes))).toContain("the end inside");
      }
    for (const leaf of ["null", nothing]) {
      const { surgeon } = compiled(pairs(leaf), fields({ "$..x": DROP }));
      expect(surgeon.operate(Uint8Array.of(0))).toBeNull();
      expect(compiled(pairs(leaf), fields({ "$..x": SCRAMBLE })).surgeon.operate(Uint8Array.of(0))).toBeNull();
    }
  });
});
