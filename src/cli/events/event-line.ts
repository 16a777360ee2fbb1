/** An event of `strait events` on a line. */

import { totalWords } from "../lag/lag-words.ts";
import { printable } from "../printable.ts";
import type { Update } from "./follow-events.ts";

/** Null for what is not an event of strait but of the connection to it. */
export function eventLine(update: Update, json: boolean): string | null {
  if (update.type === "state") {
    if (json) return JSON.stringify({ event: "state", data: update.state });
    const { link, state, reason } = update.state;
    const why = reason === null ? "" : `: ${printable(reason).replaceAll("\n", " ")}`;
    return `${new Date().toISOString()} ${link} is ${state}${why}`;
  }
  if (update.type !== "lag") return null;
  const { lag } = update;
  return json ? JSON.stringify({ event: "lag", data: lag }) : `${lag.at} ${lag.link}: ${totalWords(lag.total)}`;
}
