import { describe, expect, test } from "bun:test";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addLink, type ControlUnderTest, controlUnderTest } from "../control/control-under-test.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { cli } from "./command-line.ts";

const fileOf = (subject: ControlUnderTest) => join(subject.stateDirectory, "audit.jsonl");

function damage(subject: ControlUnderTest, change: (text: string) => string): void {
  writeFileSync(fileOf(subject), change(readFileSync(fileOf(subject), "utf8")));
}

describe("strait audit ls", () => {
  test("lists changes, oldest first, after a number if one is given", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const { out } = await cli(subject, "audit", "ls");
    expect(out).toMatch(/^SEQUENCE +AT +TOKEN +VIA +ACTION +RESOURCE\n1 +\S+ +- +http +cluster\.put +clusters\/east\n/);
    const { entries } = JSON.parse((await cli(subject, "audit", "ls", "--after", "2", "--json")).out);
    expect(entries).toMatchObject([{ sequence: 3, action: "link.add" }]);
  });

  test("lists more than one answer holds", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    for (let change = 0; change < 1000; change++) {
      await subject.call("POST", `/v1/links/eu-to-us/${change % 2 === 0 ? "pause" : "resume"}`);
    }
    const sequences = async (...options: readonly string[]) => {
      const { entries } = JSON.parse((await cli(subject, "audit", "ls", "--json", ...options)).out);
      return (entries as { sequence: number }[]).map(({ sequence }) => sequence);
    };
    const all = Array.from({ length: 1003 }, (_, index) => index + 1);
    expect(await sequences()).toEqual(all);
    expect(await sequences("--last", "3")).toEqual([1001, 1002, 1003]);
    expect(await sequences("--last", "1002")).toEqual(all.slice(1));
    expect(await sequences("--last", "5000", "--after", "2")).toEqual(all.slice(2));
    expect(await sequences("--last", "0")).toEqual([]);
  });
});

describe("strait audit verify", () => {
  test("ends with 0 for a log that is whole, by a running strait and on a directory", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const [asked, read] = [
      await cli(subject, "audit", "verify"),
      await cli(null, "audit", "verify", "--state", subject.stateDirectory),
    ];
    expect(asked).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^3 entries, the chain is whole; .* [0-9a-f]{64}\n$/),
    });
    expect(read).toEqual(asked);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ["was changed", (text) => text.replace("clusters/west", "clusters/wess"), /entry 2 was changed/],
    ["is missing", (text) => text.replace(/\n.*\n/, "\n"), /entry 2 was changed, or does not follow/],
    ["was put in", (text) => text.replace("\n", '\n{"sequence":2}\n'), /entry 2 was changed/],
    ["is no JSON", (text) => text.replace(/\n\{/, "\n"), /entry 2 was changed/],
  ])("ends with 1 and names an entry that %s", async (_title, change, message) => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    damage(subject, change);
    for (const result of [
      await cli(subject, "audit", "verify"),
      await cli(null, "audit", "verify", "--state", subject.stateDirectory),
    ]) {
      expect(result).toMatchObject({ code: 1, out: expect.stringMatching(message) });
    }
  });

  test("a running strait sees that the end was cut off, and that the log was made anew", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    damage(subject, (text) => text.replace(/\n[^\n]*\n$/, "\n"));
    expect(await cli(subject, "audit", "verify")).toMatchObject({
      code: 1,
      out: expect.stringContaining("2 of the 3"),
    });
    await using other = await controlUnderTest();
    await addLink(other);
    damage(subject, () => readFileSync(fileOf(other), "utf8"));
    expect((await cli(subject, "audit", "verify")).code).toBe(1);
  });

  test("a last line that a crash cut off was never acknowledged, so it is no damage", async () => {
    using directory = temporaryDirectory();
    appendFileSync(join(directory.path, "audit.jsonl"), '{"sequence":1,"at":"20');
    const { code, out } = await cli(null, "audit", "verify", "--state", directory.path, "--json");
    expect([code, JSON.parse(out)]).toEqual([0, { entries: 0, lastHash: "0".repeat(64), problem: null }]);
  });

  test("says which file is not there", async () => {
    using directory = temporaryDirectory();
    const { code, err } = await cli(null, "audit", "verify", "--state", directory.path);
    expect([code, err]).toEqual([1, expect.stringContaining(`cannot read ${join(directory.path, "audit.jsonl")}`)]);
  });
});
