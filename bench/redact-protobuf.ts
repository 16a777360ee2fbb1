/**
 * Measures surgery on Protobuf against fromBinary + change + toBinary of @bufbuild/protobuf on the same records:
 * microseconds a record, several rounds in alternating order. Run: bun bench/redact-protobuf.ts [rounds]
 */

import { create, type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import {
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import type { FieldAction } from "../filters/fields/change.ts";
import { parsePath } from "../filters/fields/path.ts";
import type { FieldRule } from "../filters/fields/selection.ts";
import type { Surgeon } from "../filters/fields/surgeon.ts";
import { compileProtobuf } from "../filters/protobuf/compile.ts";
import { messageFromSet } from "../filters/protobuf/schema.ts";

const ROUNDS = Number(process.argv[2] ?? 7);
const RECORDS = 20_000;
const REPEATS = 10;

/** One letter stays; the e-mail addresses here have no characters outside of ASCII. */
const mask: FieldAction = { name: "mask", text: (value) => value.slice(0, 1) + "*".repeat(value.length - 1) };

const RULES: readonly FieldRule[] = [
  rule("$.customer.name", { kind: "drop" }),
  rule("$.customer.email", { kind: "act", action: mask }),
  rule("$.iban", { kind: "replace", value: "***" }),
];

type Customer = Message<"shop.Customer"> & { name: string; email: string; country: string };
type Order = Message<"shop.Order"> & {
  id: bigint;
  at: string;
  amount: number;
  currency: string;
  customer: Customer;
  iban: string;
};

function rule(path: string, change: FieldRule["change"]): FieldRule {
  return { choice: { path: parsePath(path) }, change, label: path };
}

function schema(): DescMessage {
  const field = (name: string, number: number, type: Type, typeName = "") =>
    create(FieldDescriptorProtoSchema, { name, jsonName: name, number, type, label: Label.OPTIONAL, typeName });
  const file = create(FileDescriptorProtoSchema, {
    name: "order.proto",
    package: "shop",
    syntax: "proto3",
    messageType: [
      {
        name: "Customer",
        field: [field("name", 1, Type.STRING), field("email", 2, Type.STRING), field("country", 3, Type.STRING)],
      },
      {
        name: "Order",
        field: [
          field("id", 1, Type.INT64),
          field("at", 2, Type.STRING),
          field("amount", 3, Type.DOUBLE),
          field("currency", 4, Type.STRING),
          field("customer", 5, Type.MESSAGE, ".shop.Customer"),
          field("iban", 6, Type.STRING),
        ],
      },
    ],
  });
  const set = create(FileDescriptorSetSchema, { file: [file] });
  return messageFromSet(toBinary(FileDescriptorSetSchema, set), "shop.Order");
}

function order(desc: DescMessage, index: number): Uint8Array {
  const customer = {
    $typeName: "shop.Customer",
    name: `Zoë Example ${index % 977}`,
    email: `person${10_000 + (index % 977)}@example.org`,
    country: "DE",
  };
  const fields = {
    id: BigInt(1_000_000 + index),
    at: new Date(1_790_000_000_000 + index * 1000).toISOString(),
    amount: (index % 9000) + 0.75,
    currency: "EUR",
    customer,
    iban: `DE89${String(370_400_440_532_013_000 + index * 64)}`,
  };
  return toBinary(desc, Object.assign(create(desc), fields));
}

function decodeAndEncode(desc: DescMessage, value: Uint8Array): Uint8Array {
  const decoded = fromBinary(desc, value) as Order;
  const { customer } = decoded;
  customer.name = "";
  customer.email = mask.text(customer.email) ?? customer.email;
  decoded.iban = "***";
  return toBinary(desc, decoded);
}

function operate(surgeon: Surgeon, value: Uint8Array): Uint8Array {
  const result = surgeon.operate(value);
  if (result === null) throw new Error("nothing was redacted");
  return result;
}

function microsecondsPerRecord(records: readonly Uint8Array[], redactOne: (value: Uint8Array) => Uint8Array): number {
  let bytes = 0;
  const start = performance.now();
  for (let i = 0; i < REPEATS; i++) for (const record of records) bytes += redactOne(record).length;
  const spent = performance.now() - start;
  if (bytes === 0) throw new Error("no output");
  return (spent * 1000) / (REPEATS * records.length);
}

function summary(name: string, values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [lowest = 0, median = 0, highest = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  return `${name.padEnd(18)} median ${median.toFixed(3)} us, ${lowest.toFixed(3)} to ${highest.toFixed(3)}`;
}

const desc = schema();
const surgeon = compileProtobuf(desc, { form: "fields", rules: RULES });
const records = Array.from({ length: RECORDS }, (_, index) => order(desc, index));
// The library writes fields in the order of the schema, as these records have them: both ways give the same bytes.
for (const [index, record] of records.entries()) {
  const [found, expected] = [operate(surgeon, record), decodeAndEncode(desc, record)];
  if (Buffer.compare(found, expected) !== 0) throw new Error(`record ${index}: the results are not the same`);
}

const size = records.reduce((sum, { length }) => sum + length, 0) / RECORDS;
// Bun/1.4.5 or Deno/2.9.6; both have it.
console.log(`runtime    ${navigator.userAgent}, ${process.arch}`);
console.log(`records    ${RECORDS} of ${size.toFixed(0)} bytes, ${REPEATS} times a round, ${ROUNDS} rounds`);
console.log(`redaction  ${RULES.map(({ label, change }) => `${change.kind} ${label}`).join(", ")}`);

const ways = {
  surgery: (value: Uint8Array) => operate(surgeon, value),
  "decode + encode": (value: Uint8Array) => decodeAndEncode(desc, value),
};
const measured: Record<keyof typeof ways, number[]> = { surgery: [], "decode + encode": [] };
const names = Object.keys(ways) as (keyof typeof ways)[];
for (const name of names) microsecondsPerRecord(records, ways[name]);
for (let round = 0; round < ROUNDS; round++)
  for (const name of round % 2 === 0 ? names : names.toReversed())
    measured[name].push(microsecondsPerRecord(records, ways[name]));
for (const name of names) console.log(summary(name, measured[name]));
