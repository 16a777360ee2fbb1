/**
 * Measures the detect filter with all detectors on the orders of bench/redact-json.ts: microseconds a record, for records
 * with something to find and without, several rounds in alternating order. Run: bun bench/detect.ts [rounds]
 */

import detect from "../filters/detect.ts";
import type { KafkaRecord, RecordFilter } from "../src/mod.ts";

const ROUNDS = Number(process.argv[2] ?? 7);
const RECORDS = 20_000;
const REPEATS = 5;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

const OPTIONS: Parameters<typeof detect.create>[0] = {
  detectors: "all",
  change: { action: "replace", value: "***" },
};

interface Kind {
  readonly name: string;
  readonly email: (index: number) => string;
  readonly iban: (index: number) => string;
  /** What the record must become, as its e-mail and its iban. */
  readonly found: boolean;
}

const KINDS: readonly Kind[] = [
  {
    name: "two matches",
    email: (index) => `person${10_000 + (index % 977)}@example.org`,
    iban: (index) => withCheckDigits(String(370_400_440_532_013_000 + index * 64)),
    found: true,
  },
  {
    name: "no match",
    email: (index) => `person${10_000 + (index % 977)}.example.org`,
    iban: (index) => `XX89${String(370_400_440_532_013_000 + index * 64)}`,
    found: false,
  },
];

/** A German IBAN: ISO 7064 MOD 97-10, DE as 13 14. */
function withCheckDigits(account: string): string {
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(check).padStart(2, "0")}${account}`;
}

function order(index: number, email: string, iban: string): string {
  return JSON.stringify({
    id: 1_000_000 + index,
    at: new Date(1_790_000_000_000 + index * 1000).toISOString(),
    amount: (index % 9000) + 0.75,
    currency: "EUR",
    customer: { name: `Zoë Example ${index % 977}`, email, country: "DE" },
    iban,
  });
}

function recordOf(value: Uint8Array, offset: number): KafkaRecord {
  return { topic: "orders", partition: 0, offset, timestamp: -1, key: null, value, headers: [] };
}

function applied(filter: RecordFilter, record: KafkaRecord): Uint8Array {
  const result = filter.apply(record);
  if (result instanceof Promise || result.verb === "drop") throw new Error("not an answer for this record");
  return (result.verb === "replace" ? result.value : record.value) ?? new Uint8Array();
}

function verify(filter: RecordFilter, records: readonly KafkaRecord[], kind: Kind): void {
  for (const [index, record] of records.entries()) {
    const [email, iban] = kind.found ? ["***", "***"] : [kind.email(index), kind.iban(index)];
    const expected = order(index, email, iban);
    const found = decoder.decode(applied(filter, record));
    if (found !== expected) throw new Error(`record ${record.offset}: ${found} instead of ${expected}`);
  }
}

function microsecondsPerRecord(records: readonly KafkaRecord[], filter: RecordFilter): number {
  let bytes = 0;
  const start = performance.now();
  for (let i = 0; i < REPEATS; i++) for (const record of records) bytes += applied(filter, record).length;
  const spent = performance.now() - start;
  if (bytes === 0) throw new Error("no output");
  return (spent * 1000) / (REPEATS * records.length);
}

function summary(name: string, values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [lowest = 0, median = 0, highest = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  return `${name.padEnd(18)} median ${median.toFixed(3)} us, ${lowest.toFixed(3)} to ${highest.toFixed(3)}`;
}

const filter = await detect.create(OPTIONS, {
  link: "bench",
  mapping: "orders",
  topic: "orders",
  destinationTopic: "orders",
  registries: { source: null, destination: null },
  file: () => Promise.reject(new Error("no files here")),
  secret: () => Promise.reject(new Error("no secrets here")),
});
const inputs = KINDS.map((kind) => ({
  kind,
  records: Array.from({ length: RECORDS }, (_, index) =>
    recordOf(encoder.encode(order(index, kind.email(index), kind.iban(index))), index),
  ),
  measured: [] as number[],
}));
for (const { kind, records } of inputs) verify(filter, records, kind);

const bytes = inputs[0]?.records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0) ?? 0;
// Bun/1.4.5 or Deno/2.9.6; both have it.
console.log(`runtime    ${navigator.userAgent}, ${process.arch}`);
console.log(
  `records    ${RECORDS} of ${(bytes / RECORDS).toFixed(0)} bytes, ${REPEATS} times a round, ${ROUNDS} rounds`,
);
console.log(`detection  ${JSON.stringify(OPTIONS)}`);

for (const { records } of inputs) microsecondsPerRecord(records, filter);
for (let round = 0; round < ROUNDS; round++)
  for (const input of round % 2 === 0 ? inputs : inputs.toReversed())
    input.measured.push(microsecondsPerRecord(input.records, filter));
for (const { kind, measured } of inputs) console.log(summary(kind.name, measured));
