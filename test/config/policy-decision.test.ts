import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Policy, Residency } from "../../src/config/policy.ts";
import { decide, type Journey } from "../../src/config/policy-decision.ts";
import { rule } from "../../src/config/policy-ruling.ts";
import { anyJourney, anyResidency, filtering, policy } from "./any-policy.ts";

const ORDERS: Journey = { from: "eu", to: "us", topic: "orders" };
const outcome = (policies: Policy[], regions: Residency["regions"] = []) => {
  const { outcome, reason } = decide({ policies, regions }, ORDERS);
  return [outcome, reason];
};

describe("decide", () => {
  const denied = [{ name: "eu", default: "deny" as const }];
  test.each<[string, Policy[], Residency["regions"], string, string]>([
    [
      "nothing is said",
      [],
      [],
      "allowed",
      "no policy names topic orders going from region eu to us, and the default of region eu is allow",
    ],
    [
      "the default is deny",
      [],
      denied,
      "denied",
      "no policy names topic orders going from region eu to us, and the default of region eu is deny",
    ],
    [
      "a policy allows it against the default",
      [policy("a", { rule: "allow" })],
      denied,
      "allowed",
      "by policy a, topic orders goes from region eu to us, as it is",
    ],
    [
      "a policy has filters, against the default",
      [policy("a", { rule: filtering("redact") })],
      denied,
      "allowed",
      "by policy a, topic orders goes from region eu to us, through its filters",
    ],
    [
      "one allows it and two have filters",
      [
        policy("c", { rule: "allow" }),
        policy("b", { rule: filtering("x") }),
        policy("a", { rule: filtering("redact") }),
      ],
      [],
      "allowed",
      "by policies a, b, topic orders goes from region eu to us, through their filters",
    ],
    [
      "one of many denies",
      [policy("a", { rule: "allow" }), policy("no-export"), policy("z", { rule: filtering("redact") })],
      [],
      "denied",
      "policy no-export denies that topic orders goes from region eu to us",
    ],
    [
      "what others deny does not count",
      [policy("a", { from: ["uk"] }), policy("b", { to: ["uk"] }), policy("c", { topics: ["order"] })],
      [],
      "allowed",
      "no policy names topic orders going from region eu to us, and the default of region eu is allow",
    ],
  ])("where %s", (_title, policies, regions, expected, reason) => {
    expect(outcome(policies, regions)).toEqual([expected, reason]);
  });

  test("the default of * is that of regions without one of their own", () => {
    const all = { name: "*", default: "deny" as const };
    expect(outcome([], [all])[0]).toBe("denied");
    expect(outcome([], [all, { name: "eu", default: "allow" }])[0]).toBe("allowed");
    expect(outcome([], [{ name: "us", default: "deny" }])[0]).toBe("allowed");
  });

  test("is what one gets by asking policy after policy", () => {
    fc.assert(
      fc.property(anyResidency, anyJourney, (residency, journey) => {
        const { outcome, matching } = decide(residency, journey);
        const { refusal, filters } = rule(residency, journey);
        const expected = reference(residency, journey);
        expect([outcome !== "denied", matching.map(({ name }) => name)]).toEqual([expected.passes, expected.names]);
        expect(refusal === null).toBe(expected.passes);
        expect(filters.map(({ policy, use }) => [policy, use])).toEqual(expected.filters);
      }),
      { numRuns: 2000 },
    );
  });

  test("does not depend on the order in which policies were made", () => {
    const shuffled = anyResidency.chain((residency) =>
      fc.tuple(
        fc.constant(residency),
        fc.shuffledSubarray([...residency.policies], { minLength: residency.policies.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, anyJourney, ([residency, policies], journey) => {
        expect(rule({ ...residency, policies }, journey)).toEqual(rule(residency, journey));
      }),
    );
  });

  test("a deny more never lets more through", () => {
    fc.assert(
      fc.property(anyResidency, anyJourney, fc.nat(5), (residency, journey, at) => {
        const policies = residency.policies.map((each, i) => (i === at ? { ...each, rule: "deny" as const } : each));
        const [before, after] = [residency, { ...residency, policies }].map((each) => decide(each, journey).outcome);
        if (before === "denied") expect(after).toBe("denied");
      }),
    );
  });
});

/** The rules as docs/policies.md tells them, one after the other. */
function reference({ policies, regions }: Residency, { from, to, topic }: Journey) {
  if (from === to) return { passes: true, names: [], filters: [] };
  const isIn = (list: readonly string[], region: string) => list.some((each) => each === "*" || each === region);
  const asPattern = (glob: string) =>
    new RegExp(`^${[...glob].map((c) => (c === "*" ? ".*" : c === "?" ? "." : `[${c}]`)).join("")}$`);
  const named: Policy[] = [];
  for (const each of policies) {
    const topics = each.topics.map(asPattern);
    if (isIn(each.from, from) && isIn(each.to, to) && topics.some((pattern) => pattern.test(topic))) named.push(each);
  }
  named.sort((a, b) => (a.name > b.name ? 1 : -1));
  let passes = named.length > 0;
  if (!passes) {
    const own = regions.find(({ name }) => name === from);
    const others = regions.find(({ name }) => name === "*");
    passes = (own ?? others)?.default !== "deny";
  }
  const filters: [string, string][] = [];
  for (const { name, rule } of named) {
    if (rule === "deny") passes = false;
    else if (rule !== "allow") filters.push(...rule.filters.map(({ use }): [string, string] => [name, use]));
  }
  return { passes, names: named.map(({ name }) => name), filters };
}
