/** What the benchmarks copy: JSON orders of a given size, compressible as such data is, no two alike. */

import { order } from "../src/demo/orders.ts";

/** The bytes of a record's value. */
export type RecordBytes = 190 | 1024;

/** Order number `id` belongs to partition `id % PARTITIONS`, and its key is `keyOf(id)`. */
export const PARTITIONS = 4;

const GOODS = ["lamp", "chair", "desk", "shelf", "clock", "carpet", "mirror", "stool", "bench", "curtain"];

export function keyOf(id: number): string {
  return `k${id}`;
}

/** The order of that number, `bytes` long (ASCII). With `sentAt`, which the redaction leaves alone, as a field. */
export function orderText(id: number, bytes: RecordBytes, sentAt?: number): string {
  const { customer } = order(id, PLACED);
  const random = scramble(id);
  const text = JSON.stringify({
    id,
    ...(sentAt === undefined ? {} : { sentAt }),
    customer: { ...customer, email: customer.email.replace("@", `.${random % 100_000}@`) },
    iban: `DE${String(scramble(random)).padStart(10, "0")}${String(random).padStart(10, "0")}`,
    amount: (random % 100_000) / 100,
    note: "",
  });
  return `${text.slice(0, -'"}'.length)}${filler(id, bytes - text.length)}"}`;
}

/** What `ORDER_REDACTION` makes of it, parsed. */
export function redactedOrder(text: string): unknown {
  const { customer, ...rest } = JSON.parse(text) as { customer: { email: string; country: string } };
  const email = customer.email.charAt(0) + "*".repeat(customer.email.length - 1);
  return { ...rest, customer: { email, country: customer.country }, iban: null };
}

const PLACED = new Date(0);

/** Goods and quantities, cut to the length: words that repeat between numbers that do not. */
function filler(id: number, length: number): string {
  let text = "";
  for (let line = 1; text.length < length; line++) {
    const random = scramble(id * 64 + line);
    text += `${GOODS[random % GOODS.length]} ${random.toString(36)} x${1 + (line % 3)}, `;
  }
  return text.slice(0, Math.max(0, length));
}

/** 32 bits that look random and are the same for the same number (the finaliser of MurmurHash3). */
function scramble(number: number): number {
  let hash = number | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
