/** What an arrow says: which link it is, how it is, and how much flows. */

import { el, setAttribute, setText } from "../dom/el.js";
import { icon, pathOf } from "../dom/icon.js";
import { counted, duration, rate, shortCount } from "../text/numbers.js";

/** @typedef {import("./pairs.js").Flow} Flow */
/** @typedef {import("./pairs.js").Pair} Pair */

/**
 * A link to the link, or a button where the arrow is several.
 *
 * @param {Pair} pair
 * @param {(pair: Pair) => void} onPick
 * @returns {{ readonly node: HTMLElement, update(flow: Flow): void }}
 */
export function flowLabel(pair, onPick) {
  const [first] = pair.links;
  const isOne = pair.links.length === 1 && first !== undefined;
  const name = isOne ? first.name : counted(pair.links.length, "link");
  const picture = icon("unknown");
  const state = el("span", { class: "flow-state" });
  const numbers = el("span", { class: "flow-numbers" });
  // What is not seen is in the name too, so that the arrow is told from others without the map.
  const way = el("span", { class: "hidden-words" }, ` from ${pair.source} to ${pair.destination}: `);
  const content = [
    el("span", { class: "flow-head" }, picture, el("span", { class: "flow-name" }, name)),
    isOne ? null : el("span", { class: "flow-count", "aria-hidden": "true" }, pair.links.length),
    way,
    state,
    " ",
    numbers,
  ];
  const control = isOne
    ? el("a", { class: "flow", title: name, href: `#/links/${encodeURIComponent(name)}` }, ...content)
    : el("button", { type: "button", class: "flow", onclick: () => onPick(pair) }, ...content);
  return {
    node: el("li", {}, control),
    update: ({ state: next, recordsPerSecond, lagRecords, lagMs }) => {
      setAttribute(control, "data-state", next);
      const path = picture.querySelector("path");
      if (path !== null) setAttribute(path, "d", pathOf(next));
      setText(state, `${next} · ${rate(recordsPerSecond)}`);
      setText(numbers, `lag ${shortCount(lagRecords)} · ${duration(lagMs)}`);
    },
  };
}
