import { afterEach, expect, test } from "bun:test";
import { runnerEnvironment } from "../../src/control/runner-environment.ts";

afterEach(() => {
  delete process.env["BUN_JSC_forceRAMSize"];
});

test("a runner's collector is told of less memory than the machine has, and all else is passed on", () => {
  expect(runnerEnvironment()).toEqual({ ...process.env, BUN_JSC_forceRAMSize: String(512 << 20) });
});

test("what an operator sets wins", () => {
  process.env["BUN_JSC_forceRAMSize"] = "1073741824";
  expect(runnerEnvironment()["BUN_JSC_forceRAMSize"]).toBe("1073741824");
});
