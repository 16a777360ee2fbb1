/** Between JSON strings in bytes and JavaScript strings. */

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The text a JSON string (with its quotes, validated) stands for. A lone surrogate escape stays a lone surrogate. */
export function decodeString(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(decoder.decode(bytes.subarray(start, end))) as string;
}

/** UTF-8 as text, a byte order mark included. Throws `TypeError` for anything else. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** ASCII bytes as text: numbers and literals. */
export function decodeAscii(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** UTF-8; a lone surrogate becomes U+FFFD, as UTF-8 has no spelling for it. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** JSON text in UTF-8; lone surrogates are written as escapes, so nothing is lost. */
export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}
