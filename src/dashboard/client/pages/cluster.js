/** One cluster: what it lets strait do, its topics, and how it is reached. */

import { pathTo } from "../api/api.js";
import { wordsOf } from "../api/problem.js";
import { el } from "../dom/el.js";
import { icon } from "../dom/icon.js";
import { actionButton } from "../parts/action-button.js";
import { clusterForm } from "../parts/cluster-form.js";
import { dataTable } from "../parts/data-table.js";
import { page, section } from "../parts/page.js";
import { count } from "../text/numbers.js";

/** @typedef {import("../types.d.ts").Capability} Capability */
/** @typedef {import("../types.d.ts").ClusterWithCapabilities} ClusterWithCapabilities */
/** @typedef {{ name: string, partitions: number, internal: boolean }} Topic */

/** In the words of docs/api.md. */
const WHAT_FOR = new Map([
  ["markers", "taking up offsets of a mirror that have no record, quickly"],
  ["transactions", "mode append exactly once; taking up such offsets slowly"],
  ["deleteRecords", "a mirror of a topic that begins late; trim"],
  ["topicIds", "noticing a topic that was deleted and made anew"],
  ["producerStates", "where the sequence of a mirror goes on: mode mirror needs it"],
]);

/** @type {import("../app/app.js").Page} */
export async function clusterPage(app, { cluster: name = "" }, signal) {
  const path = pathTo("clusters", name);
  /** @type {[ClusterWithCapabilities, void]} */
  const [cluster] = await Promise.all([app.api.get(path, signal), app.contract.load()]);
  const { capabilities, capabilitiesReason, ...content } = cluster;
  const remove = actionButton(app, {
    label: "Remove",
    about: `cluster ${name}`,
    picture: "remove",
    danger: true,
    needs: ["delete", "/v1/clusters/{cluster}"],
    question: {
      title: `Remove cluster ${name}?`,
      text: "strait forgets how to reach it. Nothing on the cluster is touched.",
      yes: "Remove cluster",
    },
    run: async () => {
      await app.api.send("DELETE", path);
      location.assign("#/clusters");
      return `Cluster ${name} was removed`;
    },
  });
  const form = clusterForm(app, {
    cluster: content,
    cancel: "#/clusters",
    onSaved: () => {
      app.announce(`Cluster ${name} answers and was saved`);
      location.assign("#/clusters");
    },
  });
  const node = page(
    {
      title: name,
      path: [["Clusters", "#/clusters"]],
      beside: [el("span", { class: "tag" }, `region ${cluster.region}`)],
      actions: [remove],
    },
    section(
      "What it lets strait do",
      capabilities === null ? el("p", { class: "problem" }, capabilitiesReason) : capabilityTable(capabilities),
    ),
    section("Topics", topicTable(app, path, signal)),
    section("How it is reached", form),
  );
  return { title: name, node };
}

/** @param {Readonly<Record<string, Capability>>} capabilities */
function capabilityTable(capabilities) {
  const table = dataTable({
    caption: "Capabilities",
    empty: "Nothing is known of it.",
    keyOf: (/** @type {[string, Capability]} */ [name]) => name,
    columns: [
      { label: "Capability", heading: true, text: ([name]) => name },
      {
        label: "Usable",
        cell: ([, { usable }]) => ({
          node: el(
            "span",
            { class: "badge", "data-state": usable ? "running" : "degraded" },
            icon(usable ? "running" : "degraded"),
            usable ? "yes" : "no",
          ),
          update: () => undefined,
        }),
      },
      { label: "What for", text: ([name]) => WHAT_FOR.get(name) ?? "" },
      { label: "Note", long: true, text: ([, { reason }]) => reason ?? "" },
    ],
  });
  table.update(Object.entries(capabilities));
  return table.node;
}

/**
 * @param {import("../app/app.js").App} app
 * @param {string} path
 * @param {AbortSignal} signal
 */
function topicTable(app, path, signal) {
  const table = dataTable({
    caption: "Topics",
    empty: "It has no topics.",
    keyOf: (/** @type {Topic} */ { name }) => name,
    columns: [
      { label: "Topic", heading: true, text: ({ name }) => name },
      { label: "Partitions", numeric: true, text: ({ partitions }) => count(partitions) },
      { label: "Kind", text: ({ internal }) => (internal ? "internal" : "") },
    ],
    step: 20,
  });
  const place = el("div", { "aria-busy": "true" }, el("p", { class: "loading" }, "Asking the brokers…"));
  app.api
    .get(`${path}/topics`, signal)
    .then(({ topics }) => {
      table.update(
        topics.toSorted(
          (/** @type {Topic} */ a, /** @type {Topic} */ b) =>
            Number(a.internal) - Number(b.internal) || (a.name < b.name ? -1 : 1),
        ),
      );
      place.replaceChildren(table.node);
    })
    .catch((error) => place.replaceChildren(el("p", { class: "problem" }, wordsOf(error))))
    .finally(() => place.removeAttribute("aria-busy"));
  return place;
}
