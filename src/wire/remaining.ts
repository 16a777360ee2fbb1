/** What the library hands to readers of answers, as bytes. */

import type { Reader } from "@platformatic/kafka";

/** All that was not read yet, in one piece: copied only where it came in several. */
export function remaining(reader: Reader): Buffer {
  return reader.buffer.slice(reader.position);
}
