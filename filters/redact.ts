/** The `redact` filter: changes or removes fields of JSON values. What it does to the bytes is in json/surgery.ts. */

import { defineFilter, type FilterContext, keep, type OptionProblem, StraitError, Type } from "../src/mod.ts";
import { type CompiledPaths, compilePaths } from "./fields/option-paths.ts";
import type { Surgeon } from "./fields/surgeon.ts";
import { mask } from "./json/mask.ts";
import { pseudonym } from "./json/pseudonym.ts";
import { type Change, changeListed, keepListed, type Rule } from "./json/surgery.ts";
import { encodeJson } from "./json/text.ts";

const Path = Type.String({
  minLength: 1,
  maxLength: 1024,
  description:
    "An RFC 9535 path: names ($.a.b, $['a-b']), indexes from 0 ($.a[0]), wildcards ($.a[*]) and any depth ($..a); no filter expressions, slices, unions and negative indexes.",
});

const Count = Type.Integer({ minimum: 0, maximum: 1000, default: 0, description: "Characters (Unicode code points)." });

const Field = Type.Union([
  Type.Object(
    { path: Path, action: Type.Literal("drop") },
    { additionalProperties: false, description: "Removes the member or element." },
  ),
  Type.Object(
    { path: Path, action: Type.Literal("replace"), value: Type.Unknown({ description: "Any JSON value." }) },
    { additionalProperties: false, description: "Puts the same value in place of each." },
  ),
  Type.Object(
    {
      path: Path,
      action: Type.Literal("mask"),
      first: Type.Optional(Count),
      last: Type.Optional(Count),
      with: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 1,
          default: "*",
          description: "One character, for each that is hidden.",
        }),
      ),
    },
    {
      additionalProperties: false,
      description:
        "Hides all characters but the first and last ones, and all where those would be the whole text. Numbers and booleans become strings, null stays, an object or array fails.",
    },
  ),
  Type.Object(
    {
      path: Path,
      action: Type.Literal("hash"),
      key: Type.String({
        pattern: "^\\$\\{(env:[A-Za-z_][A-Za-z0-9_]*|file:[^{}]+)\\}$",
        description: "The secret key as ${env:NAME} or ${file:PATH}, never itself.",
      }),
    },
    {
      additionalProperties: false,
      description:
        "Puts the HMAC-SHA-256 of the text in its place, as 64 hex digits. Numbers and booleans become strings, null stays, an object or array fails.",
    },
  ),
]);
type Field = Type.Static<typeof Field>;

const Options = Type.Union([
  Type.Object(
    {
      keep: Type.Array(Path, {
        minItems: 1,
        maxItems: 1000,
        description:
          "What crosses, with all below it. Everything else is removed, but the containers on the way there.",
      }),
    },
    { additionalProperties: false, description: "An allow-list: a field nobody listed does not cross." },
  ),
  Type.Object(
    {
      fields: Type.Array(Field, {
        minItems: 1,
        maxItems: 1000,
        description: "What is changed, wherever it matches. Where several match, the outermost counts, then the first.",
      }),
    },
    { additionalProperties: false, description: "A deny-list: everything else crosses as it is." },
  ),
]);
type Options = Type.Static<typeof Options>;

/** What the evidence says of a record from which an allow-list removed something: once a record, however much it was. */
const NOT_LISTED = "(not listed)";

export default defineFilter({
  name: "redact",
  description:
    "Changes or removes fields of JSON values; all other bytes stay identical. Tombstones and empty values pass, anything else that is not JSON fails.",
  options: Options,

  check(options) {
    const compiled = compile(options);
    const problems = compiled.ok ? [] : [...compiled.problems];
    if ("fields" in options)
      for (const [index, field] of options.fields.entries()) problems.push(...fieldProblems(field, `/fields/${index}`));
    else
      for (const [index, path] of options.keep.entries())
        if (path === "$")
          problems.push({
            path: `/keep/${index}`,
            message: "$ is the whole value; leave the filter out to keep it all",
          });
    return problems;
  },

  async create(options, context) {
    const surgeon = await surgeonFor(options, context);
    return {
      apply({ value }) {
        if (value === null || value.length === 0) return keep;
        const redacted = surgeon.operate(value);
        // Spelt out, because replace() copies its parts: 0.2 us a record (Bun 1.4.5), a fifth of the whole.
        return redacted === null ? keep : { verb: "replace", value: redacted, changed: surgeon.changed };
      },
    };
  },
});

function compile(options: Options): CompiledPaths {
  return "keep" in options
    ? compilePaths(
        options.keep.map((text, index) => ({ text, pointer: `/keep/${index}` })),
        { below: false, pointer: "/keep" },
      )
    : compilePaths(
        options.fields.map(({ path }, index) => ({ text: path, pointer: `/fields/${index}/path` })),
        { below: false, pointer: "/fields" },
      );
}

function fieldProblems(field: Field, pointer: string): OptionProblem[] {
  if (field.action === "drop" && field.path === "$")
    return [{ path: `${pointer}/path`, message: "$ is the whole value; use drop-records to drop whole records" }];
  if (field.action === "replace" && !isExactJson(field.value))
    return [
      { path: `${pointer}/value`, message: "holds a number that JSON cannot carry exactly; write it as a string" },
    ];
  if (field.action === "mask" && field.with?.isWellFormed() === false)
    return [{ path: `${pointer}/with`, message: "is half a surrogate pair" }];
  return [];
}

/** Whether no number in the value is infinite, not a number, or an integer that reading it has already rounded. */
function isExactJson(value: unknown): boolean {
  if (typeof value === "number")
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (typeof value === "object" && value !== null) return Object.values(value).every(isExactJson);
  return true;
}

async function surgeonFor(options: Options, context: FilterContext): Promise<Surgeon> {
  const compiled = compile(options);
  if (!compiled.ok) throw new StraitError("filter-invalid", compiled.problems.map(({ message }) => message).join("; "));
  if ("keep" in options) return keepListed(compiled.matcher, NOT_LISTED);
  const rules: Rule[] = [];
  for (const field of options.fields) rules.push({ path: field.path, change: await changeFor(field, context) });
  return changeListed(compiled.matcher, rules);
}

async function changeFor(field: Field, context: FilterContext): Promise<Change> {
  switch (field.action) {
    case "drop":
      return "remove";
    case "replace": {
      const value = encodeJson(field.value);
      return (_bytes, _start, _end, patch) => {
        patch.append(value);
        return true;
      };
    }
    case "mask":
      return mask({ path: field.path, first: field.first ?? 0, last: field.last ?? 0, with: field.with ?? "*" });
    case "hash": {
      const key = await context.secret(field.key);
      if (key === "") throw new StraitError("secret-unavailable", `the key for hashing ${field.path} is empty`);
      return pseudonym(field.path, key);
    }
  }
}
