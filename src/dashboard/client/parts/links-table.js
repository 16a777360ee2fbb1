/** Links as a table: what the map says, for those who would rather read it. */

import { el, setText } from "../dom/el.js";
import { flowOf } from "../map/pairs.js";
import { count, duration, rate } from "../text/numbers.js";
import { severity } from "../text/states.js";
import { dataTable } from "./data-table.js";
import { stateBadge } from "./state-badge.js";

/** @typedef {import("../app/app.js").App} App */
/** @typedef {import("../map/pairs.js").Flow} Flow */
/** @typedef {import("../types.d.ts").LinkView} LinkView */
/** @typedef {{ link: LinkView, flow: Flow }} Item */

/**
 * @param {App} app
 * @param {ReadonlyMap<string, string>} regions of clusters, by name
 * @returns {{ readonly node: HTMLElement, update(links: readonly LinkView[]): void }}
 */
export function linksTable(app, regions) {
  const place = (/** @type {string} */ cluster) => `${cluster} (${regions.get(cluster) ?? "?"})`;
  const { node, update } = dataTable({
    caption: "Links",
    empty: "There is no such link.",
    keyOf: (/** @type {Item} */ { link }) => link.name,
    columns: [
      { label: "Link", heading: true, quiet: true, cell: nameCell },
      { label: "From and to", long: true, text: ({ link }) => `${place(link.source)} → ${place(link.destination)}` },
      { label: "State", cell: stateCell },
      { label: "Mappings", numeric: true, text: ({ link }) => count(link.mappings.length) },
      { label: "Flow", numeric: true, text: ({ flow }) => rate(flow.recordsPerSecond) },
      { label: "Lag in records", numeric: true, text: ({ flow }) => count(flow.lagRecords) },
      { label: "Lag in time", numeric: true, text: ({ flow }) => duration(flow.lagMs) },
    ],
  });
  return {
    node,
    /** What needs somebody first. */
    update: (links) =>
      update(
        [...links]
          .sort((a, b) => severity(a.state) - severity(b.state) || byName(a, b))
          .map((link) => ({ link, flow: flowOf([link], app.live.lags) })),
      ),
  };
}

/** @param {Item} item */
function nameCell({ link }) {
  return { node: el("a", { href: `#/links/${encodeURIComponent(link.name)}` }, link.name), update: () => undefined };
}

function stateCell() {
  const badge = stateBadge();
  const why = el("p", { class: "reason" });
  return {
    node: el("div", {}, badge.node, why),
    update: (/** @type {Item} */ { link: { state, reason } }) => {
      badge.update(state);
      // Of what an operator paused there is nothing more to say.
      why.hidden = reason === null || state === "paused";
      setText(why, why.hidden ? "" : (reason ?? ""));
    },
  };
}

/**
 * link-9 before link-10.
 *
 * @param {LinkView} a
 * @param {LinkView} b
 */
function byName(a, b) {
  return a.name.localeCompare(b.name, "en", { numeric: true });
}
