/** One mapping: its partitions, its filters and what they do, and its settings. */

import { pathTo } from "../api/api.js";
import { el, setText } from "../dom/el.js";
import { filterChain } from "../filters/filter-chain.js";
import { previewPanel } from "../filters/preview.js";
import { errorsOf, schemaForm } from "../form/form.js";
import { mappingKey, partitionKey } from "../live/lag-history.js";
import { mappingLag } from "../live/mapping-lag.js";
import { actionButton } from "../parts/action-button.js";
import { evidencePanel } from "../parts/evidence-panel.js";
import { MOST_LINES } from "../parts/lag-chart.js";
import { lagCharts } from "../parts/lag-charts.js";
import { mappingActions } from "../parts/mapping-actions.js";
import { stateNotice } from "../parts/notice.js";
import { facts, page, section } from "../parts/page.js";
import { partitionsTable } from "../parts/partitions-table.js";
import { stateBadge } from "../parts/state-badge.js";
import { partitionState } from "../text/states.js";

/** @typedef {import("../app/app.js").App} App */
/** @typedef {import("../types.d.ts").MappingView} MappingView */

const OPERATION = "/v1/links/{link}/mappings/{mapping}";

/** @type {import("../app/app.js").Page} */
export async function mappingPage(app, { link = "", mapping: name = "" }, signal) {
  const path = pathTo("links", link, "mappings", name);
  /** @type {[MappingView, void]} */
  const [mapping] = await Promise.all([app.api.get(path, signal), app.contract.load()]);
  const badge = stateBadge();
  const notice = stateNotice();
  const table = partitionsTable();
  const actions = el("div", { class: "actions" });
  const charts = el("div", {});
  const history = app.live.detailedHistory(link);
  let actionsFor = "";
  let drawnFor = "";

  const update = () => {
    const now = app.live.links.get(link)?.mappings.find((each) => each.name === name);
    const lag = mappingLag(app.live.lags.get(link), name);
    const refusal = now?.refusal ?? null;
    const state = refusal === null ? lag.state : "failed";
    badge.update(state);
    notice.update(
      state,
      refusal ?? lag.reason,
      refusal === null ? partitionState(state).remedy : "Ask whoever keeps the policies.",
    );
    table.update(lag.partitions);
    const paused = now?.paused ?? mapping.paused;
    if (actionsFor !== String(paused)) {
      actionsFor = String(paused);
      const onRemoved = () => location.assign(`#/links/${encodeURIComponent(link)}`);
      actions.replaceChildren(...mappingActions(app, link, name, { paused, onRemoved }));
    }
    const partitions = lag.partitions.map(({ partition }) => partition);
    if (partitions.length > 0 && drawnFor !== partitions.join(",")) {
      drawnFor = partitions.join(",");
      charts.replaceChildren(lagCharts({ history, signal, ...linesFor(name, partitions) }));
    }
  };
  app.live.onChange(update, signal);
  update();

  const node = page(
    {
      title: name,
      path: [
        ["Links", "#/"],
        [link, `#/links/${encodeURIComponent(link)}`],
      ],
      beside: [badge.node],
      actions: [actions],
    },
    facts([
      ["Source topic", mapping.source],
      ["Destination topic", mapping.destination],
      ["Mode", mapping.mode],
      ["Start", typeof mapping.start === "string" ? mapping.start : mapping.start.timestamp],
    ]),
    notice.node,
    section("Partitions", table.node),
    section("Lag", charts),
    section("Filters", await filterEditor(app, { path, mapping })),
    section("Evidence", evidencePanel(app, { link, mapping: name, signal })),
    section("Settings", settingsForm(app, { path, mapping })),
  );
  return { title: `${name} of ${link}`, node };
}

/**
 * @param {string} mapping
 * @param {readonly number[]} partitions
 */
function linesFor(mapping, partitions) {
  if (partitions.length <= MOST_LINES) {
    return { lines: partitions.map((each) => ({ key: partitionKey(mapping, each), label: `partition ${each}` })) };
  }
  return { lines: [{ key: mappingKey(mapping), label: "all partitions" }], note: "The table has each partition." };
}

/**
 * @param {App} app
 * @param {{ path: string, mapping: MappingView }} options
 */
async function filterEditor(app, { path, mapping }) {
  const denial = app.contract.denial("patch", OPERATION);
  const unsaved = el("p", { class: "muted", role: "status" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  let isReady = false;
  const chain = filterChain({
    pointer: "/filters",
    catalogue: await app.filters(),
    filters: mapping.filters,
    policyFilters: mapping.policyFilters,
    readOnly: denial !== null,
    announce: app.announce,
    onChange: () => {
      if (isReady) setText(unsaved, "There are changes that are not saved.");
    },
  });
  isReady = true;
  const show = (/** @type {unknown} */ error) => {
    const errors = errorsOf(error).map(({ path: at, message }) => ({ path: at.replace(/^\/filters/, ""), message }));
    chain.setErrors(errors);
    problem.hidden = error === null;
    problem.textContent = error instanceof Error ? error.message : "";
  };
  const save = actionButton(app, {
    label: "Save filters",
    needs: ["patch", OPERATION],
    run: async () => {
      show(null);
      try {
        await app.api.send("PATCH", path, { body: { filters: chain.value() } });
      } catch (error) {
        show(error);
        return null;
      }
      setText(unsaved, "");
      await app.live.refresh();
      return "The filters are saved and at work from the next record on";
    },
  });
  save.classList.add("button-primary");
  const preview = previewPanel({
    denial: app.contract.denial("post", `${OPERATION}/preview`),
    ask: (records) => {
      show(null);
      return app.api.send("POST", `${path}/preview`, {
        body: { records, ...(denial === null && { filters: chain.value() }) },
      });
    },
    onProblem: show,
  });
  return el(
    "div",
    { class: "filter-editor" },
    el("div", {}, chain.node, problem, el("div", { class: "actions" }, save, unsaved)),
    el(
      "div",
      {},
      el("h3", {}, "Preview"),
      el("p", { class: "help" }, "What these filters, saved or not, make of the newest records. Nothing is written."),
      preview,
    ),
  );
}

/**
 * @param {App} app
 * @param {{ path: string, mapping: MappingView }} options
 */
function settingsForm(app, { path, mapping }) {
  const ofMode = mapping.mode === "mirror" ? "trim" : "transaction";
  const shown = ["onFailure", "onExpired", ofMode, "monitorOnly"];
  const values = Object.entries(mapping).filter(([name]) => shown.includes(name));
  const hidden = Object.keys(mapping).filter((name) => !shown.includes(name));
  return schemaForm({
    schema: app.contract.bodySchema("patch", OPERATION),
    value: Object.fromEntries(values),
    hints: Object.fromEntries(hidden.map((name) => [`/${name}`, { hidden: true }])),
    submit: "Save settings",
    denial: app.contract.denial("patch", OPERATION),
    onSubmit: async (body) => {
      await app.api.send("PATCH", path, { body });
      await app.live.refresh();
      app.announce("The settings are saved");
    },
  });
}
