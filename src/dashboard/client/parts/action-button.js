/** A button that asks strait to do something. */

import { wordsOf } from "../api/problem.js";
import { confirmed } from "../dom/confirm.js";
import { el } from "../dom/el.js";
import { icon } from "../dom/icon.js";

/** @typedef {import("../app/app.js").App} App */

/**
 * @typedef {object} ActionOptions
 * @property {string} label
 * @property {string} [about] what it is done to, for those who hear the label without what stands around it
 * @property {string} [picture]
 * @property {boolean} [danger]
 * @property {boolean} [small]
 * @property {readonly [method: string, path: string]} needs the operation, as in the API document
 * @property {{ title: string, text: string, yes: string }} [question] asked before
 * @property {() => Promise<string | null>} run resolves to what is announced
 */

/**
 * It says why where one may not, and what went wrong where it did not work.
 *
 * @param {App} app
 * @param {ActionOptions} options
 * @returns {HTMLButtonElement}
 */
export function actionButton(app, { label, about, picture, danger = false, small = false, needs, question, run }) {
  const denial = app.contract.denial(...needs);
  const classes = ["button", danger && "button-danger", small && "button-small"].filter(Boolean).join(" ");
  const button = el(
    "button",
    {
      type: "button",
      class: classes,
      title: denial,
      "aria-disabled": denial !== null && "true",
      "aria-label": about === undefined ? null : `${label} ${about}${denial === null ? "" : ` (${denial})`}`,
    },
    picture === undefined ? null : icon(picture),
    label,
  );
  let running = false;
  button.addEventListener("click", async () => {
    if (denial !== null) app.announce(`${label}: ${denial}`);
    if (running || denial !== null) return;
    running = true;
    try {
      if (question !== undefined && !(await confirmed(question))) return;
      button.setAttribute("aria-busy", "true");
      const message = await run();
      if (message !== null) app.announce(message);
    } catch (error) {
      app.announce(`${label}: ${wordsOf(error)}`);
    } finally {
      running = false;
      button.removeAttribute("aria-busy");
    }
  });
  return button;
}
