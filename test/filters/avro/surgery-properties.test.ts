/** Surgery against a reference that changes trees, and against avsc, on random schemas, selections and data. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type CompiledAvro, compileAvro } from "../../../filters/avro/compile.ts";
import { readAvroSchema } from "../../../filters/avro/schema.ts";
import { parsePath } from "../../../filters/fields/path.ts";
import type { Selection } from "../../../filters/fields/selection.ts";
import { StraitError } from "../../../src/mod.ts";
import { avscType, avscValue, plain } from "./avsc-values.ts";
import { type Datum, datumBytes, randomDatum } from "./datum.ts";
import { type Gen, type RecordSpec, randomSchema, schemaJson } from "./random-schema.ts";
import { ACTION, randomPath, randomRules } from "./random-selection.ts";
import { changeFields, changeTexts, keepOnly, leadsTo, textsIn } from "./reference.ts";

/** Random cases for each property, and how long they may take on a busy machine. */
const RUNS = 400;
const TIMEOUT_MS = 120_000;
/** Making a failing case smaller can take very long. */
const LIMITS = { numRuns: RUNS, interruptAfterTimeLimit: TIMEOUT_MS / 2 };

interface Case {
  readonly spec: RecordSpec;
  readonly schema: unknown;
  readonly compiled: CompiledAvro;
  readonly change: (datum: Datum) => Datum;
}

type Drops = "reduce" | "blank";

const randomDrops = (gen: Gen): Drops => gen(fc.constantFrom<Drops[]>, "reduce", "reduce", "blank");

function fieldsCase(gen: Gen): Case {
  const spec = randomSchema(gen);
  const { rules, reference } = randomRules(gen, spec);
  const drops = randomDrops(gen);
  return makeCase(spec, { form: "fields", rules }, drops, (datum) => changeFields(datum, reference, drops));
}

function keepCase(gen: Gen): Case {
  const spec = randomSchema(gen);
  const paths = Array.from({ length: gen(fc.integer, { min: 1, max: 3 }) }, () => randomPath(gen, spec));
  const drops = randomDrops(gen);
  const selection: Selection = { form: "keep", paths: paths.map(({ text }) => parsePath(text)), label: "(not listed)" };
  return makeCase(spec, selection, drops, (datum) =>
    keepOnly(
      datum,
      paths.map(({ segments }) => segments),
      drops,
    ),
  );
}

function textsCase(gen: Gen): Case {
  const spec = randomSchema(gen);
  const selection: Selection = { form: "texts", change: { kind: "act", action: ACTION }, label: "texts" };
  return makeCase(spec, selection, "reduce", changeTexts);
}

const FORMS = [
  ["fields are changed", fieldsCase],
  ["an allow-list is kept", keepCase],
  ["all texts are changed", textsCase],
] as const;

/** Goes on to the next case where the schema does not allow the selection; what is refused is tested elsewhere. */
function makeCase(spec: RecordSpec, selection: Selection, drops: Drops, change: Case["change"]): Case {
  const schema = schemaJson(spec);
  try {
    const compiled = compileAvro(readAvroSchema(JSON.stringify(schema)), selection, { drops });
    return { spec, schema, compiled, change };
  } catch (error) {
    if (!(error instanceof StraitError) || error.code !== "filter-invalid") throw error;
    return fc.pre(false) as never;
  }
}

function operate({ compiled }: Case, bytes: Uint8Array): Uint8Array {
  const before = bytes.slice();
  const result = compiled.surgeon.operate(bytes);
  expect(bytes).toEqual(before);
  expect(compiled.surgeon.changed.length > 0).toBe(result !== null);
  return result ?? bytes;
}

