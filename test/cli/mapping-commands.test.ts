import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { addLink, type ControlUnderTest, controlUnderTest } from "../control/control-under-test.ts";
import { cli } from "./command-line.ts";

async function mappingOf(subject: ControlUnderTest, name: string) {
  return (await subject.call("GET", `/v1/links/eu-to-us/mappings/${name}`)).body;
}

describe("strait map", () => {
  test("add has a flag for everything, and says what it made", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const flags = ["--to", "eu.{topic}", "--name", "c", "--mode", "append", "--start", "2026-11-22T00:00:00Z"];
    const rules = ["--on-failure", "quarantine", "--on-expired", "continue", "--transaction", "off", "--paused"];
    const keep = ["--keep", "$.id", "$.amount"];
    expect(await cli(subject, "map", "add", "eu-to-us", "clicks", ...flags, ...rules, ...keep)).toEqual({
      code: 0,
      out: "mapping c added to link eu-to-us: topic clicks to eu.clicks, mode append\n",
      err: "",
    });
    expect(await mappingOf(subject, "c")).toMatchObject({
      source: "clicks",
      destination: "eu.clicks",
      mode: "append",
      start: { timestamp: "2026-11-22T00:00:00Z" },
      filters: [{ use: "redact", options: { keep: ["$.id", "$.amount"] } }],
      onFailure: "quarantine",
      onExpired: "continue",
      transaction: "off",
      paused: true,
    });
  });

  test("add takes the filters of a file, or all of a file", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const filters = join(subject.stateDirectory, "filters.yaml");
    writeFileSync(filters, '- { use: redact, options: { keep: ["$.id"] } }\n');
    expect((await cli(subject, "map", "add", "eu-to-us", "a", "--mode", "append", "--filter", filters)).err).toBe("");
    expect(await mappingOf(subject, "a")).toMatchObject({ filters: [{ use: "redact" }] });
    const file = join(subject.stateDirectory, "mapping.yaml");
    writeFileSync(file, "source: b\nmode: append\nonFailure: quarantine\n");
    expect((await cli(subject, "map", "add", "eu-to-us", "--file", file, "--on-failure", "stop")).err).toBe("");
    expect(await mappingOf(subject, "b")).toMatchObject({ mode: "append", onFailure: "stop" });
  });

  test("set changes what is named, show has it with the options of the filters", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const set = (...flags: string[]) => cli(subject, "map", "set", "eu-to-us", "orders", ...flags);
    expect((await set("--keep", "$.id")).out).toBe("mapping orders of link eu-to-us changed\n");
    expect(await mappingOf(subject, "orders")).toMatchObject({ filters: [{ use: "redact" }], onFailure: "stop" });
    const { out } = await cli(subject, "map", "show", "eu-to-us", "orders");
    expect(out).toContain('redact  the mapping  {"keep":["$.id"]}');
    expect((await set("--filters", "[]", "--on-expired", "continue")).code).toBe(0);
    expect(await mappingOf(subject, "orders")).toMatchObject({ filters: [], onExpired: "continue" });
    expect((await cli(subject, "map", "show", "eu-to-us", "orders")).out).toContain("every record crosses as it is");
    const json = JSON.parse((await set("--monitor-only", "--json")).out);
    expect(json).toMatchObject({ name: "orders", monitorOnly: true });
    expect(JSON.parse((await set("--no-monitor-only", "--json")).out)).toMatchObject({ monitorOnly: false });
  });

  test("one mapping is paused, resumed and removed, the others stay as they are", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    await cli(subject, "map", "add", "eu-to-us", "clicks", "--mode", "append");
    expect((await cli(subject, "map", "pause", "eu-to-us", "orders")).out).toBe(
      "mapping orders of link eu-to-us paused\n",
    );
    expect(await mappingOf(subject, "orders")).toMatchObject({ paused: true });
    expect(await mappingOf(subject, "clicks")).toMatchObject({ paused: false });
    const resumed = await cli(subject, "map", "resume", "eu-to-us", "orders", "--json");
    expect(JSON.parse(resumed.out)).toMatchObject({ paused: false });
    expect((await cli(subject, "map", "rm", "eu-to-us", "orders")).code).toBe(0);
    expect(JSON.parse((await cli(subject, "map", "ls", "eu-to-us", "--json")).out)).toMatchObject({
      mappings: [{ name: "clicks" }],
    });
  });

  test.each<[string, string[], string]>([
    ["no topic", ["add", "l"], "which topic?"],
    ["two lists of filters", ["add", "l", "t", "--keep", "$.id", "--filters", "[]"], "cannot be used with"],
    ["nothing to set", ["set", "l", "m"], "nothing to change"],
    ["filters that are not there", ["add", "l", "t", "--filter", "/nowhere.yaml"], "cannot read /nowhere.yaml"],
  ])("%s is wrong usage", async (_title, args, words) => {
    const { code, out, err } = await cli(null, "map", ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(words);
  });

  test("what the server refuses is told with the field", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const { code, err } = await cli(subject, "map", "add", "eu-to-us", "clicks", "--keep", "id");
    expect(code).toBe(1);
    expect(err).toStartWith("filters[0].options.keep[0]: ");
  });
});
