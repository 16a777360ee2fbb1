/** Keys, values and headers as they are shown: text where they are text. */

import { type Static, Type } from "typebox";
import { OrNull } from "../config/or-null.ts";
import type { KafkaRecord } from "../model/record.ts";

const TruncatedFrom = Type.Optional(
  Type.Integer({ description: "How many bytes there are; there only where not all are shown." }),
);

export const ShownBytes = Type.Union([
  Type.Object({ text: Type.String({ description: "UTF-8." }), truncatedFrom: TruncatedFrom }),
  Type.Object({ base64: Type.String({ description: "What is not UTF-8." }), truncatedFrom: TruncatedFrom }),
]);
export type ShownBytes = Static<typeof ShownBytes>;

export const ShownContent = Type.Object({
  key: OrNull(ShownBytes),
  value: OrNull(ShownBytes),
  headers: Type.Array(Type.Object({ name: Type.String(), value: OrNull(ShownBytes) })),
  headersTruncatedFrom: Type.Optional(
    Type.Integer({ description: "How many headers there are; there only where not all are shown." }),
  ),
});
export type ShownContent = Static<typeof ShownContent>;

/** How much of a record is shown at most. */
export interface ContentLimits {
  /** Bytes of a key, and of a value. */
  readonly partBytes: number;
  readonly headers: number;
  /** Bytes of a header's value, and characters of its name. */
  readonly headerBytes: number;
}

/** What previews show of a record. */
export const PREVIEW_LIMITS: ContentLimits = { partBytes: 8192, headers: 32, headerBytes: 512 };

const ALL = Number.MAX_SAFE_INTEGER;
export const NO_LIMITS: ContentLimits = { partBytes: ALL, headers: ALL, headerBytes: ALL };

export function showContent(
  { key, value, headers }: Pick<KafkaRecord, "key" | "value" | "headers">,
  limits: ContentLimits,
): ShownContent {
  const shown = headers.slice(0, limits.headers).map((header) => ({
    name: header.name.slice(0, limits.headerBytes),
    value: showBytes(header.value, limits.headerBytes),
  }));
  return {
    key: showBytes(key, limits.partBytes),
    value: showBytes(value, limits.partBytes),
    headers: shown,
    ...(shown.length < headers.length && { headersTruncatedFrom: headers.length }),
  };
}

/** At most the first `most` bytes; text is never cut inside of a character. */
export function showBytes(bytes: Uint8Array | null, most: number): ShownBytes | null {
  if (bytes === null) return null;
  const truncated = bytes.length > most ? { truncatedFrom: bytes.length } : {};
  const text = textOf(bytes);
  if (text === null) return { base64: Buffer.from(bytes.subarray(0, most)).toString("base64"), ...truncated };
  if (bytes.length <= most) return { text };
  let end = most;
  // RFC 3629: all bytes of a character but its first are 10xxxxxx.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return { text: textOf(bytes.subarray(0, end)) ?? "", ...truncated };
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
