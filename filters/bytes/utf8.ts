/** Text that lies in bytes as UTF-8. */

import { Buffer } from "node:buffer";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let all = 0;
  for (let at = start; at < end; at++) all |= bytes[at]!;
  return all < 0x80;
}

/**
 * The text from `start` to `end`, a byte order mark included; null for what is not UTF-8. ASCII takes a shorter way (Bun
 * 1.4.5, 23 bytes: 41 against 100 ns; Deno 2.9.6: 121 against 512).
 */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string | null {
  if (isAscii(bytes, start, end)) return Buffer.prototype.toString.call(bytes, "latin1", start, end);
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    return null;
  }
}
