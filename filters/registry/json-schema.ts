/** Surgery on JSON whose schema is a JSON Schema: where its tags are, and what is left of it when fields go. */

import { compileMatcher, type MatchState } from "../fields/matcher.ts";
import type { JsonPath } from "../fields/path.ts";
import type { Selection } from "../fields/selection.ts";
import type { Surgeon } from "../fields/surgeon.ts";
import { compileJson } from "../json/compile.ts";
import { SchemaDocuments } from "./json-schema/documents.ts";
import type { Fate } from "./json-schema/keyword-reducer.ts";
import { reduceJsonSchema } from "./json-schema/reduce.ts";
import { taggedPaths } from "./json-schema/tagged-paths.ts";

export interface CompiledJsonSchema {
  readonly surgeon: Surgeon;
  /** The schema of what the surgeon leaves, as JSON; null where that is the whole schema. */
  readonly reduced: string | null;
}

/**
 * Compiles a selection for data under a JSON Schema. `referenced` are the schemas it refers to, by the names it uses.
 * Throws `filter-failed` for a schema that cannot be followed, `filter-invalid` for what `compileJson` does.
 */
export function compileJsonSchema(
  text: string,
  referenced: ReadonlyMap<string, string>,
  selection: Selection,
): CompiledJsonSchema {
  const documents = new SchemaDocuments(text, referenced);
  const withTags = (tags: readonly string[]) => taggedPaths(documents, tags);
  const surgeon = compileJson(selection, withTags);
  const reduced = reduce(documents, selection, withTags);
  return { surgeon, reduced: reduced === null ? null : JSON.stringify(reduced) };
}

function reduce(
  documents: SchemaDocuments,
  selection: Selection,
  withTags: (tags: readonly string[]) => readonly JsonPath[],
): object | null {
  if (selection.form === "texts") return null;
  if (selection.form === "keep") {
    const root = compileMatcher(selection.paths, { below: false });
    const fateOf = (state: MatchState): Fate => (state.matches.length > 0 ? "whole" : state.live ? "partly" : "gone");
    return reduceJsonSchema(documents, root, { fateOf, emptyGoes: true });
  }
  if (!selection.rules.some(({ change }) => change.kind === "drop")) return null;
  const paths = selection.rules.flatMap(({ choice, change }) => {
    const chosen = "path" in choice ? [choice.path] : withTags(choice.tags);
    return chosen.map((path) => ({ path, drops: change.kind === "drop" }));
  });
  const root = compileMatcher(
    paths.map(({ path }) => path),
    { below: false },
  );
  // Of several rules for a value the first counts.
  const fateOf = ({ matches: [first], live }: MatchState): Fate => {
    if (first !== undefined) return paths[first]?.drops ? "gone" : "whole";
    return live ? "partly" : "whole";
  };
  return reduceJsonSchema(documents, root, { fateOf, emptyGoes: false });
}
