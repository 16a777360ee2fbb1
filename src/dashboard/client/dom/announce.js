/** Says what happens to those who do not see it, and shows it for a moment to those who do. */

import { el } from "./el.js";

/** Somebody who reads slowly has finished by then. */
const SHOWN_MS = 7_000;

/** More than so many at once are summed up. */
const MOST = 3;

/**
 * A place for messages: a polite live region that is also seen.
 *
 * @param {HTMLElement} region
 */
export function announcer(region) {
  /** @param {string} message */
  const announce = (message) => {
    const note = el("p", { class: "toast" }, message);
    region.append(note);
    while (region.childElementCount > MOST) region.firstElementChild?.remove();
    setTimeout(() => note.remove(), SHOWN_MS);
  };
  return announce;
}

/**
 * Collects messages for a moment and gives them on: one by one if they are few, else in sum.
 *
 * @param {(message: string) => void} announce
 * @param {(count: number) => string} inSum
 * @param {number} [delayMs]
 */
export function gathered(announce, inSum, delayMs = 1_000) {
  /** @type {Map<string, string>} the last message about each thing */
  const waiting = new Map();
  return (/** @type {string} */ about, /** @type {string} */ message) => {
    if (waiting.size === 0) {
      setTimeout(() => {
        const messages = [...waiting.values()];
        waiting.clear();
        if (messages.length > MOST) announce(inSum(messages.length));
        else messages.forEach(announce);
      }, delayMs);
    }
    waiting.set(about, message);
  };
}
