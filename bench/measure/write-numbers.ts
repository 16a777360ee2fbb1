/** Puts measured numbers into the document about them. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DOCUMENT = join(import.meta.dirname, "../../docs/benchmarks.md");
const BEGIN = "<!-- numbers: bun run bench -->";
const END = "<!-- /numbers -->";

/** Replaces what is between the markers of docs/benchmarks.md. Throws where they are missing. */
export function writeNumbers(markdown: string): void {
  const document = readFileSync(DOCUMENT, "utf8");
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has no ${BEGIN} ... ${END}`);
  writeFileSync(DOCUMENT, `${document.slice(0, begin + BEGIN.length)}\n\n${markdown}\n\n${document.slice(end)}`);
}
