import { describe, expect, test } from "bun:test";
import { requireKeptKeys } from "../../src/runner/kept-keys.ts";

const topicWith = (policy: string | null) => ({
  topicConfigs: async () => new Map([["cleanup.policy", { value: policy, own: true }]]),
});

describe("filters that change keys", () => {
  for (const policy of ["compact", "compact,delete", "delete, compact"]) {
    test(`are refused where the source is compacted (${policy}), with what to do`, async () => {
      await expect(requireKeptKeys(topicWith(policy), "orders", ["redact", "./own.ts"])).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringMatching(
          /^topic orders is compacted, and filters redact, \.\/own\.ts change keys: .*mode "append"$/,
        ),
        facts: { topic: "orders" },
      });
    });
  }

  test("are taken where it is not", async () => {
    for (const policy of ["delete", "", null]) await requireKeptKeys(topicWith(policy), "orders", ["redact"]);
  });

  test("that are none need no right to look at the settings", async () => {
    const closed = { topicConfigs: () => Promise.reject(new Error("not allowed")) };
    await requireKeptKeys(closed, "orders", []);
    await expect(requireKeptKeys(closed, "orders", ["redact"])).rejects.toThrow("not allowed");
  });
});
