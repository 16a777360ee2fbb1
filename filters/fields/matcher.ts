/**
 * Paths, compiled to one automaton: walking down a document takes one step per member or element, however many paths
 * there are and however many of them begin with `..`.
 */

import { StraitError } from "../../src/mod.ts";
import { decodeString, encodeJson } from "../json/text.ts";
import type { JsonPath, Segment } from "./path.ts";

/** What is known at one value of a document about the paths that lead there. */
export interface MatchState {
  /** Indexes of the paths that end here, ascending. */
  readonly matches: readonly number[];
  /** Whether a path may end below. */
  readonly live: boolean;
  /** Steps for names and indexes that some path asks for here; all others take `other`. */
  readonly names: ReadonlyMap<string, MatchState>;
  readonly indexes: ReadonlyMap<number, MatchState>;
  readonly other: MatchState;
  /** `names` again, as a hash table over the names' bytes; a power of two long. */
  readonly buckets: readonly (NameEdge | null)[];
}

interface NameEdge {
  /** The name as JSON without any escape, in quotes. */
  readonly quoted: Uint8Array;
  readonly target: MatchState;
  readonly next: NameEdge | null;
}

/**
 * Paths such as `$..a.*.*.*.*` can need exponentially many states, so compiling gives up at this much work: for each step
 * from a state its positions (a path and how far it has come), and `STEP_WORK` for having it. A thousand paths of the
 * form `$..a` need most of it, a fraction of a second.
 */
const MAX_WORK = 1_200_000;
const STEP_WORK = 40;

/**
 * Compiles paths and returns the state of the root. With `below` false nothing is sought below a match. Throws
 * `filter-invalid` where the paths' combinations of `..` and wildcards are too many.
 */
export function compileMatcher(paths: readonly JsonPath[], options: { readonly below: boolean }): MatchState {
  const positions = positionsOf(paths);
  const states = new Map<string, BuiltState>();
  const unfinished: BuiltState[] = [];
  let work = 0;
  const stateOf = (numbers: readonly number[]): BuiltState => {
    work += numbers.length + STEP_WORK;
    if (work > MAX_WORK)
      throw new StraitError(
        "filter-invalid",
        "the paths combine too many `..` and wildcards; name more of the members",
      );
    const distinct = Int32Array.from(new Set(numbers)).sort();
    const key = distinct.join();
    let state = states.get(key);
    if (state === undefined) {
      state = new BuiltState(
        Array.from(distinct, (number) => positions[number]!),
        options.below,
      );
      states.set(key, state);
      unfinished.push(state);
    }
    return state;
  };
  const root = stateOf(positions.filter(({ taken }) => taken === 0).map(({ number }) => number));
  for (let state = unfinished.pop(); state !== undefined; state = unfinished.pop()) state.connect(stateOf);
  return root;
}

/** A state in which nothing matches and that every step leads back to: for looking at all there is. */
export function everywhere(): MatchState {
  return new Everywhere();
}

/** The step to a member whose name's opening quote is at `start`; `end` as on the tape (`NAME_END`). */
export function memberState(state: MatchState, bytes: Uint8Array, start: number, end: number): MatchState {
  if (end < 0) return state.names.get(decodeString(bytes, start, ~end)) ?? state.other;
  const length = end - start;
  const slot = (length + 7 * bytes[start + 1]! + 31 * bytes[end - 2]!) & (state.buckets.length - 1);
  for (let edge = state.buckets[slot] ?? null; edge !== null; edge = edge.next) {
    const quoted = edge.quoted;
    if (quoted.length !== length) continue;
    let i = 1;
    while (i < length && quoted[i] === bytes[start + i]) i++;
    if (i === length) return edge.target;
  }
  return state.other;
}

/** The step to a member by its name: for compiling a schema, where no document is at hand. */
export function namedState(state: MatchState, name: string): MatchState {
  return state.names.get(name) ?? state.other;
}

/** The step to the element at `index`. */
export function elementState(state: MatchState, index: number): MatchState {
  if (state.indexes.size === 0) return state.other;
  return state.indexes.get(index) ?? state.other;
}

/** So many segments of a path are behind us. The position after the next segment has the next number. */
interface Position {
  readonly number: number;
  readonly path: number;
  readonly taken: number;
  /** What the next step is to be; undefined at the end of the path. */
  readonly segment: Segment | undefined;
}

function positionsOf(paths: readonly JsonPath[]): Position[] {
  const positions: Position[] = [];
  for (const [path, segments] of paths.entries())
    for (let taken = 0; taken <= segments.length; taken++)
      positions.push({ number: positions.length, path, taken, segment: segments[taken] });
  return positions;
}

class BuiltState implements MatchState {
  readonly matches: readonly number[];
  readonly names = new Map<string, MatchState>();
  readonly indexes = new Map<number, MatchState>();
  readonly live: boolean;
  other: MatchState = this;
  buckets: (NameEdge | null)[] = [null];
  readonly #waiting: readonly Position[];

  constructor(positions: readonly Position[], below: boolean) {
    this.matches = positions.filter(({ segment }) => segment === undefined).map(({ path }) => path);
    this.#waiting = this.matches.length > 0 && !below ? [] : positions;
    this.live = this.#waiting.some(({ segment }) => segment !== undefined);
  }

  connect(stateOf: (positions: readonly number[]) => BuiltState): void {
    /** Where any step leads: what `..` keeps looking for, and what `*` takes. */
    const always: number[] = [];
    /** Where a step by one name or index leads besides. */
    const named = new Map<string | number, number[]>();
    for (const { number, segment } of this.#waiting) {
      if (segment === undefined) continue;
      if (segment.descend) always.push(number);
      if (segment.selector === null) {
        always.push(number + 1);
        continue;
      }
      const others = named.get(segment.selector);
      if (others === undefined) named.set(segment.selector, [number + 1]);
      else others.push(number + 1);
    }
    this.other = stateOf(always);
    for (const [selector, numbers] of named) {
      const target = stateOf([...always, ...numbers]);
      if (typeof selector === "string") this.names.set(selector, target);
      else this.indexes.set(selector, target);
    }
    this.buckets = hashTable(this.names);
  }
}

class Everywhere implements MatchState {
  readonly matches: readonly number[] = [];
  readonly live = true;
  readonly names: ReadonlyMap<string, MatchState> = new Map();
  readonly indexes: ReadonlyMap<number, MatchState> = new Map();
  readonly buckets: readonly null[] = [null];
  readonly other: MatchState = this;
}

function hashTable(names: ReadonlyMap<string, MatchState>): (NameEdge | null)[] {
  let size = 4;
  while (size < 2 * names.size) size *= 2;
  const buckets = new Array<NameEdge | null>(size).fill(null);
  for (const [name, target] of names) {
    const quoted = encodeJson(name);
    const length = quoted.length;
    const slot = (length + 7 * quoted[1]! + 31 * quoted[length - 2]!) & (size - 1);
    buckets[slot] = { quoted, target, next: buckets[slot] ?? null };
  }
  return buckets;
}
