import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import detect from "../../filters/detect.ts";
import { builtInDetectors } from "../../filters/detectors/built-in.ts";
import { validate } from "../../src/config/validate.ts";
import { type KafkaRecord, type OptionProblem, StraitError } from "../../src/mod.ts";
import { createFilter, recordWith, textAfter, valueAfter } from "./apply-filter.ts";
import { samples } from "./detectors/generate.ts";

type Options = Parameters<typeof detect.create>[0];

const IBAN = "DE89370400440532013000";
const CARD = "4111111111111111";
const stars = { action: "replace", value: "***" } as const;
const everything: Options = { detectors: "all", change: stars };
const KEY = "${env:KEY}";

/** Options are checked, the filter is made, and applied, as strait does it. */
async function detected(options: Options, value: string): Promise<string | null> {
  expect(validate(detect.options, options)).toMatchObject({ ok: true });
  return textAfter(await createFilter(detect, options, { [KEY]: "a key" }), value);
}

async function changedIn(options: Options, record: KafkaRecord): Promise<readonly string[]> {
  const result = await (await createFilter(detect, options)).apply(record);
  return result.verb === "replace" ? result.changed : [];
}

describe("in JSON", () => {
  test("matches are changed in every string, and nothing else is", async () => {
    const before = `{ "a" : "pay ${IBAN} now", "b":[1.0,"zoe@example.org"], "c":{"d":"x"} }`;
    expect(await detected(everything, before)).toBe('{ "a" : "pay *** now", "b":[1.0,"***"], "c":{"d":"x"} }');
  });

  test("matches are found behind escapes, and what stays keeps its meaning", async () => {
    expect(await detected(everything, '{"a":"\\u007aoe\\u0040example.org\\n\\ud800"}')).toBe('{"a":"***\\n\\ud800"}');
  });

  test("a record without a match is the very same", async () => {
    const filter = await createFilter(detect, everything);
    expect(await filter.apply(recordWith('{"a":"\\u0061","b":"2026-09-21"}'))).toEqual({ verb: "keep" });
  });

  test("member names and numbers are not looked at", async () => {
    const before = `{"zoe@example.org":${CARD}}`;
    expect(await detected(everything, before)).toBe(before);
  });

  test("numbers are looked at where that is asked for, and become strings", async () => {
    const options: Options = { ...everything, numbers: true };
    expect(await detected(options, `{"card":${CARD},"n":-1.5e3,"b":true,"z":null}`)).toBe(
      '{"card":"***","n":-1.5e3,"b":true,"z":null}',
    );
  });

  test("what is not JSON fails, without showing content", async () => {
    const outcome = detected(everything, `{"a":"${IBAN}`);
    await expect(outcome).rejects.toMatchObject({ code: "filter-failed" });
    await expect(outcome).rejects.not.toThrow(IBAN);
  });

  test("tombstones and empty values pass", async () => {
    const filter = await createFilter(detect, everything);
    for (const value of [null, ""]) expect(await filter.apply(recordWith(value))).toEqual({ verb: "keep" });
  });
});

