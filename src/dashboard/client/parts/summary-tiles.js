/** All links in a few numbers. */

import { el, setText } from "../dom/el.js";
import { keyedRows } from "../dom/rows.js";
import { count, duration, rate } from "../text/numbers.js";
import { severity } from "../text/states.js";
import { stateBadge } from "./state-badge.js";

/** @typedef {import("../map/pairs.js").Flow} Flow */
/** @typedef {import("../types.d.ts").LinkView} LinkView */

/**
 * @param {(state: string) => void} onPick called for the links in a state
 * @returns {{ readonly node: HTMLElement, update(links: readonly LinkView[], flow: Flow): void }}
 */
export function summaryTiles(onPick) {
  const numbers = { flow: el("dd", {}), records: el("dd", {}), time: el("dd", {}) };
  const states = el("div", { class: "tile-states", role: "group", "aria-label": "Links by state" });
  const rows = keyedRows(
    states,
    (/** @type {{ state: string, number: number }} */ { state }) => state,
    ({ state }) => {
      const number = el("span", { class: "tile-number" });
      const node = el(
        "button",
        { type: "button", class: "tile-state", title: `Show ${state} links`, onclick: () => onPick(state) },
        number,
        stateBadge(state).node,
      );
      return { node, update: (next) => setText(number, count(next.number)) };
    },
  );
  const tile = (/** @type {string} */ label, /** @type {HTMLElement} */ value) =>
    el("div", { class: "tile" }, el("dt", {}, label), value);
  const node = el(
    "div",
    { class: "tiles" },
    states,
    el(
      "dl",
      { class: "tile-numbers" },
      tile("Flow", numbers.flow),
      tile("Lag", numbers.records),
      tile("Lag in time, at most", numbers.time),
    ),
  );
  return {
    node,
    update: (links, { recordsPerSecond, lagRecords, lagMs }) => {
      node.hidden = links.length === 0;
      const byState = Map.groupBy(links, ({ state }) => state);
      rows(
        [...byState]
          .map(([state, theirs]) => ({ state, number: theirs.length }))
          .sort((a, b) => severity(a.state) - severity(b.state)),
      );
      setText(numbers.flow, rate(recordsPerSecond));
      setText(numbers.records, lagRecords === null ? "unknown" : `${count(lagRecords)} records`);
      setText(numbers.time, duration(lagMs));
    },
  };
}
