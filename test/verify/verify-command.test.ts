/** `strait verify` as it is typed. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { Command } from "commander";
import { ApiClient } from "../../src/cli/api-client.ts";
import { runCli } from "../../src/cli/program.ts";
import { table } from "../../src/cli/table.ts";
import { addVerifyCommand } from "../../src/cli/verify-command.ts";
import type { ControlUnderTest } from "../control/control-under-test.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import { createNamedTopic, uniqueName } from "../support/topics.ts";
import { addLink, controlOf } from "./verified.ts";

setDefaultTimeout(BROKER_TEST_MS);

let subject: ControlUnderTest;
const right = uniqueName("right");
const wrong = uniqueName("wrong");
let link: string;

beforeAll(async () => {
  const { east, west } = await clusters();
  subject = await controlOf(east.bootstrap, west.bootstrap);
  const timestamp = Date.now();
  const values = (changed: number) =>
    Array.from({ length: 30 }, (_, i) => ({ value: i < changed ? "x" : `${i}`, timestamp }));
  for (const topic of [right, wrong]) {
    await createNamedTopic(east, topic);
    await createNamedTopic(west, topic);
    await produce(east, topic, values(0));
  }
  await produce(west, right, values(0));
  await produce(west, wrong, values(25));
  const clicks = { source: "clicks", mode: "append" };
  link = await addLink(subject, { source: right, name: "right" }, { source: wrong, name: "wrong" }, clicks);
});
afterAll(() => subject[Symbol.asyncDispose]());

async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: "", err: "" };
  const code = await runCli(["--url", subject.control.url, "verify", ...args], {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
  });
  return { code, ...written };
}

describe("strait verify", () => {
  test("ends with 0 and says so where nothing differs", async () => {
    const { code, out } = await cli(link, "--mapping", "right");
    expect(code).toBe(0);
    expect(out).toMatch(/^MAPPING +TOPIC +PARTITION +FROM +TO +RECORDS +DIFFERENCES +COMPACTED +DIGEST\n/);
    expect(out).toMatch(new RegExp(`\nright +${right} +0 +0 +30 +30 +0 +0 +[0-9a-f]{12}\nclean: 30 records\n$`));
  });

  test("ends with 1 and the first differences where something differs", async () => {
    const { code, out } = await cli(link);
    expect(code).toBe(1);
    expect(out).toContain(`\n${wrong}/0 offset 0: the value differs\n`);
    expect(out).toEndWith(`\n${wrong}/0: and 5 more\nnot verified, because of mode append: clicks\n25 differences\n`);
  });

  test("compares only what was asked for", async () => {
    const { code, out } = await cli(link, "--mapping", "wrong", "--partition", "0", "--from", "25", "--to", "28");
    expect(code).toBe(0);
    expect(out).toMatch(/ 25 +28 +3 +0 /);
  });

  test("prints the API's JSON for scripts, with the same exit code", async () => {
    const { code, out } = await cli(link, "--mapping", "wrong", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ link, state: "done", clean: false, partitions: [{ differences: 25 }] });
  });

  test("draws how far it is on a terminal, and leaves the line empty", async () => {
    let drawn = "";
    const program = new Command();
    addVerifyCommand(program, {
      client: () => new ApiClient(subject.control.url),
      print: () => {},
      table,
      draw: (text) => {
        drawn += text;
      },
      setExitCode: () => {},
    });
    await program.parseAsync(["verify", link], { from: "user" });
    const lines = drawn.split("\r").slice(1);
    expect(lines.pop()).toBe("\x1b[K");
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^\[[#-]{30}\] [ \d]{3} % {2}\d+ of \d+ offsets$/);
  });

  test("ends with 1 where it cannot be done", async () => {
    expect(await cli(link, "--mapping", "right", "--partition", "7")).toMatchObject({
      code: 1,
      out: expect.stringContaining(`has no partition ${right}/7, so there is no mirror to verify\n`),
    });
    expect(await cli(link, "--mapping", "clicks")).toMatchObject({
      code: 1,
      err: "mapping: clicks is of mode append: its offsets differ from the source's by design\n",
    });
    expect((await cli("nowhere")).code).toBe(1);
  });

  test.each([[["l", "--partition", "one"]], [["l", "--from", "-1"]], [["l", "--offset", "1"]], [[]]])(
    "ends with 2 where it is used wrongly: %p",
    async (args) => {
      const { code, err } = await cli(...args);
      expect(code).toBe(2);
      expect(err).not.toBe("");
    },
  );
});
