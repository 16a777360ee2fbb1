/** `tokens.json` of a state directory. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { validate } from "../../config/validate.ts";
import { messageOf, StraitError } from "../../model/errors.ts";
import { replaceFile } from "../durable-file.ts";
import { KeptToken } from "./token.ts";

const TokenFile = Type.Object(
  { version: Type.Literal(1), tokens: Type.Array(KeptToken) },
  { additionalProperties: false },
);
type TokenFile = Static<typeof TokenFile>;

const REMEDY =
  "restore it from a backup; without the file there are no tokens, and everybody on this machine is an admin";

/** The tokens kept in a directory; none where there is no file. Throws `configuration` for a file that is damaged. */
export function readTokens(directory: string): KeptToken[] {
  const file = tokenFile(directory);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new StraitError("configuration", `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's words may quote the file.
    throw new StraitError("configuration", `${file} is damaged: not JSON; ${REMEDY}`);
  }
  const result = validate(TokenFile, content);
  if (result.ok) return result.value.tokens;
  const [first] = result.errors;
  throw new StraitError("configuration", `${file} is damaged: ${first?.path ?? ""} ${first?.message ?? ""}; ${REMEDY}`);
}

/** Keeps tokens; they are on disk when this returns. Throws what the file system says, and then nothing changed. */
export function writeTokens(directory: string, tokens: readonly KeptToken[]): void {
  const content: TokenFile = { version: 1, tokens: [...tokens] };
  replaceFile(tokenFile(directory), `${JSON.stringify(content, null, 2)}\n`);
}

function tokenFile(directory: string): string {
  return join(directory, "tokens.json");
}
