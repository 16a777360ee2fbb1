import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { addClusters, addLink, controlUnderTest } from "../control/control-under-test.ts";
import { until } from "../control/until.ts";
import { cli, untilRunning } from "./command-line.ts";

const LINK = `source: east
destination: west
mappings:
  - { source: orders, mode: append }
  - { source: clicks, mode: append }
`;

describe("strait link", () => {
  test("add takes a link with its mappings from a file, flags win", async () => {
    await using subject = await controlUnderTest();
    await addClusters(subject);
    const file = join(subject.stateDirectory, "link.yaml");
    writeFileSync(file, LINK);
    expect(await cli(subject, "link", "add", "l", "--file", file, "--paused")).toEqual({
      code: 0,
      out: "link l added; next: strait lag l --watch\n",
      err: "",
    });
    expect((await subject.call("GET", "/v1/links/l")).body).toMatchObject({
      paused: true,
      mappings: [{ name: "orders" }, { name: "clicks" }],
    });
  });

  test("set replaces what the file names", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const file = join(subject.stateDirectory, "changes.json");
    writeFileSync(file, JSON.stringify({ mappings: [{ source: "clicks", mode: "append" }] }));
    expect((await cli(subject, "link", "set", "eu-to-us", "--file", file)).out).toBe("link eu-to-us changed\n");
    expect((await subject.call("GET", "/v1/links/eu-to-us")).body).toMatchObject({ mappings: [{ name: "clicks" }] });
  });

  test("show has the link, its mappings, and how far they are", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    await untilRunning(subject);
    const shown = await until("the lag to be known", async () => {
      const { out } = await cli(subject, "link", "show", "eu-to-us");
      return out.includes("50 %") && out;
    });
    expect(shown.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | "))).toEqual([
      "LINK | SOURCE | DESTINATION | MAPPINGS | STATE | REASON",
      "eu-to-us | east | west | 1 | running | -",
      "",
      "MAPPING | SOURCE | DESTINATION | MODE | FILTERS | PAUSED",
      "orders | orders | orders | append | - | no",
      "",
      "MAPPING | PARTITIONS | STATES | COPIED | LAG | AGE",
      expect.stringMatching(/^orders \| 2 \| running, retrying \| 50 % \| 10 \| /),
      "",
      "orders/1 is retrying: the runner has not been assigned this partition",
      "",
    ]);
  });

  test("pause and resume answer with the link for scripts", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    expect(JSON.parse((await cli(subject, "link", "pause", "eu-to-us", "--json")).out)).toMatchObject({ paused: true });
    expect((await cli(subject, "link", "resume", "eu-to-us")).out).toBe("link eu-to-us resumed\n");
    expect((await subject.call("GET", "/v1/links/eu-to-us")).body).toMatchObject({ paused: false });
  });

  test.each<[string, string[], string]>([
    ["no source", ["--destination", "west"], "--source is missing: it names a cluster (`strait cluster ls`)\n"],
    ["no destination", ["--source", "east"], "--destination is missing: it names a cluster (`strait cluster ls`)\n"],
  ])("add with %s is wrong usage", async (_title, flags, err) => {
    expect(await cli(null, "link", "add", "l", ...flags)).toEqual({ code: 2, out: "", err });
  });

  test("add refuses a file with a link of another name", async () => {
    await using subject = await controlUnderTest();
    const file = join(subject.stateDirectory, "link.yaml");
    writeFileSync(file, `name: other\n${LINK}`);
    expect(await cli(subject, "link", "add", "l", "--file", file)).toMatchObject({ code: 2, out: "" });
  });
});
