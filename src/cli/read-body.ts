/** What `--file` names: YAML or JSON, from a file or from standard input. */

import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { LineCounter, parseDocument } from "yaml";
import { messageOf } from "../model/errors.ts";
import { UsageError } from "./usage-error.ts";

/** The object in the file, or in standard input for `-`. Throws {@link UsageError} with line and column of a mistake. */
export async function readBody(path: string): Promise<Record<string, unknown>> {
  const name = path === "-" ? "standard input" : path;
  const lines = new LineCounter();
  const document = parseDocument(await read(path, name), { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new UsageError(`${name}:${line}:${col}: ${problem.message}`);
  }
  const content: unknown = document.toJS();
  if (typeof content === "object" && content !== null && !Array.isArray(content)) {
    return content as Record<string, unknown>;
  }
  throw new UsageError(`${name} must hold an object: names with values, as YAML or JSON`);
}

async function read(path: string, name: string): Promise<string> {
  try {
    return path === "-" ? await textOf(process.stdin) : await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${name}: ${messageOf(error)}`);
  }
}
