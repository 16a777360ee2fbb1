/** What is not the same in two records. */

import type { Difference } from "../model/verification.ts";
import { decodeBody, type RawRecord, type RecordContent } from "../wire/decode-records.ts";

/** In what two records of an offset differ. Mostly they are the same bytes, and content is looked at only if not. */
export function differingParts(expected: RawRecord, found: RawRecord): Difference["kind"][] {
  const parts: Difference["kind"][] = expected.timestamp === found.timestamp ? [] : ["timestamp"];
  if (expected.body.equals(found.body)) return parts;
  const [ours, theirs] = [decodeBody(expected.body), decodeBody(found.body)];
  const sameKey = sameBytes(ours.key, theirs.key);
  const sameValue = sameBytes(ours.value, theirs.value);
  if (!sameKey) parts.push("key");
  if (!sameValue) parts.push("value");
  // Compared as text, names of other bytes than UTF-8 look alike. So whatever else differs is in the headers.
  if ((sameKey && sameValue) || !sameHeaders(ours, theirs)) parts.push("headers");
  return parts;
}

function sameHeaders({ headers }: RecordContent, { headers: others }: RecordContent): boolean {
  if (headers.length !== others.length) return false;
  return headers.every(({ name, value }, i) => name === others[i]?.name && sameBytes(value, others[i]?.value ?? null));
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
}
