import { describe, expect, test } from "bun:test";
import { hostLimits } from "../../../src/runner/isolation/host-limits.ts";
import { residentBytes } from "../../../src/runner/isolation/resident-memory.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("the limits of filter files", () => {
  test("are 30 s for an answer, 5 s without a sign of life and 512 MB, unless something else is said", () => {
    expect(hostLimits({}, {})).toEqual({ answerMs: 30_000, stuckMs: 5000, makeMs: 30_000, memoryBytes: 512 << 20 });
    expect(hostLimits({ stuckMs: 1 }, { STRAIT_FILTER_MEMORY_MB: "4096" })).toMatchObject({
      stuckMs: 1,
      memoryBytes: 4 * 1024 ** 3,
    });
  });

  test.each(["", "0", "127", "-1", "1e3x", "128.5", "none"])("are refused where the environment says %p", (text) => {
    expect(thrownBy(() => hostLimits({}, { STRAIT_FILTER_MEMORY_MB: text }))).toMatchObject({ code: "configuration" });
  });
});

describe("the memory of a process", () => {
  test("is what its system says, asked in either way", async () => {
    const ours = process.memoryUsage.rss();
    for (const platform of ["linux", "darwin"]) {
      const found = (await residentBytes(process.pid, platform)) ?? 0;
      expect(found / ours).toBeGreaterThan(0.5);
      expect(found / ours).toBeLessThan(2);
    }
  });

  test("is not known of one that is not there", async () => {
    for (const platform of ["linux", "darwin"]) expect(await residentBytes(2 ** 30, platform)).toBeNull();
  });
});