describe("the change", () => {
  const text = `{"a":"${IBAN} and ${CARD}"}`;

  test("may be another one for a detector", async () => {
    const options: Options = { ...everything, changeFor: { card: { action: "mask", last: 4 } } };
    expect(await detected(options, text)).toBe('{"a":"*** and ************1111"}');
  });

  test("is looked up by the names there are, whatever else objects have", async () => {
    const patterns = [{ name: "constructor", pattern: "C-[0-9]+" }];
    const options: Options = { detectors: ["iban"], patterns, change: stars, changeFor: { iban: { action: "drop" } } };
    expect(await detected(options, `["C-1 ${IBAN}"]`)).toBe('["*** "]');
  });

  test("drop cuts the match out", async () => {
    expect(await detected({ detectors: ["iban"], change: { action: "drop" } }, text)).toBe(`{"a":" and ${CARD}"}`);
  });

  test("hash gives the same pseudonym for the same match, whatever is around it", async () => {
    const options: Options = { detectors: ["iban"], change: { action: "hash", key: KEY, length: 8 } };
    const both = await detected(options, `["${IBAN}","to ${IBAN}."]`);
    const [, pseudonym = ""] = /^\["([0-9a-f]{8})"/.exec(both ?? "") ?? [];
    expect(both).toBe(`["${pseudonym}","to ${pseudonym}."]`);
  });

  test("that leaves a match as it is, leaves the record as it is", async () => {
    const filter = await createFilter(detect, { detectors: ["iban"], change: { action: "truncate", length: 40 } });
    expect(await filter.apply(recordWith(text))).toEqual({ verb: "keep" });
  });
});

describe("with scope field", () => {
  test("the whole text is changed", async () => {
    const options: Options = { ...everything, scope: "field" };
    expect(await detected(options, `{"a":"pay ${IBAN}","b":"x"}`)).toBe('{"a":"***","b":"x"}');
  });

  test("the change of the first match counts", async () => {
    const options: Options = { ...everything, scope: "field", changeFor: { card: { action: "mask", first: 2 } } };
    expect(await detected(options, `["${CARD} ${IBAN}","${IBAN} ${CARD}"]`)).toBe(`["41${"*".repeat(37)}","***"]`);
  });

  test("drop removes the field, with its comma", async () => {
    const options: Options = { detectors: ["email"], change: { action: "drop" }, scope: "field" };
    const cases: readonly [before: string, after: string][] = [
      ['{"a":"x@y.de","b":1}', '{"b":1}'],
      ['{"b":1, "a":"x@y.de"}', '{"b":1}'],
      ['{"b":1,"a":"x@y.de","c":2}', '{"b":1,"c":2}'],
      ['["x@y.de" , "x@y.de"]', "[]"],
      ['[1,"x@y.de",[],"x@y.de","z"]', '[1,[],"z"]'],
      ['{"a":{"b":"x@y.de"},"c":["x@y.de",{"d":"x@y.de","e":[0]},"x@y.de"]}', '{"a":{},"c":[{"e":[0]}]}'],
    ];
    for (const [before, after] of cases) expect(await detected(options, before)).toBe(after);
  });

  test("drop counts before other changes", async () => {
    const options: Options = { ...everything, scope: "field", changeFor: { email: { action: "drop" } } };
    expect(await detected(options, `["${IBAN} x@y.de","${IBAN}"]`)).toBe('["***"]');
  });

  test("a value that is one text cannot be dropped, and fails", async () => {
    const options: Options = { detectors: ["email"], change: { action: "drop" }, scope: "field" };
    await expect(detected(options, '"x@y.de"')).rejects.toMatchObject({ code: "filter-failed" });
  });

  test("removing fields leaves what parsing, removing and writing leaves", async () => {
    const filter = await createFilter(detect, { detectors: ["email"], change: { action: "drop" }, scope: "field" });
    const leaf = fc.constantFrom<unknown>("x@y.de", "x", 1, null, true);
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "medium" },
        leaf,
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("tree"), { noNullPrototype: true }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, fc.constantFrom(0, 1), async (value, indent) => {
        const result = await textAfter(filter, JSON.stringify([value], null, indent));
        expect(JSON.parse(result ?? "")).toEqual(without([value]));
      }),
      { numRuns: 500 },
    );
  });
});

/** A value without the texts that are an address. */
function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== "x@y.de").map(without);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== "x@y.de")
      .map(([name, item]) => [name, without(item)]),
  );
}

