import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import type { PolicyContent } from "../../src/config/policy.ts";
import { policyDigest } from "../../src/config/policy-digest.ts";

const content = (options: Record<string, unknown>, use = "redact"): PolicyContent => ({
  from: ["eu"],
  to: ["us", "uk"],
  topics: ["orders*"],
  rule: { filters: [{ use, options }] },
});

describe("policyDigest", () => {
  test("is the SHA-256 of canonical JSON, so that anybody can compute it", () => {
    const json =
      '{"from":["eu"],"name":"p","rule":{"filters":[{"options":{"a":[1,"ü",null],"b":true},"use":"redact"}]},"to":["us","uk"],"topics":["orders*"]}';
    const expected = createHash("sha256").update(json).digest("hex");
    expect(policyDigest("p", content({ b: true, a: [1, "ü", null] }))).toBe(expected);
  });

  test("is another for each change", () => {
    const policies: [string, PolicyContent][] = [
      ["p", content({ keep: ["$.a"] })],
      ["q", content({ keep: ["$.a"] })],
      ["p", content({ keep: ["$.b"] })],
      ["p", content({ keep: ["$.a"] }, "./redact.ts")],
      ["p", { ...content({ keep: ["$.a"] }), to: ["us"] }],
      ["p", { ...content({ keep: ["$.a"] }), rule: "deny" }],
    ];
    expect(new Set(policies.map(([name, each]) => policyDigest(name, each))).size).toBe(policies.length);
  });
});
