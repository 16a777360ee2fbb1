/** What pages are made of: a head, sections, where one is. */

import { el } from "../dom/el.js";
import { icon } from "../dom/icon.js";
import { newId } from "../dom/ids.js";

/** @typedef {import("../app/app.js").App} App */
/** @typedef {import("../dom/el.js").Child} Child */

/**
 * @param {object} head
 * @param {string} head.title
 * @param {readonly (readonly [label: string, href: string])[]} [head.path] the pages above this one
 * @param {readonly Child[]} [head.beside] stands beside the title
 * @param {readonly Child[]} [head.actions]
 * @param {...Child} content
 */
export function page({ title, path = [], beside = [], actions = [] }, ...content) {
  const crumbs = path.map(([label, href]) => el("li", {}, el("a", { href }, label)));
  return el(
    "div",
    { class: "page" },
    path.length === 0 ? null : el("nav", { "aria-label": "Where this is" }, el("ol", { class: "crumbs" }, ...crumbs)),
    el("div", { class: "page-head" }, el("h1", {}, title), ...beside, el("div", { class: "actions" }, ...actions)),
    ...content,
  );
}

/**
 * @param {string} title
 * @param {...Child} content
 */
export function section(title, ...content) {
  const id = newId("section");
  return el("section", { class: "section", "aria-labelledby": id }, el("h2", { id }, title), ...content);
}

/**
 * A link that looks like a button, for pages with a form. Where one may not send the form it says why instead.
 *
 * @param {App} app
 * @param {{ label: string, href: string, picture?: string, primary?: boolean, needs: readonly [method: string, path: string] }} options
 */
export function formLink(app, { label, href, picture = "add", primary = false, needs }) {
  const denial = app.contract.denial(...needs);
  const classes = primary ? "button button-primary" : "button";
  if (denial === null) return el("a", { class: classes, href }, icon(picture), label);
  const say = () => app.announce(`${label}: ${denial}`);
  return el(
    "button",
    {
      type: "button",
      class: classes,
      title: denial,
      "aria-disabled": "true",
      "aria-label": `${label} (${denial})`,
      onclick: say,
    },
    icon(picture),
    label,
  );
}

/**
 * Names and values.
 *
 * @param {readonly (readonly [name: string, value: Child])[]} entries
 */
export function facts(entries) {
  return el(
    "dl",
    { class: "facts" },
    ...entries.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
}
