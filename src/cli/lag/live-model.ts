/** What `strait lag --watch` knows, from the events so far. */

import type { LinkLag } from "../../control/lag.ts";
import type { StateEvent, Update } from "../events/follow-events.ts";
import { type LagScope, narrowed } from "./lag-scope.ts";

export interface LiveLink {
  readonly lag: LinkLag;
  /** Null before the first event about it. */
  readonly state: StateEvent | null;
  /** When its lag was last heard, milliseconds since the epoch. */
  readonly heardAt: number;
}

export interface LiveModel {
  readonly links: ReadonlyMap<string, LiveLink>;
  /** States of links whose lag was not heard yet. */
  readonly states: ReadonlyMap<string, StateEvent>;
  /** Why no events come; null while they do. */
  readonly disconnected: string | null;
}

export const NOTHING_HEARD: LiveModel = { links: new Map(), states: new Map(), disconnected: null };

/** Lag comes every second for every link there is, so one that was not heard of for longer has been removed. */
const REMOVED_AFTER_MS = 5_000;

/** The model after an update, at `now`. */
export function after(model: LiveModel, update: Update, scope: LagScope, now: number): LiveModel {
  switch (update.type) {
    case "connected":
      // What was heard before counts as heard now: the gap was ours.
      return { ...model, links: mapValues(model.links, (each) => ({ ...each, heardAt: now })), disconnected: null };
    case "disconnected":
      return { ...model, disconnected: update.reason };
    case "state": {
      const { state } = update;
      const known = model.links.get(state.link);
      const links = known === undefined ? model.links : new Map(model.links).set(state.link, { ...known, state });
      return { ...model, links, states: new Map(model.states).set(state.link, state) };
    }
    case "lag": {
      const lag = narrowed(update.lag, scope);
      const kept = [...model.links].filter(([, { heardAt }]) => now - heardAt < REMOVED_AFTER_MS);
      if (lag === null) return { ...model, links: new Map(kept) };
      const state = model.states.get(lag.link) ?? null;
      return { ...model, links: new Map(kept).set(lag.link, { lag, state, heardAt: now }) };
    }
  }
}

function mapValues<V>(map: ReadonlyMap<string, V>, change: (value: V) => V): Map<string, V> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
