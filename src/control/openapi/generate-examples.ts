/**
 * Writes `documented-examples.json` from the requests and answers in the documents, which tests try out. Run it after
 * changing one of them: `bun src/control/openapi/generate-examples.ts`.
 */

import { readFile, writeFile } from "node:fs/promises";

/** Where the examples are looked for; the first of a request or an answer counts. */
const DOCUMENTS = ["api.md", "policies.md", "registry.md"].map(
  (name) => new URL(`../../../docs/${name}`, import.meta.url),
);

/** The JSON blocks marked `METHOD PATH` or `METHOD PATH STATUS`, by that mark. Throws for one that is no JSON. */
export function examplesIn(documents: readonly string[]): Record<string, unknown> {
  const blocks = documents.flatMap((text) => [...text.matchAll(/^```json ([A-Z]+ \S+(?: \d+)?)\n(.*?)^```$/gms)]);
  const examples: Record<string, unknown> = {};
  for (const [, mark = "", text = ""] of blocks) examples[mark] ??= JSON.parse(text);
  return examples;
}

/** The same for the documents as they are. */
export async function documentedExamples(): Promise<Record<string, unknown>> {
  return examplesIn(await Promise.all(DOCUMENTS.map((document) => readFile(document, "utf8"))));
}

if (import.meta.main) {
  const text = `${JSON.stringify(await documentedExamples(), null, 2)}\n`;
  await writeFile(new URL("./documented-examples.json", import.meta.url), text);
}
