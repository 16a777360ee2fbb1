/**
 * Paths, compiled to one automaton: walking down a document takes one step per member or element, however many paths
 * there are and however many of them begin with `..`.
 */

import { StraitError } from "../../src/mod.ts";
import type { JsonPath } from "./path.ts";
import { decodeString, encodeJson } from "./text.ts";

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
 * Paths such as `$..a.*.*.*.*` can need exponentially many states. Compiling gives up at this many positions (a path and
 * how far it has come) in all steps together; a thousand paths of the form `$..a` need half of it.
 */
const MAX_POSITIONS = 2_000_000;

/**
 * Compiles paths and returns the state of the root. With `below` false nothing is sought below a match. Throws
 * `filter-invalid` where the paths' combinations of `..` and wildcards are too many.
 */
export function compileMatcher(paths: readonly JsonPath[], options: { readonly below: boolean }): MatchState {
  const states = new Map<string, BuiltState>();
  const unfinished: BuiltState[] = [];
  let handled = 0;
  const stateOf = (positions: readonly Position[]): BuiltState => {
    handled += positions.length + 1;
    if (handled > MAX_POSITIONS)
      throw new StraitError(
        "filter-invalid",
        "the paths combine too many `..` and wildcards; name more of the members",
      );
    const unique = new Map(positions.map((position) => [`${position.path}/${position.taken}`, position]));
    const key = [...unique.keys()].sort().join(" ");
    let state = states.get(key);
    if (state === undefined) {
      state = new BuiltState([...unique.values()], paths, options.below);
      states.set(key, state);
      unfinished.push(state);
    }
    return state;
  };
  const root = stateOf(paths.map((_, path) => ({ path, taken: 0 })));
  for (let state = unfinished.pop(); state !== undefined; state = unfinished.pop()) state.connect(paths, stateOf);
  return root;
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

/** The step to the element at `index`. */
export function elementState(state: MatchState, index: number): MatchState {
  if (state.indexes.size === 0) return state.other;
  return state.indexes.get(index) ?? state.other;
}

/** So many segments of a path are behind us. */
interface Position {
  readonly path: number;
  readonly taken: number;
}

class BuiltState implements MatchState {
  readonly matches: readonly number[];
  readonly names = new Map<string, MatchState>();
  readonly indexes = new Map<number, MatchState>();
  live = false;
  other: MatchState = this;
  buckets: (NameEdge | null)[] = [null];
  readonly #positions: readonly Position[];

  constructor(positions: readonly Position[], paths: readonly JsonPath[], below: boolean) {
    const ended = positions.filter(({ path, taken }) => taken === paths[path]?.length);
    this.matches = ended.map(({ path }) => path).sort((a, b) => a - b);
    this.#positions = ended.length > 0 && !below ? [] : positions.filter((position) => !ended.includes(position));
  }

  connect(paths: readonly JsonPath[], stateOf: (positions: readonly Position[]) => BuiltState): void {
    /** Where any step leads: what `..` keeps looking for, and what `*` takes. */
    const always: Position[] = [];
    /** Where a step by one name or index leads besides. */
    const named = new Map<string | number, Position[]>();
    for (const position of this.#positions) {
      const segment = paths[position.path]?.[position.taken];
      if (segment === undefined) throw new RangeError(`path ${position.path} has no segment ${position.taken}`);
      const taken = { path: position.path, taken: position.taken + 1 };
      if (segment.descend) always.push(position);
      if (segment.selector === null) always.push(taken);
      else named.set(segment.selector, [...(named.get(segment.selector) ?? []), taken]);
    }
    this.live = this.#positions.length > 0;
    this.other = stateOf(always);
    for (const [selector, positions] of named) {
      const target = stateOf([...always, ...positions]);
      if (typeof selector === "string") this.names.set(selector, target);
      else this.indexes.set(selector, target);
    }
    this.buckets = hashTable(this.names);
  }
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
