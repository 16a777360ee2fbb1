/** What a policy says as a digest, so that an auditor can tell that it was this and no other. */

import { createHash } from "node:crypto";
import type { PolicyContent } from "./policy.ts";

/** SHA-256, hex, of name and content in canonical JSON (RFC 8785). Secrets are in it as references only. */
export function policyDigest(name: string, { from, to, topics, rule }: PolicyContent): string {
  return createHash("sha256").update(canonicalJson({ name, from, to, topics, rule })).digest("hex");
}

/** RFC 8785 writes strings and numbers as ECMAScript does, and sorts members by UTF-16 code units, as `sort` does. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonicalJson(each)}`).join(",")}}`;
}
