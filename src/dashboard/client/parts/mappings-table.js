/** The mappings of a link. */

import { el, setText } from "../dom/el.js";
import { mappingLag } from "../live/mapping-lag.js";
import { count, counted, duration, rate } from "../text/numbers.js";
import { partitionState, severity } from "../text/states.js";
import { dataTable } from "./data-table.js";
import { mappingActions } from "./mapping-actions.js";
import { stateBadge } from "./state-badge.js";

/** @typedef {import("../app/app.js").App} App */
/** @typedef {import("../live/mapping-lag.js").MappingLag} MappingLag */
/** @typedef {import("../types.d.ts").LinkView} LinkView */
/** @typedef {import("../types.d.ts").MappingView} MappingView */
/** @typedef {{ link: string, mapping: MappingView, lag: MappingLag }} Item */

/**
 * @param {App} app
 * @returns {{ readonly node: HTMLElement, update(link: LinkView): void }}
 */
export function mappingsTable(app) {
  const { node, update } = dataTable({
    caption: "Mappings",
    empty: "No mappings yet: the link copies nothing. Add the first one.",
    // With `paused` in the key a row gets other buttons when it changes.
    keyOf: (/** @type {Item} */ { mapping }) => `${mapping.name} ${mapping.paused}`,
    columns: [
      { label: "Mapping", heading: true, quiet: true, cell: nameCell },
      { label: "Topics and mode", long: true, text: ({ mapping }) => topicsOf(mapping) },
      { label: "State", cell: stateCell },
      { label: "Lag in records", numeric: true, text: ({ lag }) => count(lag.lagRecords) },
      { label: "Lag in time", numeric: true, text: ({ lag }) => duration(lag.lagMs) },
      { label: "Flow", numeric: true, text: ({ lag }) => rate(lag.recordsPerSecond) },
      { label: "Filters", long: true, text: ({ mapping }) => filtersOf(mapping) },
      { label: "Actions", quiet: true, cell: (item) => actionsCell(app, item) },
    ],
  });
  return {
    node,
    update: ({ name, mappings }) => {
      const lag = app.live.lags.get(name);
      const items = mappings.map((mapping) => ({ link: name, mapping, lag: mappingLag(lag, mapping.name) }));
      update(items.sort((a, b) => severity(a.lag.state) - severity(b.lag.state)));
    },
  };
}

/** @param {MappingView} mapping */
function topicsOf({ source, destination, mode }) {
  return `${source === destination ? source : `${source} → ${destination}`}, ${mode}`;
}

/** @param {MappingView} mapping */
function filtersOf({ filters, policyFilters }) {
  const all = policyFilters.length + filters.length;
  return all === 0 ? "none" : [...policyFilters, ...filters].map(({ use }) => use).join(", ");
}

/** @param {Item} item */
function nameCell({ link, mapping: { name } }) {
  const href = `#/links/${encodeURIComponent(link)}/mappings/${encodeURIComponent(name)}`;
  return { node: el("a", { href }, name), update: () => undefined };
}

/**
 * @param {App} app
 * @param {Item} item
 */
function actionsCell(app, { link, mapping: { name, paused } }) {
  const node = el("div", { class: "actions" }, ...mappingActions(app, link, name, { paused, small: true }));
  return { node, update: () => undefined };
}

function stateCell() {
  const badge = stateBadge();
  const why = el("p", { class: "reason" });
  return {
    node: el("div", {}, badge.node, why),
    update: (/** @type {Item} */ { mapping, lag }) => {
      badge.update(mapping.refusal === null ? lag.state : "failed");
      const { remedy } = partitionState(lag.state);
      const stuck = lag.partitions.filter(({ state }) => state === lag.state).length;
      const where = lag.partitions.length > 1 && lag.state !== "running" ? ` (${counted(stuck, "partition")})` : "";
      const reason = mapping.refusal ?? lag.reason;
      const shown = reason !== null && lag.state !== "paused";
      setText(why, shown ? `${reason}${where}${remedy === null ? "" : ` — ${remedy}`}` : "");
      why.hidden = !shown;
    },
  };
}
