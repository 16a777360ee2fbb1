import { describe, expect, test } from "bun:test";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import { effectiveFilters, rule, rulingOf } from "../../src/config/policy-ruling.ts";
import { filtering, policy } from "./any-policy.ts";

const ORDERS = { from: "eu", to: "us", topic: "orders" };

describe("a mapping", () => {
  test.each(["orders", "constructor"])("that no ruling is known of is refused: %s", (source) => {
    expect(rulingOf({}, completeMapping({ source })).refusal).toContain("nothing leaves");
  });

  test("runs the filters of policies before its own, each with the policy's name", () => {
    const policies = [policy("b", { rule: filtering("second") }), policy("a", { rule: filtering("first") })];
    const mapping = completeMapping({ source: "orders", filters: [{ use: "own" }] });
    expect(effectiveFilters(rule({ policies, regions: [] }, ORDERS), mapping)).toEqual([
      { use: "first", options: {}, policy: "a" },
      { use: "second", options: {}, policy: "b" },
      { use: "own", options: {}, policy: null },
    ]);
  });

  test("is told which policies they were", () => {
    const deny = policy("no-export");
    const { refusal, policies } = rule({ policies: [deny], regions: [] }, ORDERS);
    expect(refusal).toStartWith("policy no-export denies");
    expect(policies).toEqual([{ name: "no-export", version: 1, digest: deny.digest }]);
  });
});
