import { describe, expect, test } from "bun:test";
import { completeMapping, mappingNameFor } from "../../src/config/complete-mapping.ts";
import { InvalidConfiguration } from "../../src/config/invalid-configuration.ts";
import type { MappingInput } from "../../src/config/resource-inputs.ts";

function errorsOf(input: MappingInput) {
  try {
    completeMapping(input);
    return [];
  } catch (error) {
    return error instanceof InvalidConfiguration ? error.errors : [error];
  }
}

describe("completeMapping", () => {
  test("fills in every default", () => {
    expect(completeMapping({ source: "orders", mode: "append", filters: [{ use: "redact" }] })).toEqual({
      name: "orders",
      source: "orders",
      destination: "orders",
      mode: "append",
      start: "earliest",
      filters: [{ use: "redact", options: {} }],
      onFailure: "stop",
      monitorOnly: false,
      onExpired: "stop",
      transaction: "on",
      trim: false,
      paused: false,
    });
  });

  test("keeps which filters only look on", () => {
    const filters = [
      { use: "redact", monitor: true },
      { use: "redact", monitor: false },
    ];
    expect(completeMapping({ source: "o", filters }).filters).toEqual([
      { use: "redact", options: {}, monitor: true },
      { use: "redact", options: {} },
    ]);
  });

  test("puts the source topic in the place of {topic}", () => {
    expect(completeMapping({ source: "a.b", destination: "eu.{topic}.{topic}", mode: "append" }).destination).toBe(
      "eu.a.b.a.b",
    );
  });

  test("a mapping without a mode is a mirror", () => {
    expect(completeMapping({ source: "o" }).mode).toBe("mirror");
  });

  test.each<[MappingInput, string]>([
    [{ source: "o", transaction: "off" }, "/transaction"],
    [{ source: "o", mode: "append", trim: true }, "/trim"],
  ])("refuses %p, which is for the other mode", (input, path) => {
    expect(errorsOf(input)).toMatchObject([{ path }]);
  });

  test("refuses a destination that grows too long", () => {
    const input = { source: "x".repeat(200), destination: "{topic}{topic}", mode: "append" } as const;
    expect(errorsOf(input)).toMatchObject([{ path: "/destination" }]);
  });

  test("asks for a name where the topic has nothing to make one of", () => {
    expect(errorsOf({ source: "___", mode: "append" })).toMatchObject([{ path: "/name" }]);
  });
});

test.each<[string, string | null]>([
  ["orders", "orders"],
  ["Orders.EU_v1", "orders-eu-v1"],
  ["_private_", "private"],
  [`${"x".repeat(63)}..y`, "x".repeat(63)],
  ["...", null],
])("the mapping of topic %p is named %p", (topic, expected) => {
  expect(mappingNameFor(topic)).toBe(expected);
});
