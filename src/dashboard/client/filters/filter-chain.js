/** The chain of filters of a mapping, to be changed: those of policies, which stay, then its own in their order. */

import { el } from "../dom/el.js";
import { icon } from "../dom/icon.js";
import { showMistakes } from "../form/labelled.js";
import { below, byFirstPart } from "../form/pointer.js";
import { filterCard } from "./filter-card.js";

/** @typedef {import("../types.d.ts").CatalogueEntry} CatalogueEntry */
/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FilterUse} FilterUse */
/** @typedef {import("../types.d.ts").MappingView} MappingView */
/** @typedef {import("./filter-card.js").FilterCard} FilterCard */

/**
 * @typedef {object} FilterChainOptions
 * @property {string} pointer of the list in what is sent
 * @property {readonly CatalogueEntry[]} catalogue
 * @property {readonly FilterUse[]} filters
 * @property {MappingView["policyFilters"]} [policyFilters]
 * @property {boolean} [readOnly]
 * @property {(message: string) => void} announce
 * @property {() => void} [onChange] something was added, moved, removed or typed
 */

/**
 * @param {FilterChainOptions} options
 * @returns {Field}
 */
export function filterChain(options) {
  const { pointer, catalogue, filters, policyFilters = [], readOnly = false, announce, onChange = () => {} } = options;
  const list = el("ol", { class: "chain", "aria-label": "Filters, in the order in which they run" });
  const empty = el("p", { class: "empty" }, "No filters: records cross as they are.");
  const mistakes = el("div", { class: "mistakes" });
  /** @type {FilterCard[]} */
  let cards = [];

  const arrange = () => {
    list.replaceChildren(...policyFilters.map(policyCard), ...cards.map(({ node }) => node));
    cards.forEach((card, index) => {
      card.setPlace(index, cards.length);
    });
    empty.hidden = cards.length + policyFilters.length > 0;
    onChange();
  };
  const move = (/** @type {FilterCard} */ card, /** @type {number} */ by) => {
    const from = cards.indexOf(card);
    const to = from + by;
    if (to < 0 || to >= cards.length) return;
    cards.splice(from, 1);
    cards.splice(to, 0, card);
    arrange();
    card.focusMove(by);
    announce(`${card.name()} is now filter ${to + 1} of ${cards.length}`);
  };
  const add = (/** @type {FilterUse} */ filter) => {
    /** @type {FilterCard} */
    const card = filterCard({
      // An index that changes: mistakes are given to cards by place, so it matters only for what cannot be read.
      pointer: below(pointer, cards.length),
      catalogue,
      filter,
      readOnly,
      onMove: (by) => move(card, by),
      onRemove: () => {
        cards = cards.filter((each) => each !== card);
        arrange();
        addButton.focus();
        announce(`${card.name()} was removed from the chain`);
      },
      onChange,
    });
    cards.push(card);
    return card;
  };
  const addButton = el("button", { type: "button", class: "button button-small" }, icon("add"), "Add filter");
  addButton.addEventListener("click", () => {
    const card = add({ use: catalogue[0]?.name ?? "", options: {} });
    arrange();
    card.focus();
  });
  for (const filter of filters) add(filter);
  const node = el("div", { class: "filter-chain" }, mistakes, empty, list, readOnly ? null : addButton);
  node.addEventListener("input", onChange);
  arrange();
  return {
    node,
    value: () => cards.map((card) => card.value()),
    setErrors: (errors) => {
      const { own, inside } = byFirstPart(errors, new Set(cards.map((_, index) => String(index))));
      showMistakes(mistakes, own);
      cards.forEach((card, index) => {
        card.setErrors(inside.get(String(index)) ?? []);
      });
    },
  };
}

/** @param {MappingView["policyFilters"][number]} filter */
function policyCard({ policy, use, options }) {
  return el(
    "li",
    { class: "filter filter-policy" },
    el(
      "div",
      { class: "filter-head" },
      el("span", { class: "filter-name" }, icon("lock"), use),
      el("span", { class: "tag" }, "policy ", el("a", { href: `#/policies/${encodeURIComponent(policy)}` }, policy)),
      el("span", { class: "muted" }, "runs first; only the policy can change it"),
    ),
    el(
      "details",
      {},
      el("summary", {}, "Options"),
      el("pre", { class: "code", tabindex: "0" }, JSON.stringify(options, null, 2)),
    ),
  );
}
