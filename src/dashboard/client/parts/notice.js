/** Why something is in its state, and what to do about it. */

import { el, setAttribute, setText } from "../dom/el.js";

/**
 * Hidden as long as there is nothing to say.
 *
 * @returns {{ readonly node: HTMLElement, update(state: string, reason: string | null, remedy: string | null): void }}
 */
export function stateNotice() {
  const why = el("p", { class: "notice-reason" });
  const what = el("p", { class: "notice-remedy" });
  const node = el("div", { class: "notice" }, why, what);
  return {
    node,
    update: (state, reason, remedy) => {
      node.hidden = reason === null && (state === "running" || remedy === null);
      setAttribute(node, "data-state", state);
      setText(why, reason ?? "");
      why.hidden = reason === null;
      setText(what, remedy === null ? "" : `What to do: ${remedy}`);
      what.hidden = remedy === null;
    },
  };
}
