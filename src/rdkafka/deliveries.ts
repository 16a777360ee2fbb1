/** What became of produced messages, as delivery report events tell it. */

import { MESSAGE } from "./layout.ts";
import type { NativeLibrary } from "./library.ts";

/** Messages acknowledged or refused by the brokers, for producers without transactions. */
export interface Delivery {
  /** What `enqueue` was given as `tag`. */
  readonly tag: number;
  readonly count: number;
  /** Set where they were not delivered. */
  readonly status: number;
}

/** Sums up a delivery report event by tag and outcome. */
export function reportDeliveries(
  library: NativeLibrary,
  event: number,
  onDelivery: (delivery: Delivery) => void,
): void {
  const { readI32, readU64 } = library.runtime;
  const slots = new BigUint64Array(1024);
  let current: { tag: number; count: number; status: number } | undefined;
  for (;;) {
    const got = library.rd_kafka_event_message_array(event, slots, slots.length);
    if (got === 0) break;
    for (let i = 0; i < got; i++) {
      const message = Number(slots[i]);
      const tag = readU64(message, MESSAGE._private);
      const status = readI32(message, MESSAGE.err);
      if (current?.tag === tag && current.status === status) {
        current.count++;
        continue;
      }
      if (current) onDelivery(current);
      current = { tag, count: 1, status };
    }
  }
  if (current) onDelivery(current);
}
