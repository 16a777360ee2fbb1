/** How one keyword of a JSON Schema is reduced, and what it may ask for while it is. */

import type { MatchState } from "../../fields/matcher.ts";
import type { JsonSchema, JsonSchemaObject } from "./documents.ts";

/** What becomes of the value in a place: it stays with all below, it goes, or it depends on what is below. */
export type Fate = "whole" | "gone" | "partly";
export type FateOf = (state: MatchState) => Fate;

/** Where a keyword stands. */
export interface KeywordPlace {
  readonly keyword: string;
  /** The schema it is in, as it was. */
  readonly schema: JsonSchemaObject;
  /** What is known of the paths at the value the schema is about. */
  readonly state: MatchState;
  /** The schema it will be in, for keywords that become others. */
  readonly out: Record<string, unknown>;
  readonly isRoot: boolean;
}

/** The keyword's value as it is to be; undefined where the keyword goes. */
export type KeywordReducer = (value: unknown, place: KeywordPlace, reduction: Reduction) => unknown;

export interface Reduction {
  readonly fateOf: FateOf;
  readonly emptyGoes: boolean;
  /** A schema about a value of which some is taken out. One that says nothing of that stays whole. */
  schema(schema: unknown, state: MatchState): JsonSchema;
  /** A part that stays as it is, with the definitions it refers to. */
  whole<T>(part: T): T;
  /** Notes that something is left out. */
  gone(): void;
  /** Makes `out` refer to the reduced form of what it referred to. */
  refer(out: Record<string, unknown>, reference: unknown, state: MatchState): void;
}

/** Whether a value may be missing in what is left though it was there. */
export function mayGo(reduction: Reduction, state: MatchState): boolean {
  const fate = reduction.fateOf(state);
  return fate === "gone" || (fate === "partly" && reduction.emptyGoes);
}

/** The part, or undefined, noting it, where `goes`. */
export function unless<T>(reduction: Reduction, goes: boolean, keep: () => T): T | undefined {
  if (!goes) return keep();
  reduction.gone();
  return undefined;
}

/** The schema of all members or elements that have none of their own. `otherwise` stands for one of those that go. */
export function reduceRest(value: unknown, { state }: KeywordPlace, reduction: Reduction, otherwise: unknown): unknown {
  switch (reduction.fateOf(state.other)) {
    case "whole":
      return reduction.whole(value);
    case "partly":
      return reduction.schema(value, state.other);
    case "gone":
      reduction.gone();
      return otherwise;
  }
}

/** About what no other keyword is about: with some of them gone that could be more. */
export function notEvaluated(value: unknown, _place: KeywordPlace, reduction: Reduction): unknown {
  return unless(reduction, value !== true, () => value);
}