describe("elsewhere", () => {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();

  test("a whole value is one text with format text", async () => {
    expect(await detected({ ...everything, format: "text" }, `x ${IBAN}\n"`)).toBe('x ***\n"');
  });

  test("the key is looked at with target key, and the value is not", async () => {
    const filter = await createFilter(detect, { ...everything, target: "key", format: "text" });
    const record = { ...recordWith(`{"a":"${IBAN}"}`), key: encoder.encode("zoe@example.org") };
    const result = await filter.apply(record);
    expect(result).toMatchObject({ verb: "replace", changed: ["key email"] });
    expect(decoder.decode((result.verb === "replace" && result.key) || undefined)).toBe("***");
    expect(valueAfter(record, result)).toBe(record.value);
  });

  test("only filters on keys say that they change keys", () => {
    expect(detect.changesKey?.({ ...everything, target: "key" })).toBe(true);
    expect(detect.changesKey?.(everything)).toBe(false);
  });

  test("headers are looked at with target headers", async () => {
    const headers = [
      { name: "from", value: encoder.encode("Zoë <zoe@example.org>") },
      { name: "none", value: null },
      { name: "n", value: encoder.encode("1") },
    ];
    const filter = await createFilter(detect, { ...everything, target: "headers" });
    const result = await filter.apply(recordWith("x", headers));
    expect(result).toMatchObject({ verb: "replace", changed: ["header email"] });
    const after = result.verb === "replace" ? (result.headers ?? []) : [];
    expect(after.map(({ name, value }) => [name, value && decoder.decode(value)])).toEqual([
      ["from", "Zoë <***>"],
      ["none", null],
      ["n", "1"],
    ]);
  });

  test("headers are dropped whole with scope field", async () => {
    const headers = [{ name: "from", value: encoder.encode("zoe@example.org") }];
    const options: Options = { detectors: ["email"], change: { action: "drop" }, scope: "field", target: "headers" };
    const filter = await createFilter(detect, options);
    expect(await filter.apply(recordWith("x", headers))).toMatchObject({ headers: [], changed: ["header email"] });
  });
});

describe("the evidence", () => {
  test("has the detector's name for each match", async () => {
    const record = recordWith(`{"a":"${IBAN} ${IBAN} x@y.de","b":["${CARD}"]}`);
    expect(await changedIn(everything, record)).toEqual(["iban", "iban", "email", "card"]);
    expect(await changedIn({ ...everything, scope: "field" }, record)).toEqual(["iban", "iban", "email", "card"]);
  });

  test("has the names of dropped fields' matches", async () => {
    const options: Options = { detectors: ["email", "iban"], change: { action: "drop" }, scope: "field" };
    expect(await changedIn(options, recordWith(`{"a":"${IBAN} x@y.de"}`))).toEqual(["iban", "email"]);
  });

  test("has the names of patterns", async () => {
    const patterns = [{ name: "customer", pattern: "C-[0-9]+" }];
    expect(await changedIn({ patterns, change: stars }, recordWith('["C-12","C-"]'))).toEqual(["customer"]);
  });

  test("of one record says nothing of the one before, also of another partition", async () => {
    const filter = await createFilter(detect, everything);
    const first = await filter.apply({ ...recordWith(`["${IBAN}"]`), partition: 1 });
    await filter.apply({ ...recordWith('["x@y.de","x@y.de"]'), partition: 2 });
    expect(first).toMatchObject({ changed: ["iban"] });
    expect(await filter.apply({ ...recordWith(`["${CARD}"]`), partition: 1 })).toMatchObject({ changed: ["card"] });
  });
});

