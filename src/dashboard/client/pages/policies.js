/** What may leave which region: policies, defaults, and an answer for any topic. */

import { wordsOf } from "../api/problem.js";
import { el } from "../dom/el.js";
import { actionButton } from "../parts/action-button.js";
import { dataTable } from "../parts/data-table.js";
import { formLink, page, section } from "../parts/page.js";

/** @typedef {import("../app/app.js").App} App */
/** @typedef {import("../types.d.ts").Cluster} Cluster */
/** @typedef {import("../types.d.ts").Explanation} Explanation */
/** @typedef {import("../types.d.ts").Policy} Policy */
/** @typedef {import("../types.d.ts").Region} Region */

const ANY_REGION = "*";

/** @type {import("../app/app.js").Page} */
export async function policiesPage(app, _parts, signal) {
  /** @type {[{ policies: Policy[], regions: Region[] }, { clusters: Cluster[] }]} */
  const [{ policies, regions }, { clusters }] = await Promise.all([
    app.api.get("/v1/policies", signal),
    app.api.get("/v1/clusters", signal),
  ]);
  const table = dataTable({
    caption: "Policies",
    empty: "There are no policies: the defaults of the regions decide about every topic.",
    keyOf: (/** @type {Policy} */ { name }) => name,
    columns: [
      {
        label: "Policy",
        heading: true,
        quiet: true,
        cell: ({ name }) => ({
          node: el("a", { href: `#/policies/${encodeURIComponent(name)}` }, name),
          update: () => undefined,
        }),
      },
      { label: "From", text: ({ from }) => from.join(", ") },
      { label: "To", text: ({ to }) => to.join(", ") },
      { label: "Topics", long: true, text: ({ topics }) => topics.join(", ") },
      {
        label: "Rule",
        long: true,
        text: ({ rule }) =>
          typeof rule === "string" ? rule : `through ${rule.filters.map(({ use }) => use).join(", ")}`,
      },
      { label: "Version", numeric: true, text: ({ version }) => String(version) },
    ],
  });
  table.update(policies);
  const known = [...new Set(clusters.map(({ region }) => region))].sort();
  const add = formLink(app, {
    label: "Add policy",
    href: "#/add-policy",
    primary: true,
    needs: ["put", "/v1/policies/{policy}"],
  });
  const title = "Policies";
  const node = page(
    { title, actions: [add] },
    el(
      "p",
      { class: "help" },
      "A policy says which topics may leave a region, and through which filters. Every mapping obeys.",
    ),
    table.node,
    section("What happens to topics that no policy names", regionList(app, regions, known)),
    section("May this topic leave?", explainForm(app, known)),
  );
  return { title, node };
}

/**
 * @param {App} app
 * @param {readonly Region[]} regions
 * @param {readonly string[]} known
 */
function regionList(app, regions, known) {
  const list = el("ul", { class: "region-list" });
  const show = (/** @type {readonly Region[]} */ told) => {
    const names = [...new Set([ANY_REGION, ...known, ...told.map(({ name }) => name)])];
    list.replaceChildren(...names.map((name) => regionItem(name, told)));
  };
  const regionItem = (/** @type {string} */ name, /** @type {readonly Region[]} */ told) => {
    const own = told.find((each) => each.name === name)?.default;
    const standard = told.find((each) => each.name === ANY_REGION)?.default ?? "allow";
    const next = (own ?? standard) === "deny" ? "allow" : "deny";
    const button = actionButton(app, {
      label: next === "deny" ? "Deny" : "Allow",
      about: `what leaves ${name === ANY_REGION ? "every other region" : name}`,
      small: true,
      needs: ["put", "/v1/regions/{region}"],
      question: {
        title: `${next === "deny" ? "Deny" : "Allow"} what no policy names?`,
        text:
          next === "deny"
            ? "Mappings of topics that no policy names stop, and go on by themselves when a policy lets them."
            : "Topics that no policy names leave the region as they are.",
        yes: next === "deny" ? "Deny" : "Allow",
      },
      run: async () => {
        await app.api.send("PUT", `/v1/regions/${encodeURIComponent(name)}`, { body: { default: next } });
        const { regions: now } = await app.api.get("/v1/policies");
        show(now);
        return `The default is ${next} now`;
      },
    });
    const words =
      own === undefined
        ? `${standard}${name === ANY_REGION ? " (nothing was told)" : " (as every other region)"}`
        : own;
    return el(
      "li",
      {},
      el("strong", {}, name === ANY_REGION ? "every other region" : name),
      el("span", {}, words),
      button,
    );
  };
  show(regions);
  return list;
}

/**
 * @param {App} app
 * @param {readonly string[]} regions
 */
function explainForm(app, regions) {
  const list = el("datalist", { id: "known-regions" }, ...regions.map((value) => el("option", { value })));
  const input = (/** @type {string} */ id, /** @type {string} */ label, /** @type {string | null} */ suggestions) => {
    const control = el("input", {
      id,
      type: "text",
      required: true,
      list: suggestions,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
    });
    return { control, node: el("div", { class: "field" }, el("label", { for: id }, label), control) };
  };
  const [from, to, topic] = [
    input("from", "From region", list.id),
    input("to", "To region", list.id),
    input("topic", "Topic", null),
  ];
  const answer = el("div", { role: "status" });
  const form = el(
    "form",
    { class: "form form-row" },
    list,
    from.node,
    to.node,
    topic.node,
    el("button", { type: "submit", class: "button" }, "Explain"),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const query = new URLSearchParams({ from: from.control.value, to: to.control.value, topic: topic.control.value });
    try {
      answer.replaceChildren(...explained(await app.api.get(`/v1/policies/explain?${query}`)));
    } catch (error) {
      answer.replaceChildren(el("p", { class: "problem" }, wordsOf(error)));
    }
  });
  return el("div", {}, form, answer);
}

/** @param {Explanation} explanation */
function explained({ outcome, reason, policies, filters, others, notes }) {
  const item = (/** @type {string} */ text) => el("li", {}, text);
  return [
    el(
      "p",
      { class: outcome === "denied" ? "problem" : "fine" },
      el("span", {}, el("strong", {}, outcome), `: ${reason}`),
    ),
    el(
      "ul",
      {},
      ...policies.map(({ name, rule }) => item(`${name} (${rule}) counts`)),
      ...filters.map(({ policy, use }) => item(`filter ${use}, by ${policy}`)),
      ...others.map(({ name, why }) => item(`${name} does not count: ${why}`)),
      ...notes.map(item),
    ),
  ];
}
