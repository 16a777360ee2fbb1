/** A short run of schemathesis; `bun run fuzz-api` is the long one. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { fuzz } from "./fuzz.ts";
import { findSchemathesis, VARIABLE } from "./installation.ts";

setDefaultTimeout(180_000);

const found = findSchemathesis();
const missing = "missing" in found ? found.missing : null;
if (missing !== null) console.warn(`skipped: no schemathesis (set ${VARIABLE}, or see why: ${missing})`);

test.skipIf(missing !== null)("schemathesis finds nothing in half a minute", async () => {
  const executable = "executable" in found ? found.executable : "";
  const { exitCode, output } = await fuzz({
    executable,
    args: ["--phases", "coverage,fuzzing", "--max-examples", "10", "--max-time", "30", "--warnings", "off"],
  });
  // The output first: it says what was found, and how to ask it again.
  expect(exitCode === 0 ? "nothing" : output).toBe("nothing");
});
