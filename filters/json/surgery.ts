/**
 * Redaction of JSON as surgery: the text is outlined once, the outline is walked along the paths, and only the bytes of
 * what a rule names are cut or replaced. Everything else stays as it was, to the byte.
 *
 * A removed member or element takes the comma before it along; one with nothing left before it takes what reaches up to
 * the next one. Where paths overlap, the outermost match counts, and of several paths to one value the first.
 */

import { StraitError } from "../../src/mod.ts";
import { Edits } from "../bytes/edits.ts";
import type { Patch } from "../bytes/patch.ts";
import { ChangedPaths } from "../fields/changed-paths.ts";
import { elementState, type MatchState, memberState } from "../fields/matcher.ts";
import type { Surgeon } from "../fields/surgeon.ts";
import { END, ITEM, JsonTape, NAME_END, NEXT, START, STRIDE } from "./tape.ts";

/**
 * What happens to a value a path leads to: it goes, or the function appends what stands in its place to the patch. The
 * function returns false for a value that is to stay.
 */
export type Change = "remove" | ((bytes: Uint8Array, start: number, end: number, patch: Patch) => boolean);

export interface Rule {
  /** For the list of what was changed. */
  readonly path: string;
  readonly change: Change;
}

/** Changes what `rules` name, keeps all else. Rule `i` belongs to the matcher's path `i`. */
export function changeListed(matcher: MatchState, rules: readonly Rule[]): Surgeon {
  return new Operation(matcher, rules);
}

/**
 * Keeps what the matcher's paths name, with all below it, and the containers on the way there; removes all else,
 * containers that hold nothing kept included. `label` stands for what was removed, once for each record.
 */
export function keepListed(matcher: MatchState, label: string): Surgeon {
  return new Operation(matcher, null, label);
}

class Operation implements Surgeon {
  readonly #root: MatchState;
  readonly #rules: readonly Rule[] | null;
  readonly #changed: ChangedPaths;
  readonly #tape = new JsonTape();
  readonly #edits = new Edits();
  /** The containers around the current one: their states, and five numbers each. */
  readonly #outerStates: MatchState[] = [];
  readonly #outerNumbers: number[] = [];

  constructor(root: MatchState, rules: readonly Rule[] | null, label = "") {
    this.#root = root;
    this.#rules = rules;
    this.#changed = new ChangedPaths(rules === null ? [label] : rules.map(({ path }) => path));
  }

  get changed(): readonly string[] {
    return this.#changed.list;
  }

  operate(bytes: Uint8Array): Uint8Array | null {
    this.#tape.read(bytes);
    this.#edits.clear();
    this.#changed.clear();
    const cells = this.#tape.cells;
    if (this.#root.matches.length > 0) this.#settleMatch(this.#root, bytes, cells[START]!, cells[END]!);
    else if (isContainer(bytes, cells[START]!)) this.#walk(bytes, cells);
    else if (this.#rules === null)
      throw new StraitError(
        "filter-failed",
        "the value is JSON, but neither an object nor an array: no path leads there",
      );
    if (this.#edits.isEmpty) return null;
    if (this.#rules === null) this.#changed.add(0);
    return this.#edits.apply(bytes);
  }

  #walk(bytes: Uint8Array, cells: Int32Array): void {
    const edits = this.#edits;
    const keepsUnlisted = this.#rules !== null;
    const outerStates = this.#outerStates;
    const outerNumbers = this.#outerNumbers;
    outerStates.length = 0;
    outerNumbers.length = 0;
    // The current container: its entry, the state there, how many of its items are done, where the last of them ended,
    // and whether any of them is left.
    let container = 0;
    let state = this.#root;
    let index = 0;
    let lastEnd = 0;
    let someLeft = false;
    let inObject = bytes[cells[START]!] === 0x7b;
    let limit = cells[NEXT]!;
    let entry = STRIDE;
    for (;;) {
      let left: boolean;
      if (entry < limit) {
        const start = cells[entry + START]!;
        const next = inObject
          ? memberState(state, bytes, cells[entry + ITEM]!, cells[entry + NAME_END]!)
          : elementState(state, index);
        if (next.matches.length > 0) {
          left = this.#settleMatch(next, bytes, start, cells[entry + END]!);
        } else if (next.live && isContainer(bytes, start)) {
          outerStates.push(state);
          outerNumbers.push(container, index, lastEnd, someLeft ? 1 : 0, edits.mark());
          container = entry;
          state = next;
          index = 0;
          someLeft = false;
          inObject = bytes[start] === 0x7b;
          limit = cells[entry + NEXT]!;
          entry += STRIDE;
          continue;
        } else {
          left = keepsUnlisted;
        }
      } else {
        // The container is done; go on with it as an item of the one around it.
        const outer = outerStates.pop();
        if (outer === undefined) return;
        left = keepsUnlisted || someLeft;
        const mark = outerNumbers.pop()!;
        if (!left) edits.rewind(mark);
        entry = container;
        someLeft = outerNumbers.pop() === 1;
        lastEnd = outerNumbers.pop()!;
        index = outerNumbers.pop()!;
        container = outerNumbers.pop()!;
        state = outer;
        inObject = bytes[cells[container + START]!] === 0x7b;
        limit = cells[container + NEXT]!;
      }
      const end = cells[entry + END]!;
      const following = cells[entry + NEXT]!;
      if (left) someLeft = true;
      else if (someLeft) edits.remove(lastEnd, end);
      else edits.remove(cells[entry + ITEM]!, following < limit ? cells[following + ITEM]! : end);
      lastEnd = end;
      index++;
      entry = following;
    }
  }

  /** Does what the first path that ends here asks for; returns whether something is left in the value's place. */
  #settleMatch(state: MatchState, bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#rules === null) return true;
    const index = state.matches[0]!;
    const change = this.#rules[index]!.change;
    if (change === "remove") {
      this.#changed.add(index);
      return false;
    }
    const patch = this.#edits.patch;
    const from = patch.length;
    if (change(bytes, start, end, patch)) {
      this.#edits.replace(start, end, from, patch.length);
      this.#changed.add(index);
    }
    return true;
  }
}

function isContainer(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === 0x7b || bytes[start] === 0x5b;
}
