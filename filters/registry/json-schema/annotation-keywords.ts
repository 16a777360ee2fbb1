/** Keywords of JSON Schema that describe or list values, and those strait does not know. */

import { isObject, notUnderstood } from "./documents.ts";
import { type KeywordPlace, type KeywordReducer, type Reduction, unless } from "./keyword-reducer.ts";

export const annotationKeywords: Readonly<Record<string, KeywordReducer>> = {
  // Values somebody wrote down may be those of a field that goes.
  default: takenOver,
  example: takenOver,
  examples: (value, _place, reduction) =>
    unless(reduction, isObject(value) || [value].flat().some(holdsSomething), () => value),
  enum: values,
  const: values,

  // Lists of words, which `takenOver` would leave out.
  type: (value) => value,
  "confluent:tags": (value) => value,

  // What parts refer to is added in the end.
  $defs: () => undefined,
  definitions: () => undefined,

  $id: identifier,
  id: identifier,
};

/** For any other keyword: text is about what is left, a container may be about what has gone. */
export function takenOver(value: unknown, _place: KeywordPlace, reduction: Reduction): unknown {
  return unless(reduction, holdsSomething(value), () => value);
}

function values(value: unknown, { keyword }: KeywordPlace): unknown {
  if ([value].flat().some(holdsSomething)) {
    throw notUnderstood(`fields are to be taken out of values that ${keyword} lists`);
  }
  return value;
}

/** It would change what references inside are relative to. */
function identifier(value: unknown, { keyword, isRoot }: KeywordPlace): unknown {
  if (!isRoot && typeof value === "string") throw notUnderstood(`a schema inside has an ${keyword}`);
  return value;
}

/** Whether something in it could belong to a field. */
function holdsSomething(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
