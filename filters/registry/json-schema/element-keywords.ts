/** Keywords of JSON Schema about the elements of an array. */

import { elementState } from "../../fields/matcher.ts";
import { isObject, notUnderstood } from "./documents.ts";
import {
  type KeywordPlace,
  type KeywordReducer,
  mayGo,
  notEvaluated,
  type Reduction,
  reduceRest,
  unless,
} from "./keyword-reducer.ts";

export const elementKeywords: Readonly<Record<string, KeywordReducer>> = {
  items: (value, place, reduction) =>
    Array.isArray(value) ? tuple(value, place, reduction) : elements(value, place, reduction),
  prefixItems(value, place, reduction) {
    if (!Array.isArray(value)) throw notUnderstood("prefixItems are no list");
    return tuple(value, place, reduction);
  },
  additionalItems: elements,
  unevaluatedItems: notEvaluated,

  minItems(value, { state }, reduction) {
    const someGoes = [state.other, ...state.indexes.values()].some((next) => mayGo(reduction, next));
    return unless(reduction, someGoes, () => value);
  },

  // Elements may have become the same.
  uniqueItems: (value, place, reduction) => unless(reduction, someElementChanges(place, reduction), () => value),
  // Whether some element still fits is unknown once elements have changed; how many must fit is of no meaning without.
  contains: (value, place, reduction) =>
    unless(reduction, someElementChanges(place, reduction), () => reduction.whole(value)),
  minContains: (value, place, reduction) => unless(reduction, someElementChanges(place, reduction), () => value),
  maxContains: (value, place, reduction) => unless(reduction, someElementChanges(place, reduction), () => value),
};

function elements(value: unknown, place: KeywordPlace, reduction: Reduction): unknown {
  if (!isObject(value)) return value;
  if (place.state.indexes.size > 0) {
    throw notUnderstood("a path names an element by index, and all have one schema; use [*]");
  }
  return reduceRest(value, place, reduction, undefined);
}

function tuple(value: readonly unknown[], { state }: KeywordPlace, reduction: Reduction): unknown {
  return value.map((each, index) => {
    const next = elementState(state, index);
    if (mayGo(reduction, next)) {
      throw notUnderstood("elements are to be taken out of a list whose places have schemas of their own");
    }
    return reduction.fateOf(next) === "whole" ? reduction.whole(each) : reduction.schema(each, next);
  });
}

function someElementChanges({ state }: KeywordPlace, reduction: Reduction): boolean {
  return [state.other, ...state.indexes.values()].some((next) => reduction.fateOf(next) !== "whole");
}
