/** Reads what the TypeScript compiler says of files (`tsc --pretty false`). */

import { resolve } from "node:path";

/** What is wrong at one place of one file. */
export interface TypeMistake {
  /** Absolute. */
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** In the compiler's words, with its number at the end. */
  readonly message: string;
}

export interface CompilerOutput {
  readonly mistakes: readonly TypeMistake[];
  /** What the compiler has against its own surroundings and no file. */
  readonly others: readonly string[];
  /** Every file it read, absolute (`--listFiles`). */
  readonly files: readonly string[];
}

const AT_A_PLACE = /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/;
const AT_NO_PLACE = /^error (TS\d+): (.*)$/;
/** The lines behind a mistake's first one go into detail, deeper and deeper; so many of them help. */
const DETAILS = 3;

/** `directory` is where the compiler ran: it gives paths as seen from there. */
export function readCompilerOutput(text: string, directory: string): CompilerOutput {
  const mistakes: (TypeMistake & { details: number })[] = [];
  const others: string[] = [];
  const files: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, file, row, column, code, message] = AT_A_PLACE.exec(line) ?? [];
    const last = mistakes.at(-1);
    if (file !== undefined) {
      const words = `${message} (${code})`;
      const place = { file: resolve(directory, file), line: Number(row), column: Number(column) };
      mistakes.push({ ...place, message: words, details: 0 });
    } else if (/^\s+\S/.test(line) && last !== undefined) {
      if (last.details++ >= DETAILS) continue;
      mistakes[mistakes.length - 1] = { ...last, message: `${last.message} ${line.trim()}` };
    } else if (AT_NO_PLACE.test(line)) others.push(line.slice("error ".length));
    else if (line.trim() !== "") files.push(resolve(directory, line));
  }
  return { mistakes: mistakes.map(({ details: _, ...mistake }) => mistake), others, files };
}
