/** The `redact` filter: changes or removes fields. What is done to them is in actions/, how they are found in payload/. */

import { defineFilter, type FilterContext, type OptionProblem, Type } from "../src/mod.ts";
import { actionOptions, actionProblems } from "./actions/action-options.ts";
import { createAction } from "./actions/create-action.ts";
import { compilePaths, type OptionPath, PathOption } from "./fields/option-paths.ts";
import { parsePath } from "./fields/path.ts";
import type { Choice, FieldRule, Selection } from "./fields/selection.ts";
import { payloadFilter } from "./payload/payload-filter.ts";
import { changesKey, labelIn, payloadOptions, payloadProblems } from "./payload/payload-options.ts";

const Field = actionOptions({
  path: Type.Optional(PathOption),
  tags: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      minItems: 1,
      maxItems: 100,
      description: "Instead of a path: every field that the schema gives one of these tags (confluent:tags), as PII.",
    }),
  ),
});
type Field = Type.Static<typeof Field>;

const Options = Type.Union([
  Type.Object(
    {
      keep: Type.Array(PathOption, {
        minItems: 1,
        maxItems: 1000,
        description:
          "What crosses, with all below it. Everything else is removed, but the containers on the way there.",
      }),
      ...payloadOptions,
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
      ...payloadOptions,
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
    "Changes or removes fields of values, keys or headers, in JSON, Protobuf or Avro; all other bytes stay identical. Tombstones and empty values pass, anything that is not of the format fails.",
  options: Options,
  changesKey,

  check(options) {
    const paths = pathsOf(options);
    const compiled = compilePaths(paths, { below: false, pointer: "keep" in options ? "/keep" : "/fields" });
    const problems = compiled.ok ? [] : [...compiled.problems];
    if ("fields" in options)
      for (const [index, field] of options.fields.entries()) problems.push(...fieldProblems(field, `/fields/${index}`));
    else
      for (const { text, pointer } of paths)
        if (text === "$")
          problems.push({ path: pointer, message: "$ is the whole value; leave the filter out to keep it all" });
    const tags = "fields" in options && options.fields.some((field) => field.tags !== undefined);
    if (compiled.ok) problems.push(...payloadProblems(options, { tags, paths }));
    return problems;
  },

  async create(options, context) {
    return payloadFilter(options, await selectionOf(options, context), context);
  },
});

function pathsOf(options: Options): OptionPath[] {
  if ("keep" in options) return options.keep.map((text, index) => ({ text, pointer: `/keep/${index}` }));
  return options.fields.flatMap(({ path }, index) =>
    path === undefined ? [] : [{ text: path, pointer: `/fields/${index}/path` }],
  );
}

function fieldProblems(field: Field, pointer: string): OptionProblem[] {
  const problems = actionProblems(field, pointer);
  if ((field.path === undefined) === (field.tags === undefined))
    problems.push({ path: pointer, message: "needs either `path` or `tags`" });
  if (field.action === "drop" && field.path === "$")
    problems.push({
      path: `${pointer}/path`,
      message: "$ is the whole value; use drop-records to drop whole records",
    });
  return problems;
}

async function selectionOf(options: Options, context: FilterContext): Promise<Selection> {
  if ("keep" in options)
    return { form: "keep", paths: options.keep.map(parsePath), label: labelIn(options, NOT_LISTED) };
  const rules: FieldRule[] = [];
  for (const field of options.fields) {
    const label = labelIn(options, field.path ?? `tags ${(field.tags ?? []).join(", ")}`);
    rules.push({ choice: choiceOf(field), change: await createAction(field, context, label), label });
  }
  return { form: "fields", rules };
}

function choiceOf({ path, tags = [] }: Field): Choice {
  return path === undefined ? { tags } : { path: parsePath(path) };
}
