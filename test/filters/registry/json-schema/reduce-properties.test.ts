/** Whatever the schema, the data and the paths: what is left of valid data is valid under what is left of the schema. */

import { expect, test } from "bun:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { type JsonPath, parsePath } from "../../../../filters/fields/path.ts";
import type { Selection } from "../../../../filters/fields/selection.ts";
import { compileJsonSchema } from "../../../../filters/registry/json-schema.ts";
import { StraitError } from "../../../../src/model/errors.ts";
import { outcomeOf } from "../../../support/thrown-by.ts";

const NAMES = ["a", "b", "c"];
const DEPTH = 3;

const name = fc.constantFrom(...NAMES);
const names = fc.uniqueArray(name, { maxLength: 2 });

/** Data of few shapes, so that it is often valid. */
const data = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true, maxDepth: DEPTH },
    fc.constantFrom("x", 1, null),
    tie("object"),
    fc.array(tie("value"), { maxLength: 2 }),
  ),
  object: fc.dictionary(name, tie("value"), { maxKeys: 3 }),
})).object;

type Schema = boolean | Record<string, unknown>;

/** A schema with keywords of all kinds, each of which is often absent. */
function schemaOf(depth: number): fc.Arbitrary<Schema> {
  const leaf: fc.Arbitrary<Schema> = fc.oneof(
    { weight: 4, arbitrary: fc.constant<Schema>({}) },
    { weight: 1, arbitrary: fc.constantFrom<Schema>(true, { type: ["string", "object", "array"] }, { const: "x" }) },
    { weight: 2, arbitrary: fc.constantFrom("one", "two").map((to): Schema => ({ $ref: `#/$defs/${to}` })) },
  );
  if (depth === 0) return leaf;
  const inner = schemaOf(depth - 1);
  const keywords: readonly (readonly [string, fc.Arbitrary<unknown>])[] = [
    ["description", fc.constant("some words")],
    ["properties", fc.dictionary(name, inner, { maxKeys: 3 })],
    ["required", names],
    ["additionalProperties", fc.oneof(inner, fc.boolean())],
    ["minProperties", fc.constantFrom(1, 2)],
    ["dependentRequired", fc.dictionary(name, names, { maxKeys: 2 })],
    ["dependentSchemas", fc.dictionary(name, inner, { maxKeys: 1 })],
    ["propertyNames", fc.constant({ enum: NAMES })],
    ["unevaluatedProperties", fc.boolean()],
    ["items", inner],
    ["minItems", fc.constant(1)],
    ["uniqueItems", fc.constant(true)],
    ["contains", inner],
    ["allOf", fc.array(inner, { minLength: 1, maxLength: 2 })],
    ["anyOf", fc.array(inner, { minLength: 1, maxLength: 2 })],
    ["oneOf", fc.array(inner, { minLength: 1, maxLength: 2 })],
    ["not", inner],
    ["if", inner],
    ["then", inner],
    ["else", inner],
    ["default", data],
  ];
  // With more of them hardly any data would be valid.
  const some = fc
    .subarray([...keywords.keys()], { maxLength: 4 })
    .chain((chosen) => fc.tuple(fc.constant(chosen), fc.tuple(...chosen.map((index) => keywords[index]![1]))))
    .map(([chosen, values]) => Object.fromEntries(chosen.map((index, i) => [keywords[index]![0], values[i]])));
  return fc.oneof({ weight: 3, arbitrary: some }, { weight: 1, arbitrary: leaf });
}

const schema = fc
  .tuple(schemaOf(DEPTH), schemaOf(2), schemaOf(2))
  .map(([root, one, two]) => ({ ...(root === true || root === false ? {} : root), $defs: { one, two } }));

const path = fc
  .array(fc.constantFrom(".a", ".b", ".c", ".*", "..a", "..b", "[*]"), { minLength: 1, maxLength: 3 })
  .map((steps) => `$${steps.join("")}`);

function dropping(paths: readonly JsonPath[]): Selection {
  return {
    form: "fields",
    rules: paths.map((each) => ({ choice: { path: each }, change: { kind: "drop" }, label: "" })),
  };
}

const selection = fc
  .tuple(fc.boolean(), fc.array(path, { minLength: 1, maxLength: 3 }))
  .map(([keep, texts]): Selection => {
    const paths = texts.map(parsePath);
    return keep ? { form: "keep", paths, label: "" } : dropping(paths);
  });

test("what is left of valid data is valid under what is left of the schema", () => {
  const checked = { valid: 0, reduced: 0 };
  fc.assert(
    fc.property(schema, selection, fc.array(data, { minLength: 8, maxLength: 8 }), (whole, selected, values) => {
      const compiled = outcomeOf(() => compileJsonSchema(JSON.stringify(whole), new Map(), selected));
      if (compiled instanceof StraitError) {
        expect(compiled.code).toBe("filter-failed");
        return;
      }
      const left = compiled.reduced;
      if (left === null) return;
      const ajv = new Ajv2020({ strict: false, logger: false });
      const before = attempt(() => ajv.compile(whole));
      if (before === null) return;
      const after = ajv.compile(JSON.parse(left) as object);
      checked.reduced++;
      for (const value of values) {
        if (attempt(() => before(value)) !== true) continue;
        const bytes = Buffer.from(JSON.stringify(value));
        const changed = compiled.surgeon.operate(bytes) ?? bytes;
        checked.valid++;
        const valid = attempt(() => after(read(changed)));
        if (valid === null) continue;
        expect({ value, left: read(changed), errors: valid ? null : after.errors }).toMatchObject({ errors: null });
      }
    }),
    { numRuns: 250 },
  );
  // That it is about something.
  expect(checked.reduced).toBeGreaterThan(25);
  expect(checked.valid).toBeGreaterThan(80);
});

function read(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Null for schemas that ajv does not take or does not end with: those that refer to themselves and to nothing else. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
