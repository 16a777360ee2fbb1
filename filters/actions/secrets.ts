/** The keys of actions: references in the options, secrets only where they are used. */

import { Buffer } from "node:buffer";
import { type FilterContext, StraitError, Type } from "../../src/mod.ts";

export const SecretReference = Type.String({
  pattern: "^\\$\\{(env:[A-Za-z_][A-Za-z0-9_]*|file:[^{}]+)\\}$",
  description: "The secret key as ${env:NAME} or ${file:PATH}, never itself.",
});

/** What a key version may look like: it stands in the output, between separators. */
export const KEY_VERSION_PATTERN = "^[A-Za-z0-9_-]{1,32}$";

/** The secret of any length. Rejects with `secret-unavailable`; `use` says what it is for, as `hashing $.id`. */
export async function secretText(context: FilterContext, reference: string, use: string): Promise<string> {
  const secret = await context.secret(reference);
  if (secret === "") throw new StraitError("secret-unavailable", `the key for ${use} is empty`);
  return secret;
}

/** A key of 32 bytes. Rejects with `secret-unavailable`, showing nothing of what is there, not even its length. */
export async function secretKey(context: FilterContext, reference: string, use: string): Promise<Uint8Array> {
  const text = await secretText(context, reference, use);
  const key = /^[0-9a-fA-F]{64}$/.test(text)
    ? Buffer.from(text, "hex")
    : /^[A-Za-z0-9+/]{43}=$/.test(text)
      ? Buffer.from(text, "base64")
      : null;
  if (key === null)
    throw new StraitError(
      "secret-unavailable",
      `the key for ${use} must be 32 bytes as base64 (44 characters) or as 64 hex digits; openssl rand -base64 32 makes one`,
    );
  return new Uint8Array(key);
}
