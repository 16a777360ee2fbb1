/** Asks before something that cannot be taken back. */

import { el } from "./el.js";
import { newId } from "./ids.js";

/**
 * Whether the answer was yes. Escape is no, and the focus is on no at first.
 *
 * @param {{ title: string, text: string, yes: string }} question
 * @returns {Promise<boolean>}
 */
export function confirmed({ title, text, yes }) {
  const titleId = newId("question");
  const textId = newId("question");
  const no = el("button", { type: "submit", value: "no", class: "button", autofocus: true }, "Cancel");
  const dialog = el(
    "dialog",
    { class: "dialog", "aria-labelledby": titleId, "aria-describedby": textId },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: titleId }, title),
      el("p", { id: textId }, text),
      el(
        "div",
        { class: "actions" },
        no,
        el("button", { type: "submit", value: "yes", class: "button button-danger" }, yes),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
