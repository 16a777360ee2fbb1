/** The audit log, the newest entries first. */

import { el } from "../dom/el.js";
import { comparedTexts } from "../filters/compared-texts.js";
import { page } from "../parts/page.js";
import { moment } from "../text/numbers.js";

/** @typedef {import("../types.d.ts").AuditEntry} AuditEntry */

const PAGE = 25;

/** @type {import("../app/app.js").Page} */
export async function auditPage(app, _parts, signal) {
  const list = el("ol", { class: "audit", reversed: true, "aria-label": "Entries, the newest first" });
  const status = el("p", { class: "muted", role: "status" });
  const older = el("button", { type: "button", class: "button" }, "Older entries");
  /** The sequence of the oldest entry that is shown. */
  let first = 0;
  let shown = 0;
  const more = async () => {
    const before = first === 0 ? "" : `&before=${first}`;
    const { entries } = await app.api.get(`/v1/audit?order=newest&limit=${PAGE}${before}`, signal);
    list.append(...entries.map(auditItem));
    first = entries.at(-1)?.sequence ?? first;
    shown += entries.length;
    older.hidden = first <= 1;
    const rest = first > 1 ? `${first - 1} older ones are not shown.` : "These are all.";
    status.textContent = shown === 0 ? "Nothing was changed yet." : `${shown} entries are shown. ${rest}`;
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