for (const [what, makeRandom] of FORMS) {
  describe(`when ${what}`, () => {
    test(
      "only the bytes of the chosen fields, and the counts and sizes around them, are others",
      () => {
        fc.assert(
          fc.property(fc.gen(), (gen) => {
            const random = makeRandom(gen);
            for (let i = 0; i < 3; i++) {
              const datum = randomDatum(gen, random.spec, false);
              const expected = random.change(datum);
              const result = operate(random, datumBytes(datum));
              expect(Buffer.from(result).toString("hex")).toBe(Buffer.from(datumBytes(expected)).toString("hex"));
              const type = avscType(random.compiled.reduced ?? random.schema);
              expect(plain(type.fromBuffer(Buffer.from(result)))).toEqual(avscValue(expected, type));
            }
          }),
          LIMITS,
        );
      },
      TIMEOUT_MS,
    );

    test(
      "the result is the one of avsc's decoding, the change, and avsc's encoding",
      () => {
        fc.assert(
          fc.property(fc.gen(), (gen) => {
            const random = makeRandom(gen);
            const writer = avscType(random.schema);
            const reader = avscType(random.compiled.reduced ?? random.schema);
            const datum = randomDatum(gen, random.spec, true);
            const written = writer.toBuffer(avscValue(datum, writer));
            expect(plain(writer.fromBuffer(written))).toEqual(avscValue(datum, writer));
            const expected = reader.toBuffer(avscValue(random.change(datum), reader));
            expect(Buffer.from(operate(random, written)).toString("hex")).toBe(expected.toString("hex"));
          }),
          LIMITS,
        );
      },
      TIMEOUT_MS,
    );

    test(
      "bytes changed at random give a result or a failure without content",
      () => {
        fc.assert(
          fc.property(fc.gen(), (gen) => {
            const random = makeRandom(gen);
            const bytes = [...datumBytes(randomDatum(gen, random.spec, false))];
            for (let count = gen(fc.integer, { min: 1, max: 4 }); count > 0; count--)
              bytes.splice(
                gen(fc.nat, { max: bytes.length }),
                gen(fc.nat, { max: 2 }),
                ...gen(fc.uint8Array, { maxLength: 2 }),
              );
            try {
              random.compiled.surgeon.operate(Uint8Array.from(bytes));
            } catch (error) {
              if (!(error instanceof StraitError)) throw error;
              expect(error.code).toBe("filter-failed");
              expect(error.message).not.toMatch(/<[0-9]+>/);
              expect(error.message).toMatch(/ at byte [0-9]+$|^scramble made /);
            }
          }),
          LIMITS,
        );
      },
      TIMEOUT_MS,
    );
  });
}

describe("nothing of what was chosen is left", () => {
  test(
    "in the data",
    () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const spec = randomSchema(gen);
          const paths = Array.from({ length: gen(fc.integer, { min: 1, max: 3 }) }, () => randomPath(gen, spec));
          const rules = paths.map(({ text }) => ({
            choice: { path: parsePath(text) },
            change: gen(fc.boolean) ? ({ kind: "drop" } as const) : ({ kind: "act", action: ACTION } as const),
            label: text,
          }));
          const random = makeCase(spec, { form: "fields", rules }, randomDrops(gen), (datum) => datum);
          const datum = randomDatum(gen, spec, false);
          const result = Buffer.from(operate(random, datumBytes(datum))).toString("latin1");
          for (const { text, location, isKey } of textsIn(datum)) {
            const mark = /<[0-9]+>/.exec(text)?.[0];
            const prefixes = location.map((_, index) => location.slice(0, index + 1));
            const chosen = paths.some(({ segments }) => prefixes.some((prefix) => leadsTo(segments, prefix)));
            if (mark !== undefined && !isKey) expect(result.includes(mark)).toBe(!chosen);
          }
        }),
        LIMITS,
      );
    },
    TIMEOUT_MS,
  );

  test(
    "in the schema: no docs and no defaults of fields that it has not",
    () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const random = gen(fc.boolean) ? fieldsCase(gen) : keepCase(gen);
          const { reduced } = random.compiled;
          fc.pre(reduced !== null);
          const text = JSON.stringify(reduced);
          const fields = fieldsOf(reduced);
          for (const [, owner = ""] of text.matchAll(/‹([^›]*)›/g)) expect(fields).toContain(owner);
          expect(() => avscType(reduced)).not.toThrow();
        }),
        LIMITS,
      );
    },
    TIMEOUT_MS,
  );
});

/** `record/field` for all fields in a schema, by what their records were called before they got another name. */
function fieldsOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(fieldsOf);
  if (typeof schema !== "object" || schema === null) return [];
  const { doc, fields, type, items, values } = schema as Record<string, unknown>;
  const record = String(doc).replace("record ", "");
  const named = Array.isArray(fields) ? fields.map(({ name }) => `${record}/${name}`) : [];
  return [...named, ...[fields, type, items, values].flatMap((inner) => fieldsOf(inner))];
}
