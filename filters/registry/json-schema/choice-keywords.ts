/**
 * Keywords of JSON Schema that combine schemas about the same value.
 *
 * What is left of a value fits into whatever the value fitted into. It may fit into more than that, and so it cannot be
 * said any more what it does not fit into, unless that has nothing to do with what has gone.
 */

import { type MatchState, namedState } from "../../fields/matcher.ts";
import { isObject, notUnderstood } from "./documents.ts";
import type { KeywordPlace, KeywordReducer, Reduction } from "./keyword-reducer.ts";
import { unless } from "./keyword-reducer.ts";

export const choiceKeywords: Readonly<Record<string, KeywordReducer>> = {
  allOf: (value, { out, state }, reduction) => [...listOf(out["allOf"]), ...reduceAll(value, state, reduction)],
  anyOf: (value, { state }, reduction) => reduceAll(value, state, reduction),

  oneOf(value, { out, state }, reduction) {
    const alternatives = reduceAll(value, state, reduction);
    const before = listOf(value);
    if (areOfDifferentTypes(before) || before.every((each) => isAside(each, state, reduction))) return alternatives;
    // More than one may fit.
    reduction.gone();
    out["allOf"] = [...listOf(out["allOf"]), { anyOf: alternatives }];
    return undefined;
  },

  not: (value, { state }, reduction) =>
    unless(reduction, !isAside(value, state, reduction), () => reduction.whole(value)),
  if: (value, { state }, reduction) =>
    unless(reduction, !isAside(value, state, reduction), () => reduction.whole(value)),
  // biome-ignore lint/suspicious/noThenProperty: it is the keyword's name, and nobody awaits the table
  then: branch,
  else: branch,

  $ref(value, { out, state }, reduction) {
    reduction.refer(out, value, state);
    return undefined;
  },
  $dynamicRef: refuse,
  $recursiveRef: refuse,
};

/** Keywords about values that are no containers, and words. */
const ABOUT_SCALARS: ReadonlySet<string> = new Set([
  ...["type", "format", "pattern", "minLength", "maxLength", "multipleOf", "title", "description", "$comment"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
]);

/** Whether a schema says nothing of what may go: then what is left fits into it if and only if the value did. */
function isAside(schema: unknown, state: MatchState, reduction: Reduction): boolean {
  if (!isObject(schema)) return true;
  const isWhole = (name: unknown) => reduction.fateOf(namedState(state, String(name))) === "whole";
  return Object.entries(schema).every(([keyword, value]) => {
    switch (keyword) {
      case "properties":
        return isObject(value) && Object.keys(value).every(isWhole);
      case "required":
        return listOf(value).every(isWhole);
      case "enum":
      case "const":
        return [value].flat().every((each) => typeof each !== "object" || each === null);
      case "allOf":
      case "anyOf":
      case "oneOf":
        return listOf(value).every((each) => isAside(each, state, reduction));
      case "not":
      case "if":
      case "then":
      case "else":
        return isAside(value, state, reduction);
      default:
        return ABOUT_SCALARS.has(keyword);
    }
  });
}

/** Whether no value is of more than one of them. A number may be an integer. */
function areOfDifferentTypes(alternatives: readonly unknown[]): boolean {
  const seen = new Set<string>();
  return alternatives.every((alternative) => {
    const { type } = isObject(alternative) ? alternative : { type: undefined };
    if (typeof type !== "string") return false;
    const kind = type === "integer" ? "number" : type;
    const isNew = !seen.has(kind);
    seen.add(kind);
    return isNew;
  });
}

function branch(value: unknown, { schema, state }: KeywordPlace, reduction: Reduction): unknown {
  return unless(reduction, !isAside(schema["if"], state, reduction), () => reduction.schema(value, state));
}

function reduceAll(value: unknown, state: MatchState, reduction: Reduction): unknown[] {
  if (!Array.isArray(value)) throw notUnderstood("a list of schemas is none");
  return value.map((each) => reduction.schema(each, state));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function refuse(_value: unknown, { keyword }: KeywordPlace): never {
  throw notUnderstood(`fields are to be taken out below a ${keyword}`);
}
