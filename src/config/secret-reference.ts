/** References to secrets: `${env:NAME}` and `${file:PATH}`. They are what is stored and shown; the secret is read late. */

import { readFile } from "node:fs/promises";
import { StraitError } from "../model/errors.ts";

const REFERENCE = /^\$\{(env|file):([^{}]+)\}$/;

/** Whether the text as a whole is a reference. Text with a reference somewhere inside is not. */
export function isReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** The names of all environment variables that something refers to, at whatever depth; each once. */
export function referencedVariables(given: unknown): string[] {
  if (typeof given === "string") {
    const [, kind, name = ""] = REFERENCE.exec(given) ?? [];
    return kind === "env" ? [name] : [];
  }
  if (typeof given !== "object" || given === null) return [];
  return [...new Set(Object.values(given).flatMap(referencedVariables))];
}

/**
 * The secret a reference stands for; text that is no reference is returned as it is. One newline at the end of a file
 * does not belong to the secret. Rejects with `secret-unavailable`, naming the reference, where there is none or it is
 * empty.
 */
export async function resolveReference(text: string): Promise<string> {
  const [, kind, name = ""] = REFERENCE.exec(text) ?? [];
  if (kind === undefined) return text;
  const secret = kind === "env" ? fromEnvironment(text, name) : await fromFile(text, name);
  if (secret === "") throw new StraitError("secret-unavailable", `the secret ${text} is empty`);
  return secret;
}

/** The properties with every reference resolved. Rejects as `resolveReference` does. */
export async function resolveProperties(properties: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const resolved: Record<string, string> = {};
  for (const [name, value] of Object.entries(properties)) resolved[name] = await resolveReference(value);
  return resolved;
}

function fromEnvironment(reference: string, name: string): string {
  const secret = process.env[name];
  if (secret === undefined) {
    throw new StraitError(
      "secret-unavailable",
      `the secret ${reference} is not set: there is no environment variable ${name}`,
    );
  }
  return secret;
}

async function fromFile(reference: string, path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).replace(/\r?\n$/, "");
  } catch (cause) {
    const { code = "unknown error" } = cause as NodeJS.ErrnoException;
    throw new StraitError("secret-unavailable", `the secret ${reference} cannot be read: ${code}`, { cause });
  }
}
