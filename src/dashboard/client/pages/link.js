/** One link: how it is and why, its mappings, what it did, and whether it did it right. */

import { el, setText } from "../dom/el.js";
import { mappingKey, WHOLE } from "../live/lag-history.js";
import { evidencePanel } from "../parts/evidence-panel.js";
import { MOST_LINES } from "../parts/lag-chart.js";
import { lagCharts } from "../parts/lag-charts.js";
import { linkActions } from "../parts/mapping-actions.js";
import { mappingsTable } from "../parts/mappings-table.js";
import { stateNotice } from "../parts/notice.js";
import { formLink, page, section } from "../parts/page.js";
import { stateBadge } from "../parts/state-badge.js";
import { verifyPanel } from "../parts/verify-panel.js";
import { counted } from "../text/numbers.js";
import { linkState } from "../text/states.js";

/** @typedef {import("../types.d.ts").Cluster} Cluster */
/** @typedef {import("../types.d.ts").LinkView} LinkView */

/** @type {import("../app/app.js").Page} */
export async function linkPage(app, { link: name = "" }, signal) {
  /** @type {{ clusters: Cluster[] }} */
  const { clusters } = await app.api.get("/v1/clusters", signal);
  if (!app.live.links.has(name)) await app.live.refresh();
  const first = app.live.links.get(name);
  if (first === undefined) throw new Error(`There is no link ${name}.`);

  const regionOf = (/** @type {string} */ cluster) => clusters.find((each) => each.name === cluster)?.region ?? "?";
  const badge = stateBadge();
  const notice = stateNotice();
  const gone = el(
    "p",
    { class: "problem", hidden: true },
    "This link is no longer there. ",
    el("a", { href: "#/" }, "All links"),
  );
  const restarts = el("p", { class: "muted" });
  const actions = el("div", { class: "actions" });
  const table = mappingsTable(app);
  const history = app.live.detailedHistory(name);
  const charts = el("div", {});
  let drawnFor = "";
  let actionsFor = "";

  const update = () => {
    const link = app.live.links.get(name);
    gone.hidden = link !== undefined;
    if (link === undefined) return;
    badge.update(link.state);
    notice.update(link.state, link.reason ?? app.live.lags.get(name)?.reason ?? null, linkState(link.state).remedy);
    setText(
      restarts,
      link.restarts === 0 ? "" : `Its runner ended unasked ${counted(link.restarts, "time")} since strait started.`,
    );
    restarts.hidden = link.restarts === 0;
    table.update(link);
    if (actionsFor !== String(link.paused)) {
      actionsFor = String(link.paused);
      actions.replaceChildren(
        ...linkActions(app, name, { paused: link.paused, onRemoved: () => location.assign("#/") }),
      );
    }
    const names = link.mappings.map((mapping) => mapping.name);
    if (names.length > 0 && drawnFor !== names.join(",")) {
      drawnFor = names.join(",");
      charts.replaceChildren(lagCharts({ history, signal, ...linesFor(names) }));
    }
  };
  app.live.onChange(update, signal);
  update();

  const addMapping = formLink(app, {
    label: "Add mapping",
    href: `#/links/${encodeURIComponent(name)}/add-mapping`,
    primary: first.mappings.length === 0,
    needs: ["post", "/v1/links/{link}/mappings"],
  });
  const node = page(
    { title: name, path: [["Links", "#/"]], beside: [badge.node], actions: [actions] },
    el(
      "p",
      { class: "route" },
      `${first.source} (${regionOf(first.source)}) → ${first.destination} (${regionOf(first.destination)})`,
    ),
    gone,
    notice.node,
    restarts,
    section("Mappings", table.node, el("div", { class: "actions" }, addMapping)),
    section("Lag", charts),
    section("Evidence", evidencePanel(app, { link: name, signal })),
    section("Verification", verifyPanel(app, { link: name, signal })),
  );
  return { title: name, node };
}

/**
 * A line for each mapping, or one for all together where they are too many to be told apart.
 *
 * @param {readonly string[]} names
 */
function linesFor(names) {
  if (names.length <= MOST_LINES) return { lines: names.map((label) => ({ key: mappingKey(label), label })) };
  return {
    lines: [{ key: WHOLE, label: "all mappings" }],
    note: "Each mapping has charts on its own page.",
  };
}