test("no value that was found is anywhere in what comes out", async () => {
  const filter = await createFilter(detect, everything);
  const names = builtInDetectors.map(({ name }) => name);
  const hidden = fc.constantFrom(...names).chain((name) => samples[name]!.map(({ value }) => value));
  await fc.assert(
    fc.asyncProperty(fc.array(hidden, { minLength: 1, maxLength: 6 }), fc.string(), async (values, other) => {
      const record = recordWith(JSON.stringify({ other: `${other} `, list: values, text: values.join("; ") }));
      const result = await filter.apply(record);
      const after = Buffer.from(valueAfter(record, result) ?? new Uint8Array()).toString();
      for (const value of values) expect(after).not.toContain(value);
      expect(result.verb === "replace" && names.some((name) => result.changed.includes(name))).toBe(true);
      expect(result.verb === "replace" && result.changed.every((name) => names.includes(name))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("an action that cannot handle a match fails without showing it", async () => {
  const options: Options = { detectors: ["iban"], change: { action: "generalise", to: "month" } };
  const thrown: unknown = await detected(options, `{"a":"${IBAN}"}`).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(StraitError);
  expect((thrown as StraitError).code).toBe("filter-failed");
  expect((thrown as StraitError).message).not.toContain(IBAN);
});

describe("the options", () => {
  const problems = (options: Options): readonly OptionProblem[] => detect.check?.(options) ?? [];

  test("accept what the reference documents", () => {
    for (const options of [
      everything,
      { detectors: ["email", "iban"], change: { action: "drop" }, scope: "field" },
      { patterns: [{ name: "customer", pattern: "\\bC-[0-9]{6}\\b" }], change: stars, numbers: true },
      { ...everything, changeFor: { ipv4: { action: "generalise", to: "network" } }, target: "headers" },
    ]) {
      expect(validate(detect.options, options)).toMatchObject({ ok: true });
      expect(problems(options as Options)).toEqual([]);
    }
  });

  for (const [what, options] of [
    ["no change", { detectors: "all" }],
    ["no name for a pattern", { patterns: [{ pattern: "x" }], change: stars }],
    ["a name that is none", { patterns: [{ name: "A b", pattern: "x" }], change: stars }],
    ["a pattern that is too long", { patterns: [{ name: "a", pattern: "x".repeat(1001) }], change: stars }],
    ["an empty list of detectors", { detectors: [], change: stars }],
    ["another scope", { ...everything, scope: "record" }],
    ["an unknown option", { ...everything, detector: "email" }],
  ] as const) {
    test(`refuse ${what}`, () => {
      expect(validate(detect.options, options)).toMatchObject({ ok: false });
    });
  }

  const wrong: readonly [what: string, options: Options, path: string, message: string][] = [
    ["nothing to look for", { change: stars }, "", "needs `detectors`, `patterns` or both"],
    [
      "an unknown detector",
      { detectors: ["mail"], change: stars },
      "/detectors/0",
      "is no detector; there are email, ",
    ],
    ["one listed twice", { detectors: ["email", "email"], change: stars }, "/detectors/1", "is listed twice"],
    [
      "a pattern that RE2 refuses, in its words",
      { patterns: [{ name: "a", pattern: "(?=x)" }], change: stars },
      "/patterns/0/pattern",
      "error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
    ],
    [
      "a pattern with the name of a detector",
      { patterns: [{ name: "iban", pattern: "x" }], change: stars },
      "/patterns/0/name",
      "is the name of a built-in detector",
    ],
    [
      "two patterns of one name",
      {
        patterns: [
          { name: "a", pattern: "x" },
          { name: "a", pattern: "y" },
        ],
        change: stars,
      },
      "/patterns/1/name",
      "is the name of another pattern",
    ],
    [
      "a change for what is not looked for",
      { detectors: ["email"], change: stars, changeFor: { iban: stars } },
      "/changeFor/iban",
      "is not looked for; there are email",
    ],
    [
      "a replacement that is no text",
      { detectors: "all", change: { action: "replace", value: null } },
      "/change/value",
      "must be a text: it stands in the place of one",
    ],
    [
      "dropping fields where that cannot be done",
      { detectors: "all", change: { action: "drop" }, scope: "field", format: "text" },
      "/change/action",
      "whole fields are dropped from JSON and headers only; replace them",
    ],
    ["numbers outside of JSON", { ...everything, numbers: true, format: "text" }, "/numbers", "is for JSON only"],
  ];
  for (const [what, options, path, message] of wrong) {
    test(`refuse ${what}`, () => {
      expect(problems(options)).toEqual([{ path, message: expect.stringContaining(message) }]);
    });
  }
});
