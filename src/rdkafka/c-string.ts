/** Strings on their way into C. */

const encoder = new TextEncoder();

/** The text as NUL-terminated UTF-8. A text with a NUL inside would be cut short silently, so it throws. */
export function cString(text: string): Uint8Array {
  if (text.includes("\0")) throw new TypeError("text for native code contains a NUL character");
  return encoder.encode(`${text}\0`);
}
