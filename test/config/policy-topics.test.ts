import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { matchesTopic } from "../../src/config/policy-topics.ts";

/** The definition, as slow as it is plain. */
function naive(pattern: string, topic: string): boolean {
  if (pattern === "") return topic === "";
  const [first, rest] = [pattern[0], pattern.slice(1)];
  if (first === "*") return naive(rest, topic) || (topic !== "" && naive(pattern, topic.slice(1)));
  return topic !== "" && (first === "?" || first === topic[0]) && naive(rest, topic.slice(1));
}

describe("matchesTopic", () => {
  test.each<[string, string, boolean]>([
    ["orders", "orders", true],
    ["orders", "orders.eu", false],
    ["orders", "Orders", false],
    ["orders*", "orders", true],
    ["orders*", "orders.strait-quarantine", true],
    ["*.pii", "eu.customers.pii", true],
    ["*.pii", "pii", false],
    ["orders-?", "orders-7", true],
    ["orders-?", "orders-", false],
    ["orders-?", "orders-17", false],
    ["a.b", "axb", false],
    ["*", "anything", true],
    ["**", "x", true],
    ["*a*b*", "xxaxxbxx", true],
    ["*a*b", "ab-b-a", false],
  ])("%s and %s: %p", (pattern, topic, expected) => {
    expect(matchesTopic(pattern, topic)).toBe(expected);
  });

  test("does what the definition says", () => {
    const letters = (...of: string[]) => fc.string({ unit: fc.constantFrom(...of), maxLength: 8 });
    fc.assert(
      fc.property(letters("a", "b", ".", "*", "?"), letters("a", "b", "."), (pattern, topic) => {
        expect(matchesTopic(pattern, topic)).toBe(naive(pattern, topic));
      }),
      { numRuns: 2000 },
    );
  });

  test("a pattern made to take long does not", () => {
    const began = performance.now();
    expect(matchesTopic(`${"*a".repeat(124)}b`, "a".repeat(249))).toBe(false);
    expect(performance.now() - began).toBeLessThan(100);
  });
});
