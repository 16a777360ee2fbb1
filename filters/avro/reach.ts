/** Whether anything that an allow-list keeps can be below a place of a schema. */

import { elementState, type MatchState, namedState } from "../fields/matcher.ts";
import type { AvroType } from "./model.ts";

export class Reach {
  readonly #known = new Map<AvroType, Map<MatchState, boolean>>();

  /** Whether some path can end below a value of the type, to which no path itself leads. */
  from(type: AvroType, state: MatchState): boolean {
    const start: Spot = { type, state };
    const visited = [start];
    const seen = new Map<AvroType, Set<MatchState>>([[type, new Set([state])]]);
    for (let next = 0; next < visited.length; next++) {
      const spot = visited[next]!;
      const known = this.#known.get(spot.type)?.get(spot.state);
      if (
        known === true ||
        (known === undefined && spotsBelow(spot).some(({ state: below }) => below.matches.length > 0))
      ) {
        this.#note(start, true);
        return true;
      }
      if (known === false || !spot.state.live) continue;
      for (const below of spotsBelow(spot)) {
        const states = seen.get(below.type) ?? new Set();
        if (states.has(below.state)) continue;
        seen.set(below.type, states.add(below.state));
        visited.push(below);
      }
    }
    // All that can be reached was looked at, so it is as much of a dead end as where it began.
    for (const spot of visited) this.#note(spot, false);
    return false;
  }

  #note({ type, state }: Spot, reaches: boolean): void {
    const states = this.#known.get(type) ?? new Map<MatchState, boolean>();
    this.#known.set(type, states.set(state, reaches));
  }
}

interface Spot {
  readonly type: AvroType;
  readonly state: MatchState;
}

function spotsBelow({ type, state }: Spot): Spot[] {
  switch (type.kind) {
    case "record":
      return type.fields.map(({ name, place }) => ({ type: place.type, state: namedState(state, name) }));
    case "array":
      return [state.other, ...[...state.indexes.keys()].map((index) => elementState(state, index))].map((below) => ({
        type: type.items.type,
        state: below,
      }));
    case "map":
      return [state.other, ...state.names.values()].map((below) => ({ type: type.values.type, state: below }));
    case "union":
      return type.branches.map((branch) => ({ type: branch.type, state }));
    default:
      return [];
  }
}
