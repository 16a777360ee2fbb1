/** The texts users read, and the code blocks in them. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

/** Every document, by its path from the root. */
export const DOCUMENTS: readonly string[] = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

export interface CodeBlock {
  /** Document and line, for titles. */
  readonly place: string;
  readonly language: string;
  /** What follows the language on the fence: a file's name, or what a JSON text is. Readers do not see it. */
  readonly info: string;
  readonly text: string;
}

export function textOf(document: string): string {
  return readFileSync(join(ROOT, document), "utf8");
}

/** The fenced blocks of a document, in order. Throws for one that is not closed. */
export function codeBlocks(document: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { readonly place: string; readonly fence: string; readonly lines: string[] } | null = null;
  for (const [index, line] of textOf(document).split("\n").entries()) {
    if (!line.startsWith("```")) open?.lines.push(line);
    else if (open === null) open = { place: `${document}:${index + 1}`, fence: line.slice(3), lines: [] };
    else {
      const [language = "", ...info] = open.fence.split(" ");
      const text = open.lines.map((each) => `${each}\n`).join("");
      blocks.push({ place: open.place, language, info: info.join(" "), text });
      open = null;
    }
  }
  if (open !== null) throw new Error(`the code block at ${open.place} is not closed`);
  return blocks;
}

/** The blocks of a language in all documents. */
export function blocksIn(language: string): CodeBlock[] {
  return DOCUMENTS.flatMap(codeBlocks).filter((block) => block.language === language);
}
