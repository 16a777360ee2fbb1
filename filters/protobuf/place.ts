/** Where a walk over a schema has come to, as far as paths are concerned. */

import { elementState, type MatchState, namedState } from "../fields/matcher.ts";

/** The same place is the same object, so that places can be keys. */
export interface Place {
  /** Indexes of the paths that lead here, ascending. */
  readonly matches: readonly number[];
  /** Whether a path may end below. */
  readonly live: boolean;
  /** The place of a member that has several names (a field and its JSON name). */
  member(...names: readonly string[]): Place;
  /** The place of a member or element that no path names. */
  other(): Place;
  element(index: number): Place;
  /** The names and the indexes that some path asks for here. */
  readonly names: ReadonlySet<string>;
  readonly indexes: ReadonlySet<number>;
}

/** The place of the root, from the state there. */
export function rootPlace(root: MatchState): Place {
  return new Places().of([root]);
}

/** The matcher knows one name a member; where paths use both of a field's names, the places are sets of its states. */
class Places {
  readonly #numbers = new Map<MatchState, number>();
  readonly #known = new Map<string, Place>();

  of(states: readonly MatchState[]): Place {
    const useful = [...new Set(states.filter(({ matches, live }) => live || matches.length > 0))];
    const key = useful
      .map((state) => this.#number(state))
      .sort((a, b) => a - b)
      .join();
    let place = this.#known.get(key);
    if (place === undefined) {
      place = this.#make(useful);
      this.#known.set(key, place);
    }
    return place;
  }

  #make(states: readonly MatchState[]): Place {
    return {
      matches: [...new Set(states.flatMap(({ matches }) => matches))].sort((a, b) => a - b),
      live: states.some(({ live }) => live),
      member: (...names) =>
        this.of(
          states.flatMap((state) => {
            // A step by name leads wherever any other step leads, and further.
            const named = names.filter((name) => state.names.has(name));
            return named.length === 0 ? [state.other] : named.map((name) => namedState(state, name));
          }),
        ),
      other: () => this.of(states.map(({ other }) => other)),
      element: (index) => this.of(states.map((state) => elementState(state, index))),
      names: new Set(states.flatMap(({ names }) => [...names.keys()])),
      indexes: new Set(states.flatMap(({ indexes }) => [...indexes.keys()])),
    };
  }

  #number(state: MatchState): number {
    const known = this.#numbers.get(state) ?? this.#numbers.size;
    this.#numbers.set(state, known);
    return known;
  }
}
