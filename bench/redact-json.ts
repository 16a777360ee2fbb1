/**
 * Measures the redact filter's surgery against JSON.parse + JSON.stringify on the same records: microseconds of CPU time a
 * record, several rounds in alternating order. Run: bun bench/redact-json.ts [rounds]
 */

import { Buffer } from "node:buffer";
import redact from "../filters/redact.ts";
import type { KafkaRecord, RecordFilter } from "../src/mod.ts";

const ROUNDS = Number(process.argv[2] ?? 7);
const RECORDS = 20_000;
const REPEATS = 10;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

const OPTIONS: Parameters<typeof redact.create>[0] = {
  fields: [
    { path: "$.customer.name", action: "drop" },
    { path: "$.customer.email", action: "mask", first: 1, last: 0, with: "*" },
    { path: "$.iban", action: "replace", value: "***" },
  ],
};

interface Order {
  readonly id: number;
  readonly at: string;
  readonly amount: number;
  readonly currency: string;
  readonly customer: { name?: string; email: string; readonly country: string };
  iban: string;
}

function order(index: number): Order {
  return {
    id: 1_000_000 + index,
    at: new Date(1_790_000_000_000 + index * 1000).toISOString(),
    amount: (index % 9000) + 0.75,
    currency: "EUR",
    customer: {
      name: `Zoë Example ${index % 977}`,
      email: `person${10_000 + (index % 977)}@example.org`,
      country: "DE",
    },
    iban: `DE89${String(370_400_440_532_013_000 + index * 64)}`,
  };
}

function recordOf(value: Uint8Array, offset: number): KafkaRecord {
  return { topic: "orders", partition: 0, offset, timestamp: -1, key: null, value, headers: [] };
}

function parseAndStringify(value: Uint8Array): Uint8Array {
  const parsed = JSON.parse(decoder.decode(value)) as Order;
  delete parsed.customer.name;
  const { email } = parsed.customer;
  parsed.customer.email = email.slice(0, 1) + "*".repeat(email.length - 1);
  parsed.iban = "***";
  return encoder.encode(JSON.stringify(parsed));
}

function surgeryOn(filter: RecordFilter, record: KafkaRecord): Uint8Array {
  const result = filter.apply(record);
  if (result instanceof Promise || result.verb !== "replace" || !result.value) throw new Error("nothing was redacted");
  return result.value;
}

/** Both ways must give the same bytes: JSON.stringify spells these records as they were spelt. */
function verify(filter: RecordFilter, records: readonly KafkaRecord[]): void {
  for (const record of records) {
    const expected = decoder.decode(parseAndStringify(record.value ?? new Uint8Array()));
    const found = decoder.decode(surgeryOn(filter, record));
    if (found !== expected) throw new Error(`record ${record.offset}: ${found} instead of ${expected}`);
  }
}

/** CPU time of all threads, so that compiling and garbage count, and what else the machine does does not. */
function microsecondsPerRecord(
  records: readonly KafkaRecord[],
  redactOne: (record: KafkaRecord) => Uint8Array,
): number {
  let bytes = 0;
  const before = process.cpuUsage();
  for (let i = 0; i < REPEATS; i++) for (const record of records) bytes += redactOne(record).length;
  const { user, system } = process.cpuUsage(before);
  if (bytes === 0) throw new Error("no output");
  return (user + system) / (REPEATS * records.length);
}

function summary(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [lowest = 0, median = 0, highest = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  return `median ${median.toFixed(3)}, ${lowest.toFixed(3)} to ${highest.toFixed(3)}`;
}

/** Views of one piece of memory, as the records of a batch are. */
function viewsOf(values: readonly Uint8Array[]): Buffer[] {
  const memory = Buffer.concat(values);
  let end = 0;
  return values.map(({ length }) => {
    end += length;
    return memory.subarray(end - length, end);
  });
}

const values = Array.from({ length: RECORDS }, (_, index) => encoder.encode(JSON.stringify(order(index))));
const records = viewsOf(values).map(recordOf);
const filter = await redact.create(OPTIONS, {
  link: "bench",
  mapping: "orders",
  topic: "orders",
  destinationTopic: "orders",
  registries: { source: null, destination: null },
  file: () => Promise.reject(new Error("no files here")),
  secret: () => Promise.reject(new Error("no secrets here")),
});
verify(filter, records);

const size = values.reduce((sum, { length }) => sum + length, 0) / RECORDS;
// Bun/1.4.5 or Deno/2.9.6; both have it.
console.log(`runtime    ${navigator.userAgent}, ${process.arch}`);
console.log(`records    ${RECORDS} of ${size.toFixed(0)} bytes, ${REPEATS} times a round, ${ROUNDS} rounds`);
console.log(`redaction  ${JSON.stringify(OPTIONS)}`);

const ways = {
  surgery: (record: KafkaRecord) => surgeryOn(filter, record),
  "parse + stringify": (record: KafkaRecord) => parseAndStringify(record.value ?? new Uint8Array()),
};
const measured: Record<keyof typeof ways, number[]> = { surgery: [], "parse + stringify": [] };
const names = Object.keys(ways) as (keyof typeof ways)[];
for (const name of names) microsecondsPerRecord(records, ways[name]);
for (let round = 0; round < ROUNDS; round++)
  for (const name of round % 2 === 0 ? names : names.toReversed())
    measured[name].push(microsecondsPerRecord(records, ways[name]));
for (const name of names) console.log(`${name.padEnd(18)} us CPU a record: ${summary(measured[name])}`);
const ratios = measured.surgery.map((spent, round) => spent / (measured["parse + stringify"][round] ?? 0));
console.log(`surgery / the other of the same round: ${summary(ratios)}`);
