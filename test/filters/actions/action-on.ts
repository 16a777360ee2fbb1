/** Makes an action as a filter does, on its own. */

import type { ActionOptions } from "../../../filters/actions/action-options.ts";
import { createAction } from "../../../filters/actions/create-action.ts";
import type { FieldAction, NumberShape } from "../../../filters/fields/change.ts";
import { StraitError } from "../../../src/mod.ts";
import { contextWith } from "../apply-filter.ts";

export const KEY = "${env:KEY}";
export const LABEL = "$.field";

/** `key` is what KEY stands for. */
export async function actionOn(options: ActionOptions, key = "a key"): Promise<FieldAction> {
  const change = await createAction(options, contextWith({ [KEY]: key }), LABEL);
  if (change.kind !== "act") throw new Error("it is no action on a value");
  return change.action;
}

export function integer(bits: 32 | 64, signed = true, logical: string | null = null): NumberShape {
  return { kind: "integer", bits, signed, logical };
}

export function float(bits: 32 | 64): NumberShape {
  return { kind: "float", bits, signed: true, logical: null };
}

/** The message a value fails with; throws for one that does not, and for another kind of failure. */
export function failureOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof StraitError && error.code === "filter-failed") return error.message;
    throw error;
  }
  throw new Error("the value passed");
}
