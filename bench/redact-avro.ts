/**
 * Measures the Avro surgery against avsc (decode, change, encode) on the same records: microseconds a record, several
 * rounds in alternating order. The orders are those of redact-json.ts. Run: bun bench/redact-avro.ts [rounds]
 */

import avro from "avsc";
import { compileAvro } from "../filters/avro/compile.ts";
import { readAvroSchema } from "../filters/avro/schema.ts";
import type { FieldAction } from "../filters/fields/change.ts";
import { parsePath } from "../filters/fields/path.ts";
import type { Selection } from "../filters/fields/selection.ts";

const ROUNDS = Number(process.argv[2] ?? 7);
const RECORDS = 20_000;
const REPEATS = 10;

const SCHEMA = {
  type: "record",
  name: "Order",
  namespace: "com.example",
  fields: [
    { name: "id", type: "long" },
    { name: "at", type: "string" },
    { name: "amount", type: "double" },
    { name: "currency", type: "string" },
    {
      name: "customer",
      type: {
        type: "record",
        name: "Customer",
        fields: [
          { name: "name", type: ["null", "string"], default: null },
          { name: "email", type: "string" },
          { name: "country", type: "string" },
        ],
      },
    },
    { name: "iban", type: "string" },
  ],
};

/** The e-mail's first character stays. */
const MASK: FieldAction = {
  name: "mask",
  text: (value) => value.slice(0, 1) + "*".repeat(value.length - 1),
};

const SELECTION: Selection = {
  form: "fields",
  rules: [
    { choice: { path: parsePath("$.customer.name") }, change: { kind: "drop" }, label: "$.customer.name" },
    {
      choice: { path: parsePath("$.customer.email") },
      change: { kind: "act", action: MASK },
      label: "$.customer.email",
    },
    { choice: { path: parsePath("$.iban") }, change: { kind: "replace", value: "***" }, label: "$.iban" },
  ],
};

interface Order {
  readonly id: number;
  readonly at: string;
  readonly amount: number;
  readonly currency: string;
  readonly customer: { name?: string | null; email: string; readonly country: string };
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

type Redact = (value: Uint8Array) => Uint8Array;

function surgery(drops: "reduce" | "blank"): { readonly redact: Redact; readonly reduced: unknown } {
  const { surgeon, reduced } = compileAvro(readAvroSchema(SCHEMA), SELECTION, { drops });
  const redact = (value: Uint8Array): Uint8Array => {
    const redacted = surgeon.operate(value);
    if (redacted === null) throw new Error("nothing was redacted");
    return redacted;
  };
  return { redact, reduced };
}

/** What avsc needs for the same; it reads from Buffers only, so the records are made as such. */
function decodeAndEncode(writer: avro.Type, reduced: avro.Type): Redact {
  return (value) => {
    const decoded = writer.fromBuffer(value as Buffer) as Order;
    const { email } = decoded.customer;
    decoded.customer.email = email.slice(0, 1) + "*".repeat(email.length - 1);
    decoded.customer.name = null;
    decoded.iban = "***";
    return reduced.toBuffer(decoded);
  };
}

function verify(ways: readonly [string, Redact, Redact][], values: readonly Uint8Array[]): void {
  for (const [name, expected, found] of ways)
    for (const [index, value] of values.entries())
      if (Buffer.compare(expected(value), found(value)) !== 0) throw new Error(`${name}: record ${index} differs`);
}

function microsecondsPerRecord(values: readonly Uint8Array[], redact: Redact): number {
  let bytes = 0;
  const start = performance.now();
  for (let i = 0; i < REPEATS; i++) for (const value of values) bytes += redact(value).length;
  const spent = performance.now() - start;
  if (bytes === 0) throw new Error("no output");
  return (spent * 1000) / (REPEATS * values.length);
}

function summary(name: string, values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [lowest = 0, median = 0, highest = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  return `${name.padEnd(18)} median ${median.toFixed(3)} us, ${lowest.toFixed(3)} to ${highest.toFixed(3)}`;
}

const writer = avro.Type.forSchema(SCHEMA as avro.Schema);
const reduce = surgery("reduce");
const blank = surgery("blank");
const reducedType = avro.Type.forSchema(reduce.reduced as avro.Schema);
const ways: Record<string, Redact> = {
  "surgery, reduced": reduce.redact,
  "avsc, reduced": decodeAndEncode(writer, reducedType),
  "surgery, blanked": blank.redact,
  "avsc, blanked": decodeAndEncode(writer, writer),
};
const values: Uint8Array[] = Array.from({ length: RECORDS }, (_, index) => writer.toBuffer(order(index)));
verify(
  [
    ["reduced", ways["avsc, reduced"]!, ways["surgery, reduced"]!],
    ["blanked", ways["avsc, blanked"]!, ways["surgery, blanked"]!],
  ],
  values,
);

const size = values.reduce((sum, value) => sum + value.length, 0) / RECORDS;
// Bun/1.4.5 or Deno/2.9.6; both have it.
console.log(`runtime    ${navigator.userAgent}, ${process.arch}`);
console.log(`records    ${RECORDS} of ${size.toFixed(0)} bytes, ${REPEATS} times a round, ${ROUNDS} rounds`);
console.log("redaction  customer.name dropped, customer.email masked, iban replaced; 3 of 8 fields");

const measured = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
const names = [...measured.keys()];
for (const name of names) microsecondsPerRecord(values, ways[name]!);
for (let round = 0; round < ROUNDS; round++)
  for (const name of round % 2 === 0 ? names : names.toReversed())
    measured.get(name)?.push(microsecondsPerRecord(values, ways[name]!));
for (const [name, figures] of measured) console.log(summary(name, figures));
