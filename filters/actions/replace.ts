/** Replacing: the same JSON value in the place of each. */

import { type OptionProblem, Type } from "../../src/mod.ts";

export const ReplaceOptions = {
  action: Type.Literal("replace"),
  value: Type.Unknown({ description: "Any JSON value." }),
};

/** What is wrong with the value that its schema cannot say. */
export function replaceProblems(value: unknown, pointer: string): OptionProblem[] {
  if (isExactJson(value)) return [];
  return [{ path: `${pointer}/value`, message: "holds a number that JSON cannot carry exactly; write it as a string" }];
}

/** Whether no number in the value is infinite, not a number, or an integer that reading it has already rounded. */
function isExactJson(value: unknown): boolean {
  if (typeof value === "number")
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (typeof value === "object" && value !== null) return Object.values(value).every(isExactJson);
  return true;
}
