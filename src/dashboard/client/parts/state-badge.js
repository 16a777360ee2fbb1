/** A state as a picture and a word: never by its colour alone. */

import { el, setAttribute, setText } from "../dom/el.js";
import { icon, pathOf } from "../dom/icon.js";

/**
 * @param {string} [state]
 * @returns {{ readonly node: HTMLElement, update(state: string): void }}
 */
export function stateBadge(state = "unknown") {
  const picture = icon(state);
  const word = el("span", {});
  const node = el("span", { class: "badge" }, picture, word);
  const update = (/** @type {string} */ next) => {
    setText(word, next);
    setAttribute(node, "data-state", next);
    const path = picture.querySelector("path");
    if (path !== null) setAttribute(path, "d", pathOf(next));
  };
  update(state);
  return { node, update };
}
