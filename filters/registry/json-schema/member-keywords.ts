/** Keywords of JSON Schema about the members of an object. */

import { type MatchState, namedState } from "../../fields/matcher.ts";
import { isObject, type JsonSchemaObject, notUnderstood } from "./documents.ts";
import {
  type KeywordPlace,
  type KeywordReducer,
  mayGo,
  notEvaluated,
  type Reduction,
  reduceRest,
  unless,
} from "./keyword-reducer.ts";
import { matchesPattern } from "./matches-pattern.ts";

export const memberKeywords: Readonly<Record<string, KeywordReducer>> = {
  properties(value, { state }, reduction) {
    const kept = entriesOf(value).flatMap(([name, member]): [string, unknown][] => {
      const next = namedState(state, name);
      const fate = reduction.fateOf(next);
      if (fate === "whole") return [[name, reduction.whole(member)]];
      if (fate === "partly") return [[name, reduction.schema(member, next)]];
      reduction.gone();
      return [];
    });
    return Object.fromEntries(kept);
  },

  patternProperties(value, place, reduction) {
    for (const [pattern] of entriesOf(value)) {
      for (const name of place.state.names.keys()) {
        if (matchesPattern(pattern, name)) throw notUnderstood("patternProperties are about a field that a path names");
      }
    }
    const kept = entriesOf(value).map(([pattern, each]) => [pattern, reduceRest(each, place, reduction, undefined)]);
    return Object.fromEntries(kept.filter(([, each]) => each !== undefined));
  },

  // No other member is left: `false` says so, where it was more than yes or no.
  additionalProperties: (value, place, reduction) =>
    isObject(value) ? reduceRest(value, place, reduction, false) : value,
  unevaluatedProperties: notEvaluated,

  required: (value, { state }, reduction) => namesLeft(value, state, reduction),
  dependentRequired: dependents,
  dependentSchemas: dependents,
  dependencies: dependents,
  minProperties: unlessSomeMemberGoes,
  // It may list the names of those that go.
  propertyNames: unlessSomeMemberGoes,
};

/**
 * Members that only `additionalProperties` is about, and that a path wants something else of than of the rest: each gets a
 * schema of its own.
 */
export function undeclaredMembers(
  out: Record<string, unknown>,
  schema: JsonSchemaObject,
  state: MatchState,
  reduction: Reduction,
): void {
  const { additionalProperties: rest, properties, patternProperties } = schema;
  if (!isObject(rest)) return;
  const ofRest = reduction.fateOf(state.other);
  const added: [string, unknown][] = [];
  for (const [name, next] of state.names) {
    const fate = reduction.fateOf(next);
    if (fate === "gone" || (fate === "whole" && ofRest === "whole")) continue;
    if (isObject(properties) && Object.hasOwn(properties, name)) continue;
    if (isObject(patternProperties) && Object.keys(patternProperties).some((each) => matchesPattern(each, name)))
      continue;
    added.push([name, fate === "whole" ? reduction.whole(rest) : reduction.schema(rest, next)]);
  }
  if (added.length > 0)
    out["properties"] = { ...(out["properties"] as object | undefined), ...Object.fromEntries(added) };
}

/** The names that are still there whenever they were. */
function namesLeft(value: unknown, state: MatchState, reduction: Reduction): unknown {
  if (!Array.isArray(value)) throw notUnderstood("a list of names is none");
  const left = value.filter((name) => !mayGo(reduction, namedState(state, String(name))));
  if (left.length < value.length) reduction.gone();
  return left;
}

/** By the name of a member: names, or a schema of the whole object, that it brings along. */
function dependents(value: unknown, { state }: KeywordPlace, reduction: Reduction): unknown {
  const kept = entriesOf(value).flatMap(([name, each]): [string, unknown][] => {
    if (reduction.fateOf(namedState(state, name)) === "gone") {
      reduction.gone();
      return [];
    }
    return [[name, Array.isArray(each) ? namesLeft(each, state, reduction) : reduction.schema(each, state)]];
  });
  return Object.fromEntries(kept);
}

function unlessSomeMemberGoes(value: unknown, { state }: KeywordPlace, reduction: Reduction): unknown {
  const someGoes = [state.other, ...state.names.values()].some((next) => mayGo(reduction, next));
  return unless(reduction, someGoes, () => reduction.whole(value));
}

function entriesOf(value: unknown): [string, unknown][] {
  if (!isObject(value)) throw notUnderstood("a keyword that goes by names has none");
  return Object.entries(value);
}
