import { expect, test } from "bun:test";
import { join } from "node:path";
import { DENO, ROOT } from "./chain-under-test.ts";

test("on Deno, filter files run in a process of their own too", async () => {
  const script = join(import.meta.dirname, "chain-on-deno.ts");
  const deno = Bun.spawn([...DENO, script], { cwd: ROOT, stdout: "pipe", stderr: "pipe" });
  const [output, errors] = await Promise.all([new Response(deno.stdout).text(), new Response(deno.stderr).text()]);
  expect([await deno.exited, errors]).toEqual([0, ""]);
  expect(JSON.parse(output)).toMatchObject({
    values: ["a!?", null, "b!?", null, null, null, null, "c!?"],
    reasons: [
      "1: its process ended (exit code 3)",
      "3: it did not come back for 1 s",
      "4: it has not answered for 1 s",
      "5: a promise it does not wait for was rejected with RangeError",
      "6: it wrote to the record's value, which filters must not",
    ],
    evidence: { read: 8, kept: 0, replaced: 3, quarantined: 5, changed: { "./unruly.ts": { "$.end": 6 } } },
  });
});
