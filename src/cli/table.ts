/** Tables for people. */

import Table from "cli-table3";
import type { Ink } from "./paint.ts";
import { printable } from "./printable.ts";

/** Null is shown as a dash. */
export type Cell = string | number | null | { readonly text: string; readonly ink: Ink };

const GAP = "  ";
/** Narrower than this a column cannot be read, so rather the lines are wrapped by the terminal. */
const LEAST_WIDTH = 10;
const PLAIN = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: GAP,
};

/**
 * Columns aligned under their heads, without lines. With `columns`, the letters a line may have, the widest columns are
 * made narrower and their words wrapped; a word that is still too long ends with `…`.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  columns: number | null = null,
): string {
  const texts = rows.map((row) => row.map(textOf));
  const natural = head.map((title, index) =>
    Math.max(title.length, ...texts.map((row) => widthOf(row[index]?.text ?? ""))),
  );
  const made = new Table({
    head: [...head],
    chars: PLAIN,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    ...(columns !== null && { colWidths: narrowed(natural, head, columns), wordWrap: true }),
  });
  made.push(...texts.map((row) => row.map(({ text, ink }) => ink(text))));
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function textOf(cell: Cell): { text: string; ink: Ink } {
  if (cell === null) return { text: "-", ink: (text) => text };
  if (typeof cell !== "object") return { text: printable(String(cell)), ink: (text) => text };
  return { text: printable(cell.text), ink: cell.ink };
}

/** The widths, the widest cut down together until the line fits or none can give more. */
function narrowed(natural: readonly number[], head: readonly string[], columns: number): number[] {
  const least = natural.map((width, index) => Math.min(width, Math.max(LEAST_WIDTH, head[index]?.length ?? 0)));
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, (widths.length - 1) * GAP.length) - columns;
  while (over > 0) {
    const candidates = widths.map((width, index) => (width > (least[index] ?? 0) ? width : 0));
    const widest = candidates.indexOf(Math.max(...candidates));
    if ((candidates[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over--;
  }
  return widths;
}

function widthOf(text: string): number {
  return Math.max(...text.split("\n").map((line) => [...line].length));
}
