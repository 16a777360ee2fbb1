/** A button that is a picture only. */

import { el } from "./el.js";
import { icon } from "./icon.js";

/**
 * @param {string} picture the name of an icon
 * @param {string} label what it does, read out and shown when pointed at
 * @param {() => void} run
 */
export function iconButton(picture, label, run) {
  return el(
    "button",
    { type: "button", class: "button button-icon", title: label, "aria-label": label, onclick: run },
    icon(picture),
  );
}
