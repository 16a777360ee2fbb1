/** What happened to the records: counts, and whether the chain of evidence is whole. */

import { pathTo } from "../api/api.js";
import { wordsOf } from "../api/problem.js";
import { el } from "../dom/el.js";
import { icon } from "../dom/icon.js";
import { keyedRows } from "../dom/rows.js";
import { count, counted, moment } from "../text/numbers.js";
import { dataTable } from "./data-table.js";

/** @typedef {import("../app/app.js").App} App */
/** @typedef {import("../types.d.ts").EvidenceChain} EvidenceChain */
/** @typedef {import("../types.d.ts").LinkEvidence} LinkEvidence */
/** @typedef {import("../types.d.ts").MappingEvidence} MappingEvidence */

const REFRESH_MS = 5_000;

/**
 * @param {App} app
 * @param {{ link: string, mapping?: string, signal: AbortSignal }} options
 */
export function evidencePanel(app, { link, mapping, signal }) {
  const table = dataTable({
    caption: "Evidence",
    empty: "There are no mappings.",
    keyOf: (each) => each.mapping,
    columns: COLUMNS,
  });
  const status = el("p", { class: "muted", role: "status" }, "Loading…");
  const changes = el("div", {});
  const changeRows = keyedRows(changes, (/** @type {MappingEvidence} */ each) => each.mapping, changesRow);
  const read = async () => {
    try {
      /** @type {LinkEvidence} */
      const { mappings } = await app.api.get(pathTo("links", link, "evidence"), signal);
      const wanted = mappings.filter((each) => mapping === undefined || each.mapping === mapping);
      table.update(wanted);
      changeRows(wanted.filter((each) => changesOf(each).length > 0));
      status.textContent = notesOf(wanted);
    } catch (error) {
      if (!signal.aborted) status.textContent = `The evidence cannot be read: ${wordsOf(error)}`;
    }
  };
  void read();
  const timer = setInterval(() => document.visibilityState === "visible" && void read(), REFRESH_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  return el("div", { class: "stack" }, table.node, status, changes, chainCheck(app, { link, mapping, signal }));
}

/** @type {readonly import("./data-table.js").ColumnOf<MappingEvidence>[]} */
const COLUMNS = [
  { label: "Mapping", heading: true, text: ({ mapping }) => mapping },
  { label: "Read", numeric: true, text: ({ evidence }) => count(evidence?.read) },
  { label: "As they were", numeric: true, text: ({ evidence }) => count(evidence?.kept) },
  { label: "Changed", numeric: true, text: ({ evidence }) => count(evidence?.replaced) },
  { label: "Dropped", numeric: true, text: ({ evidence }) => count(evidence === null ? null : sum(evidence.dropped)) },
  { label: "Quarantined", numeric: true, text: ({ evidence }) => count(evidence?.quarantined) },
  { label: "Expired", numeric: true, text: ({ evidence }) => count(evidence?.expired) },
  { label: "Filters", text: ({ filterDigest }) => (filterDigest === null ? "unknown" : filterDigest.slice(0, 12)) },
];

/** @param {MappingEvidence} of */
function changesRow({ mapping }) {
  const list = el("ul", {});
  return {
    node: el("details", {}, el("summary", {}, `What filters did in ${mapping}`), list),
    update: (/** @type {MappingEvidence} */ evidence) =>
      list.replaceChildren(...changesOf(evidence).map((each) => el("li", {}, each))),
  };
}

/** @param {MappingEvidence} of */
function changesOf({ evidence }) {
  if (evidence === null) return [];
  return [
    ...nested(evidence.changed).map(([filter, path, number]) => `${filter} changed ${path}: ${count(number)}`),
    ...Object.entries(evidence.dropped).map(([filter, number]) => `${filter} dropped: ${count(number)}`),
    ...nested(evidence.monitored).map(
      ([filter, path, number]) => `${filter} would have done ${path}: ${count(number)}`,
    ),
  ];
}

/**
 * @param {Readonly<Record<string, Readonly<Record<string, number>>>>} counts
 * @returns {[string, string, number][]}
 */
function nested(counts) {
  return Object.entries(counts).flatMap(([name, inside]) =>
    Object.entries(inside).map(([path, number]) => /** @type {[string, string, number]} */ ([name, path, number])),
  );
}

/** @param {Readonly<Record<string, number>>} counts */
function sum(counts) {
  return Object.values(counts).reduce((total, each) => total + each, 0);
}

/** @param {readonly MappingEvidence[]} mappings */
function notesOf(mappings) {
  return mappings.flatMap(({ mapping, note }) => (note === null ? [] : [`${mapping}: ${note}`])).join("; ");
}

/**
 * @param {App} app
 * @param {{ link: string, mapping: string | undefined, signal: AbortSignal }} options
 */
function chainCheck(app, { link, mapping, signal }) {
  const results = el("div", { role: "status" });
  const button = el("button", { type: "button", class: "button" }, "Check the chain of evidence");
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    results.replaceChildren(el("p", { class: "muted" }, "Reading and checking every hash…"));
    const query = mapping === undefined ? "" : `?mapping=${encodeURIComponent(mapping)}`;
    try {
      /** @type {EvidenceChain} */
      const chain = await app.api.get(`${pathTo("links", link, "evidence", "chain")}${query}`, signal);
      results.replaceChildren(...chainWords(chain));
    } catch (error) {
      results.replaceChildren(el("p", { class: "problem" }, wordsOf(error)));
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
  return el("div", { class: "stack" }, el("div", { class: "actions" }, button), results);
}

/** @param {EvidenceChain} chain */
function chainWords({ mappings, topic, at }) {
  const all = mappings.flatMap(({ mapping, partitions }) => partitions.map((partition) => ({ mapping, ...partition })));
  const broken = all.flatMap(({ mapping, partition, problem }) =>
    problem === null ? [] : [`${mapping}/${partition}: ${problem}`],
  );
  const ranges = all.reduce((total, each) => total + each.ranges.length + each.omitted, 0);
  if (broken.length > 0) {
    return [
      el(
        "p",
        { class: "problem" },
        icon("failed"),
        `The chain is not whole in ${counted(broken.length, "partition")}.`,
      ),
      el("ul", {}, ...broken.map((each) => el("li", {}, each))),
    ];
  }
  const extent = `${counted(ranges, "closed range")} of ${counted(all.length, "partition")} in ${topic}, checked ${moment(at)}.`;
  return [el("p", { class: "fine" }, icon("running"), `The chain is whole: ${extent}`)];
}
