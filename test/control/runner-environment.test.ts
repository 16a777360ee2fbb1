import { expect, test } from "bun:test";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import type { ChainedFilter } from "../../src/config/resources.ts";
import { runnerEnvironment } from "../../src/control/runner-environment.ts";

const FILTER: ChainedFilter = { use: "redact", options: { keep: ["$.id"] }, policy: null };

/** What the collector of a link with one mapping is told of, MiB. */
function told(filters: readonly ChainedFilter[], ofPolicies: readonly ChainedFilter[]): number {
  const mapping = completeMapping({ source: "orders", filters: [...filters] });
  const link = { name: "l", source: "east", destination: "west", paused: false, mappings: [mapping] };
  const rulings = { [mapping.name]: { refusal: null, filters: ofPolicies, policies: [] } };
  return Number(runnerEnvironment({ link, rulings })["BUN_JSC_forceRAMSize"]) / (1 << 20);
}

test("a runner with filters, its mapping's or a policy's, may leave more garbage than one without", () => {
  expect(told([], [])).toBe(192);
  expect(told([FILTER], [])).toBe(448);
  expect(told([], [FILTER])).toBe(448);
});

test("what an operator sets wins, and all else is passed on", () => {
  process.env["BUN_JSC_forceRAMSize"] = "1073741824";
  try {
    expect(told([], [])).toBe(1024);
  } finally {
    delete process.env["BUN_JSC_forceRAMSize"];
  }
  const link = { name: "l", source: "east", destination: "west", paused: false, mappings: [] };
  expect(runnerEnvironment({ link, rulings: {} })["PATH"]).toBe(process.env["PATH"] ?? "");
});
