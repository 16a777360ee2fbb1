/** A filter that does with each record what its value says (the word before the first space), and marks all others. */

import { writeFileSync, writeSync } from "node:fs";
import { defineFilter, drop, type FilterResult, type KafkaRecord, keep, replace, Type } from "../../../src/mod.ts";

const text = new TextDecoder();
const bytes = new TextEncoder();

/** A record as a filter has it that does not care for types. */
type Writable = { -readonly [Part in keyof KafkaRecord]: KafkaRecord[Part] } & { headers: unknown[] };

const kept: Uint8Array[] = [];

function take(megabytes: number): Uint8Array {
  const taken = new Uint8Array(megabytes << 20);
  // Memory that nobody has touched is not resident.
  for (let at = 0; at < taken.length; at += 1024) taken[at] = 1;
  return taken;
}

type Deed = (record: KafkaRecord, argument: string) => FilterResult | Promise<FilterResult> | undefined;

const DEEDS: Readonly<Record<string, Deed>> = {
  loop: () => {
    for (;;);
  },
  /** Says in a file which process it is, and that it begins. */
  "tell-and-loop": (_record, file) => {
    writeFileSync(file, String(process.pid));
    for (;;);
  },
  "loop-in-promises": async () => {
    for (;;) await null;
  },
  hang: () => new Promise(() => {}),
  exit: () => process.exit(3),
  abort: () => process.abort(),
  eat: () => {
    for (;;) kept.push(take(8));
  },
  leak: (_record, megabytes) => {
    kept.push(take(Number(megabytes)));
    return keep;
  },
  hold: async (_record, megabytes) => {
    const held = take(Number(megabytes));
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    return held.length > 0 ? keep : drop;
  },
  wait: async (_record, milliseconds) => {
    await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)));
    return keep;
  },
  "leave-a-rejection": () => {
    void Promise.reject(new RangeError("of DE44"));
    return keep;
  },
  "throw-outside": () => {
    queueMicrotask(() => {
      throw new RangeError("of DE44");
    });
    return keep;
  },
  "answer-itself": () => {
    writeSync(4, new Uint8Array(64).fill(255));
    return keep;
  },
  /** An answer to a request, of no outcomes. */
  forge: (_record, request) => {
    const counts = '{"changed":{},"dropped":{},"monitored":{}}';
    const frame = Buffer.alloc(4 + 4 + 4 + 4 + 2 + 4 + counts.length);
    frame.writeUInt32LE(frame.length - 4, 0);
    frame.writeUInt32LE(Number(request), 4);
    frame.writeUInt32LE(2, 12);
    frame.write("[]", 16);
    frame.writeUInt32LE(counts.length, 18);
    frame.write(counts, 22);
    writeSync(4, frame);
    return keep;
  },
  "write-value": ({ value }) => {
    (value as Uint8Array)[0] = 88;
    return replace({ value });
  },
  "write-key": ({ key }) => {
    (key as Uint8Array)[0] = 88;
    return keep;
  },
  "write-header": ({ headers }) => {
    (headers[0]?.value as Uint8Array)[0] = 88;
    return keep;
  },
  "rename-header": ({ headers }) => {
    (headers[0] as { name: string }).name = "other";
    return keep;
  },
  "add-header": (record) => {
    (record as Writable).headers.push({ name: "added", value: null });
    return keep;
  },
  "set-value": (record) => {
    (record as Writable).value = null;
    return keep;
  },
  "set-headers": (record) => {
    (record as Writable).headers = [];
    return keep;
  },
  "set-offset": (record) => {
    (record as Writable).offset = 99;
    return keep;
  },
  "give-away": ({ value }) => {
    structuredClone(value, { transfer: [(value as Uint8Array<ArrayBuffer>).buffer] });
    return keep;
  },
  print: ({ value }) => {
    console.log(text.decode(value as Uint8Array));
    console.error(text.decode(value as Uint8Array));
    process.stdout.write(value as Uint8Array);
    return keep;
  },
  environment: () => replace({ value: bytes.encode(JSON.stringify(process.env)) }, ["$"]),
  process: () => replace({ value: bytes.encode(String(process.pid)) }, ["$"]),
  "reuse-memory": (record) => {
    scratch.set(record.value as Uint8Array);
    scratch[0] = 82;
    return replace({ value: scratch.subarray(0, record.value?.length ?? 0) }, ["$"]);
  },
};

const scratch = new Uint8Array(1024);

export default defineFilter({
  name: "unruly",
  description: "Does what filters must not do.",
  options: Type.Object({
    /** What it puts behind values that ask for nothing. */
    mark: Type.Optional(Type.String()),
    /** What it does while it is made. */
    atFirst: Type.Optional(Type.String()),
    key: Type.Optional(Type.String()),
  }),
  create: ({ mark = "!", atFirst = "" }) => {
    const made = DEEDS[atFirst]?.({} as KafkaRecord, "");
    const filter = {
      apply: (record: KafkaRecord) => {
        const value = record.value === null ? "" : text.decode(record.value);
        const [word = "", argument = ""] = value.split(" ");
        const deed = DEEDS[word];
        if (deed !== undefined) return deed(record, argument) as FilterResult;
        return replace({ value: bytes.encode(`${value}${mark}`) }, ["$.end"]);
      },
    };
    return made instanceof Promise ? made.then(() => filter) : filter;
  },
});
