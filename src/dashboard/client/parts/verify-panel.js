/** Compares the mirrors of a link with their sources, and shows what was found. */

import { pathTo } from "../api/api.js";
import { wordsOf } from "../api/problem.js";
import { el, setText } from "../dom/el.js";
import { icon } from "../dom/icon.js";
import { count, counted, moment } from "../text/numbers.js";
import { actionButton } from "./action-button.js";
import { dataTable } from "./data-table.js";

/** @typedef {import("../app/app.js").App} App */
/** @typedef {import("../types.d.ts").Verification} Verification */
/** @typedef {Verification["partitions"][number]} Verified */

const ASK_AGAIN_MS = 700;

/**
 * @param {App} app
 * @param {{ link: string, signal: AbortSignal }} options
 */
export function verifyPanel(app, { link, signal }) {
  const path = pathTo("links", link, "verify");
  const words = el("p", { role: "status" });
  const bar = el("progress", { "aria-label": "Offsets compared", max: 1, value: 0 });
  const table = dataTable({
    caption: "Verified partitions",
    empty: "",
    keyOf: ({ topic, partition }) => `${topic}/${partition}`,
    columns: COLUMNS,
  });
  const box = el("div", { hidden: true }, words, bar, table.node);
  const show = (/** @type {Verification} */ verification) => {
    box.hidden = false;
    const { offsets, of } = verification.progress;
    bar.hidden = verification.state !== "running";
    if (of > 0) bar.value = offsets / of;
    words.replaceChildren(icon(pictureOf(verification)), el("span", {}, inWords(verification)));
    words.className = verification.clean === false || verification.state === "failed" ? "problem" : "fine";
    table.node.hidden = verification.partitions.length === 0;
    table.update(verification.partitions);
  };
  const follow = async (/** @type {Verification} */ first) => {
    let verification = first;
    show(verification);
    while (verification.state === "running" && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      verification = await app.api.get(`${path}/${verification.id}`, signal);
      show(verification);
    }
  };
  const button = actionButton(app, {
    label: "Verify",
    about: link,
    needs: ["post", "/v1/links/{link}/verify"],
    run: async () => {
      await follow(await app.api.send("POST", path, { body: {}, signal }));
      return null; // said above, where it stays
    },
  });
  const last = async () => {
    const { verifications } = await app.api.get(path, signal);
    if (verifications.length > 0) await follow(verifications[0]);
  };
  last().catch((error) => {
    if (signal.aborted) return;
    box.hidden = false;
    setText(words, wordsOf(error));
  });
  return el(
    "div",
    { class: "stack" },
    el(
      "p",
      { class: "help" },
      "Reads both sides and compares every record of mode mirror, the source put through the filters first. Writes nothing.",
    ),
    el("div", { class: "actions" }, button),
    box,
  );
}

/** @param {Verification} verification */
function pictureOf({ state, clean }) {
  if (state === "running") return "starting";
  return clean === true ? "running" : "failed";
}

/** @param {Verification} verification */
function inWords({ state, clean, reason, progress, partitions, skipped, finishedAt }) {
  if (state === "running") return `Comparing: ${count(progress.offsets)} of ${count(progress.of)} offsets.`;
  if (state === "failed") return `It could not be finished: ${reason ?? "no reason was given"}`;
  const records = partitions.reduce((sum, each) => sum + each.records, 0);
  const left = skipped.length === 0 ? "" : ` Left out, as mode append has other offsets: ${skipped.join(", ")}.`;
  const when = finishedAt === null ? "" : ` (${moment(finishedAt)})`;
  const found = partitions.reduce((sum, each) => sum + each.differences, 0);
  return clean === true
    ? `Nothing differs in ${counted(records, "record")}${when}.${left}`
    : `${counted(found, "difference")} in ${counted(records, "record")}${when}.${left}`;
}

/** @type {readonly import("./data-table.js").ColumnOf<Verified>[]} */
const COLUMNS = [
  { label: "Partition", heading: true, text: ({ topic, partition }) => `${topic}/${partition}` },
  { label: "Offsets", numeric: true, text: ({ from, to }) => `${count(from)} to ${count(to)}` },
  { label: "Records", numeric: true, text: ({ records }) => count(records) },
  { label: "Differences", numeric: true, text: ({ differences }) => count(differences) },
  {
    label: "First ones",
    text: ({ firstDifferences }) =>
      firstDifferences
        .slice(0, 5)
        .map(({ offset, kind }) => `${kind} at ${count(offset)}`)
        .join(", "),
  },
];
