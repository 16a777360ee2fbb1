import { describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  EVENT,
  MESSAGE,
  MSG_F_COPY,
  TOPIC_PARTITION,
  TOPIC_PARTITION_LIST,
  VTYPE,
  VU,
} from "../../src/rdkafka/layout.ts";
import { STATUS } from "../../src/rdkafka/status.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** Names that differ from the header's, by the name of ours. */
const RESPONSE_ERRORS: Readonly<Record<string, string>> = {
  OK: "NO_ERROR",
  ALL_BROKERS_DOWN: "_ALL_BROKERS_DOWN",
  AUTHENTICATION: "_AUTHENTICATION",
  TRANSPORT: "_TRANSPORT",
  RESOLVE: "_RESOLVE",
  TIMED_OUT: "_TIMED_OUT",
  QUEUE_FULL: "_QUEUE_FULL",
  PARTITION_EOF: "_PARTITION_EOF",
  UNKNOWN_TOPIC: "_UNKNOWN_TOPIC",
  UNKNOWN_PARTITION: "_UNKNOWN_PARTITION",
  ASSIGN_PARTITIONS: "_ASSIGN_PARTITIONS",
  REVOKE_PARTITIONS: "_REVOKE_PARTITIONS",
  FENCED: "_FENCED",
  AUTO_OFFSET_RESET: "_AUTO_OFFSET_RESET",
  MAX_POLL_EXCEEDED: "_MAX_POLL_EXCEEDED",
  SSL: "_SSL",
  UNKNOWN_TOPIC_OR_PARTITION: "UNKNOWN_TOPIC_OR_PART",
};

const offsetsOf = (struct: string, fields: object) =>
  Object.keys(fields).map((field): [string, string] => [
    field,
    field === "size" ? `sizeof(${struct})` : `offsetof(${struct}, ${field})`,
  ]);

describe("what C says of librdkafka's header equals", () => {
  test("the fields of rd_kafka_message_t", () => {
    expect(evaluate(offsetsOf("rd_kafka_message_t", MESSAGE))).toEqual(MESSAGE);
  });

  test("the fields and size of rd_kafka_topic_partition_t", () => {
    expect(evaluate(offsetsOf("rd_kafka_topic_partition_t", TOPIC_PARTITION))).toEqual(TOPIC_PARTITION);
  });

  test("the fields of rd_kafka_topic_partition_list_t", () => {
    // Its `size` is a field, not the size of the struct.
    const expressions = Object.keys(TOPIC_PARTITION_LIST).map((field): [string, string] => [
      field,
      `offsetof(rd_kafka_topic_partition_list_t, ${field})`,
    ]);

    expect(evaluate(expressions)).toEqual(TOPIC_PARTITION_LIST);
  });

  test("the fields and size of rd_kafka_vu_t", () => {
    const expressions: [string, string][] = [
      ["vtype", "offsetof(rd_kafka_vu_t, vtype)"],
      ["first", "offsetof(rd_kafka_vu_t, u.mem.ptr)"],
      ["second", "offsetof(rd_kafka_vu_t, u.mem.size)"],
      ["size", "sizeof(rd_kafka_vu_t)"],
    ];

    expect(evaluate(expressions)).toEqual(VU);
  });

  test("every value of a rd_kafka_vu_t at the place of the first", () => {
    const members = ["rkt", "i32", "i64", "i", "ptr", "headers", "mem.ptr"];

    const places = evaluate(members.map((member) => [member, `offsetof(rd_kafka_vu_t, u.${member})`]));

    expect(places).toEqual(Object.fromEntries(members.map((member) => [member, VU.first])));
  });

  test("the kinds of values of a message to produce", () => {
    expect(evaluate(Object.keys(VTYPE).map((kind) => [kind, `RD_KAFKA_VTYPE_${kind}`]))).toEqual(VTYPE);
  });

  test("the kinds of events", () => {
    expect(evaluate(Object.keys(EVENT).map((kind) => [kind, `RD_KAFKA_EVENT_${kind}`]))).toEqual(EVENT);
  });

  test("the numbers of errors", () => {
    const expressions = Object.keys(STATUS).map((name): [string, string] => [
      name,
      `RD_KAFKA_RESP_ERR_${RESPONSE_ERRORS[name] ?? name}`,
    ]);

    expect(evaluate(expressions)).toEqual(STATUS);
  });

  test("the flag that makes the library copy a payload", () => {
    expect(evaluate([["copy", "RD_KAFKA_MSG_F_COPY"]])).toEqual({ copy: MSG_F_COPY });
  });
});

/** The values of integer expressions over the header, by name, as the C compiler sees them. */
function evaluate(expressions: readonly (readonly [name: string, expression: string])[]): Record<string, number> {
  using folder = temporaryDirectory();
  const lines = expressions.map(([name, expression]) => `  printf("${name} %lld\\n", (long long)(${expression}));`);
  const file = join(folder.path, "layout.c");
  const program = join(folder.path, "layout");
  writeFileSync(
    file,
    `#include <stddef.h>\n#include <stdio.h>\n#include "rdkafka.h"\nint main(void) {\n${lines.join("\n")}\n}\n`,
  );
  compile("-I", headerDirectory(), "-o", program, file);
  const output = execFileSync(program, { encoding: "utf8" }).trim();
  return Object.fromEntries(
    output.split("\n").map((line) => {
      const [name = "", value] = line.split(" ");
      return [name, Number(value)];
    }),
  );
}

function compile(...args: string[]): void {
  try {
    execFileSync("cc", args);
  } catch (cause) {
    throw new Error("these tests need a C compiler named cc that compiles librdkafka's header", { cause });
  }
}

function headerDirectory(): string {
  const manifest = createRequire(import.meta.url).resolve("@confluentinc/kafka-javascript/package.json");
  return join(dirname(manifest), "deps", "librdkafka", "src");
}
