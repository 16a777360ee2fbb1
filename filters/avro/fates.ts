/**
 * What is to happen at each place of a schema, once the selection is applied to it. A `shell` is what is left of a type of
 * which no value is left; null where the type is as it was.
 */

import type { FieldAction } from "../fields/change.ts";
import type { AvroType, ContainerType } from "./model.ts";

export type Fate =
  | { readonly kind: "stays" }
  /** A record's field, which the reduced schema will not have, or an item of an array or a map. */
  | { readonly kind: "goes"; readonly rule: number; readonly shell: FateNode | null }
  | ConstantFate
  | { readonly kind: "acted"; readonly rule: number; readonly action: FieldAction; readonly type: AvroType }
  /** Something below may have another fate. */
  | { readonly kind: "within"; readonly node: FateNode };

/** The same bytes stand in the place of each. */
export interface ConstantFate {
  readonly kind: "constant";
  readonly rule: number;
  readonly bytes: Uint8Array;
  /** Whether those that stood there already count as changed. */
  readonly always: boolean;
  /** For a branch of a union whose values become one of another branch. */
  readonly whole: { readonly shell: FateNode | null } | null;
}

/** A type in one of the ways the selection looks at it. A place in a recursive type may lead to the same node again. */
export interface FateNode {
  readonly type: ContainerType;
  /** Of each field of a record, of each branch of a union, or the one of what an array or a map holds. */
  readonly parts: Fate[];
  /** For elements and entries that differ from that. */
  readonly indexes: Map<number, Fate>;
  readonly keys: Map<string, Fate>;
  /** Of a map's keys. */
  key: Fate;
}

export const STAYS: Fate = { kind: "stays" };

/** The fates of everything directly in a node, in the order of the schema; those of a map's keys left out. */
export function fatesIn(node: FateNode): readonly Fate[] {
  return [...node.parts, ...node.indexes.values(), ...node.keys.values()];
}

/** The nodes that can be reached from `start` by way of `below` and that are goals or lead to one. */
export function nodesLeadingTo(
  start: FateNode | null,
  below: (node: FateNode) => readonly (FateNode | null)[],
  isGoal: (node: FateNode) => boolean,
): Set<FateNode> {
  const holders = new Map<FateNode, FateNode[]>();
  const reached = new Set<FateNode>();
  if (start !== null) reached.add(start);
  for (const node of reached)
    for (const inner of below(node)) {
      if (inner === null) continue;
      reached.add(inner);
      const known = holders.get(inner);
      if (known === undefined) holders.set(inner, [node]);
      else known.push(node);
    }
  const found = new Set([...reached].filter(isGoal));
  for (const node of found) for (const holder of holders.get(node) ?? []) found.add(holder);
  return found;
}
