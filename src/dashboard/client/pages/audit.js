/** The audit log, the newest entries first. */

import { el } from "../dom/el.js";
import { comparedTexts } from "../filters/compared-texts.js";
import { lastSequence } from "../parts/last-sequence.js";
import { page } from "../parts/page.js";
import { moment } from "../text/numbers.js";

/** @typedef {import("../types.d.ts").AuditEntry} AuditEntry */

const PAGE = 25;

/** @type {import("../app/app.js").Page} */
export async function auditPage(app, _parts, signal) {
  const list = el("ol", { class: "audit", reversed: true, "aria-label": "Entries, the newest first" });
  const status = el("p", { class: "muted", role: "status" });
  const older = el("button", { type: "button", class: "button" }, "Older entries");
  /** The sequence of the newest entry that is not shown. */
  let next = await lastSequence((after, limit) => entriesAfter(app, after, limit, signal));
  const last = next;
  const more = async () => {
    const after = Math.max(0, next - PAGE);
    const entries = await entriesAfter(app, after, next - after, signal);
    list.append(...entries.reverse().map(auditItem));
    next = after;
    older.hidden = next === 0;
    status.textContent = last === 0 ? "Nothing was changed yet." : `${last - next} of ${last} entries are shown.`;
  };
  older.addEventListener("click", async () => {
    older.setAttribute("aria-busy", "true");
    await more().catch((error) => app.announce(`Older entries: ${error.message}`));
    older.removeAttribute("aria-busy");
  });
  await more();
  const title = "Audit log";
  const help = el(
    "p",
    { class: "help" },
    "Every change: when, by whom, what, before and after. Each entry has the hash of the one before; `strait audit verify` checks them.",
  );
  return { title, node: page({ title }, help, status, list, el("div", { class: "actions" }, older)) };
}

/**
 * @param {import("../app/app.js").App} app
 * @param {number} after
 * @param {number} limit
 * @param {AbortSignal} signal
 * @returns {Promise<AuditEntry[]>}
 */
async function entriesAfter(app, after, limit, signal) {
  if (limit === 0) return [];
  const { entries } = await app.api.get(`/v1/audit?after=${after}&limit=${limit}`, signal);
  return entries;
}

/** @param {AuditEntry} entry */
function auditItem({ sequence, at, token, via, action, resource, before, after, hash }) {
  const summary = el(
    "summary",
    {},
    el("span", { class: "audit-sequence" }, `#${sequence}`),
    el("strong", {}, action),
    el("span", { class: "audit-resource" }, resource),
    el(
      "span",
      { class: "muted" },
      `${moment(at)} · ${token ?? (via === "http" ? "over HTTP" : "the configuration file")}`,
    ),
  );
  const details = el("details", {}, summary);
  // Comparing is work, and most entries are never opened.
  details.addEventListener("toggle", () => {
    if (details.childElementCount > 1) return;
    const texts = comparedTexts(shown(before), shown(after));
    const side = (/** @type {string} */ title, /** @type {DocumentFragment} */ text) =>
      el(
        "section",
        { class: "side", "aria-label": title },
        el("h3", {}, title),
        el("pre", { class: "code", tabindex: "0" }, text),
      );
    details.append(
      el("div", { class: "columns" }, side("Before", texts.before), side("After", texts.after)),
      el("p", { class: "muted hash" }, `hash ${hash}`),
    );
  });
  return el("li", { value: sequence }, details);
}

/** @param {unknown} value */
function shown(value) {
  return value === null || value === undefined ? "(nothing)" : JSON.stringify(value);
}
