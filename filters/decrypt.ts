/** The `decrypt` filter: the exact originals in the place of what `redact` or `detect` encrypted. */

import { defineFilter, type FilterContext, type OptionProblem, Type } from "../src/mod.ts";
import { KEY_VERSION_PATTERN, SecretReference, secretKey } from "./actions/secrets.ts";
import type { FieldChange } from "./fields/change.ts";
import { compilePaths, type OptionPath, PathOption } from "./fields/option-paths.ts";
import { parsePath } from "./fields/path.ts";
import type { Selection } from "./fields/selection.ts";
import { payloadFilter } from "./payload/payload-filter.ts";
import { changesKey, labelIn, payloadOptions, payloadProblems } from "./payload/payload-options.ts";

const keys = Type.Record(Type.String({ pattern: KEY_VERSION_PATTERN }), SecretReference, {
  minProperties: 1,
  additionalProperties: false,
  description:
    "The keys by version: 32 bytes each, as base64 or 64 hex digits. Old versions stay here as long as there is something they encrypted.",
});

const Options = Type.Union([
  Type.Object(
    {
      paths: Type.Array(PathOption, {
        minItems: 1,
        maxItems: 1000,
        description: "Where tokens are. Null stays; anything else there that is no whole token fails.",
      }),
      keys,
      ...payloadOptions,
    },
    { additionalProperties: false, description: "Decrypts what is at these paths." },
  ),
  Type.Object(
    {
      all: Type.Literal(true, { description: "Every text that is a token, wherever it is. Other texts stay." }),
      keys,
      ...payloadOptions,
    },
    { additionalProperties: false, description: "Decrypts every token." },
  ),
]);
type Options = Type.Static<typeof Options>;

/** What the evidence calls a token that was not at a configured path. */
const TOKENS = "(tokens)";

export default defineFilter({
  name: "decrypt",
  description:
    "Puts the exact originals back in the place of what was encrypted. A token of an unknown key version, or one that was changed or cut off, fails.",
  options: Options,
  changesKey,

  check(options) {
    const paths = pathsOf(options);
    const compiled = compilePaths(paths, { below: false, pointer: "/paths" });
    if (!compiled.ok) return compiled.problems;
    const problems: OptionProblem[] = payloadProblems(options, { tags: false, paths });
    return problems;
  },

  async create(options, context) {
    return payloadFilter(options, await selectionOf(options, context), context);
  },
});

function pathsOf(options: Options): OptionPath[] {
  return "paths" in options ? options.paths.map((text, index) => ({ text, pointer: `/paths/${index}` })) : [];
}

async function selectionOf(options: Options, context: FilterContext): Promise<Selection> {
  const changeFor = await decryption(options, context);
  if (!("paths" in options)) {
    const label = labelIn(options, TOKENS);
    return { form: "texts", change: changeFor(label, false), label };
  }
  const rules = options.paths.map((path) => {
    const label = labelIn(options, path);
    return { choice: { path: parsePath(path) }, change: changeFor(label, true), label };
  });
  return { form: "fields", rules };
}

/** Rejects with `secret-unavailable` where a key is not one. */
async function decryption(
  options: Options,
  context: FilterContext,
): Promise<(label: string, required: boolean) => FieldChange> {
  const { decrypt } = await import("./actions/decrypt.ts");
  const { FieldKeys } = await import("./actions/field-keys.ts");
  const byVersion = new Map<string, InstanceType<typeof FieldKeys>>();
  for (const [version, reference] of Object.entries(options.keys))
    byVersion.set(version, new FieldKeys(await secretKey(context, reference, `decrypting version ${version}`)));
  return (label, required) => ({ kind: "act", action: decrypt({ keys: byVersion, required }, label) });
}
