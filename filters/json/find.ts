/** Looks for values in JSON by path, without changing anything. */

import { elementState, type MatchState, memberState } from "../fields/matcher.ts";
import { END, ITEM, type JsonTape, NAME_END, NEXT, START, STRIDE } from "./tape.ts";

/** Whether the value from `start` to `end`, which the path with index `path` leads to, is what is looked for. */
export type Test = (path: number, bytes: Uint8Array, start: number, end: number) => boolean;

/**
 * Whether some path leads to a value that passes the test. The whole text is validated first, so what is not one JSON
 * text throws `filter-failed` whatever it holds. `matcher` must be compiled with `below`.
 */
export function someMatch(matcher: MatchState, bytes: Uint8Array, tape: JsonTape, test: Test): boolean {
  tape.read(bytes);
  const cells = tape.cells;
  const passes = (state: MatchState, entry: number): boolean =>
    state.matches.some((path) => test(path, bytes, cells[entry + START]!, cells[entry + END]!));
  if (passes(matcher, 0)) return true;
  /** The containers from the root to the current one, with the state and how many items of each are done. */
  const open: { readonly entry: number; readonly state: MatchState; done: number }[] = [];
  let container = { entry: 0, state: matcher, done: 0 };
  let entry = STRIDE;
  for (;;) {
    while (entry >= cells[container.entry + NEXT]!) {
      const outer = open.pop();
      if (outer === undefined) return false;
      container = outer;
    }
    const isMember = cells[entry + NAME_END] !== 0;
    const state = isMember
      ? memberState(container.state, bytes, cells[entry + ITEM]!, cells[entry + NAME_END]!)
      : elementState(container.state, container.done);
    if (passes(state, entry)) return true;
    container.done++;
    if (state.live) {
      // A scalar is like an empty container: nothing lies between it and the next entry.
      open.push(container);
      container = { entry, state, done: 0 };
      entry += STRIDE;
    } else {
      entry = cells[entry + NEXT]!;
    }
  }
}
