/** Policies for tests. */

import fc from "fast-check";
import type { Policy, PolicyContent, Residency } from "../../src/config/policy.ts";
import { policyDigest } from "../../src/config/policy-digest.ts";

export function policy(name: string, content: Partial<PolicyContent> = {}): Policy {
  const whole: PolicyContent = { from: ["eu"], to: ["*"], topics: ["*"], rule: "deny", ...content };
  return { name, ...whole, version: 1, digest: policyDigest(name, whole) };
}

/** A rule whose filter says whose it is. */
export const filtering = (use: string) => ({ filters: [{ use, options: {} }] });

const REGIONS = ["eu", "us", "uk"];

/** Few regions and topics, so that policies meet. */
export const anyResidency: fc.Arbitrary<Residency> = fc.record({
  policies: fc
    .uniqueArray(fc.constantFrom("a", "b", "c", "d", "e10", "e9"), { maxLength: 6 })
    .chain((names) => fc.tuple(...names.map(anyPolicy))),
  regions: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("*", ...REGIONS),
      default: fc.constantFrom<"deny" | "allow">("deny", "allow"),
    }),
    { selector: ({ name }) => name, maxLength: 3 },
  ),
});

export const anyJourney = fc.record({
  from: fc.constantFrom(...REGIONS),
  to: fc.constantFrom(...REGIONS),
  topic: fc.constantFrom("orders", "orders.eu", "clicks"),
});

function anyPolicy(name: string): fc.Arbitrary<Policy> {
  const some = <T>(...of: T[]) => fc.uniqueArray(fc.constantFrom(...of), { minLength: 1, maxLength: 2 });
  const rules = fc.constantFrom<PolicyContent["rule"]>("allow", filtering(`first-of-${name}`), {
    filters: ["1", "2"].map((each) => ({ use: `${each}-of-${name}`, options: {} })),
  });
  return fc
    .record({
      from: some("*", ...REGIONS),
      to: some("*", ...REGIONS),
      topics: some("*", "orders", "orders?eu", "c*"),
      // Rarely: one is enough for everything.
      rule: fc.oneof({ weight: 5, arbitrary: rules }, { weight: 1, arbitrary: fc.constant("deny" as const) }),
    })
    .map((content) => policy(name, content));
}
