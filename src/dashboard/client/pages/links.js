/** All links: on a map, and in a table. */

import { el, setText } from "../dom/el.js";
import { flowMap } from "../map/flow-map.js";
import { flowOf } from "../map/pairs.js";
import { addCluster, addLink, firstSteps } from "../parts/first-steps.js";
import { linksTable } from "../parts/links-table.js";
import { page, section } from "../parts/page.js";
import { summaryTiles } from "../parts/summary-tiles.js";

/** @typedef {import("../types.d.ts").Cluster} Cluster */
/** @typedef {import("../types.d.ts").LinkView} LinkView */

/** @type {import("../app/app.js").Page} */
export async function linksPage(app, _parts, signal) {
  /** @type {{ clusters: Cluster[] }} */
  const { clusters } = await app.api.get("/v1/clusters", signal);
  const title = "Links";
  if (clusters.length === 0) return { title, node: page({ title }, firstSteps(app, 0)) };

  const regions = new Map(clusters.map(({ name, region }) => [name, region]));
  const search = el("input", {
    id: "search",
    type: "search",
    placeholder: "name, cluster, region or state",
    autocomplete: "off",
  });
  const found = el("p", { class: "muted", role: "status" });
  const look = (/** @type {string} */ words) => {
    search.value = words;
    update();
    search.focus();
  };
  const tiles = summaryTiles(look);
  const map = flowMap({ clusters, signal, onPick: ({ key }) => look(key) });
  const table = linksTable(app, regions);
  const list = section(
    "List",
    el("div", { class: "actions" }, el("label", { for: search.id }, "Search"), search, found),
    table.node,
  );
  const steps = firstSteps(app, clusters.length);
  const update = () => {
    const links = [...app.live.links.values()];
    const wanted = links.filter((link) => matches(link, regions, search.value));
    steps.hidden = links.length > 0;
    list.hidden = links.length === 0;
    tiles.update(links, flowOf(links, app.live.lags));
    map.update(app.live.links, app.live.lags);
    table.update(wanted);
    setText(found, search.value === "" ? "" : `${wanted.length} of ${links.length} links`);
  };
  search.addEventListener("input", update);
  app.live.onChange(update, signal);
  // The map is not in the page yet and cannot know how wide it is; it draws itself once it does.
  update();
  const actions = [addLink(app, app.live.links.size > 0), addCluster(app, false)];
  return { title, node: page({ title, actions }, steps, tiles.node, section("Map", map.node), list) };
}

/**
 * Every word of the search must be there somewhere.
 *
 * @param {LinkView} link
 * @param {ReadonlyMap<string, string>} regions
 * @param {string} search
 */
function matches({ name, source, destination, state }, regions, search) {
  const text =
    `${name} ${source}→${destination} ${state} ${regions.get(source)} ${regions.get(destination)}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
