/** What is to be done until records cross, for somebody who has just installed strait. */

import { el } from "../dom/el.js";
import { formLink } from "./page.js";

/** @typedef {import("../app/app.js").App} App */

/**
 * @param {App} app
 * @param {number} clusters how many there are
 */
export function firstSteps(app, clusters) {
  const known = [
    "strait knows no clusters yet.",
    "strait knows one cluster and needs another.",
    "There are no links yet.",
  ];
  const step = (/** @type {string} */ what, /** @type {string} */ why, isDone = false) =>
    el("li", {}, el("strong", {}, what), why, isDone && el("span", { class: "fine" }, "done"));
  return el(
    "div",
    { class: "first-steps" },
    el("p", {}, `${known[Math.min(clusters, 2)]} Three steps until records cross:`),
    el(
      "ol",
      {},
      step("Add two clusters: ", "where records come from, and where they go.", clusters >= 2),
      step("Add a link ", "from one to the other."),
      step("Add mappings to it: ", "the topics, and the filters for what must not leave."),
    ),
    el("div", { class: "actions" }, clusters < 2 ? addCluster(app, true) : addLink(app, true)),
  );
}

/**
 * @param {App} app
 * @param {boolean} primary
 */
export function addCluster(app, primary) {
  return formLink(app, {
    label: "Add cluster",
    href: "#/add-cluster",
    primary,
    needs: ["put", "/v1/clusters/{cluster}"],
  });
}

/**
 * @param {App} app
 * @param {boolean} primary
 */
export function addLink(app, primary) {
  return formLink(app, { label: "Add link", href: "#/add-link", primary, needs: ["post", "/v1/links"] });
}
