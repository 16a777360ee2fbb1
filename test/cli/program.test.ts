import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCli } from "../../src/cli/program.ts";
import { addClusters, addLink, type ControlUnderTest, controlUnderTest } from "../control/control-under-test.ts";
import { until } from "../control/until.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runCli(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

async function cliTo(subject: ControlUnderTest, ...args: string[]) {
  return await cli("--url", subject.control.url, ...args);
}

async function running(subject: ControlUnderTest): Promise<void> {
  await addLink(subject);
  await until("the link to run", () => subject.control.supervisor.snapshot("eu-to-us")?.state === "running");
}

describe("exit codes", () => {
  test.each<[string, string[], number]>([
    ["no command", [], 2],
    ["an unknown command", ["chek"], 2],
    ["an unknown option", ["lag", "--jsn"], 2],
    ["a missing argument", ["check"], 2],
    ["a file that is not there", ["check", "/nowhere/strait.yaml"], 2],
    ["a bad address", ["up", "--listen", "7070"], 2],
    ["a port out of range", ["up", "--listen", "127.0.0.1:70000"], 2],
    ["bad JSON", ["map", "add", "l", "t", "--filters", "{"], 2],
    ["help", ["--help"], 0],
    ["version", ["--version"], 0],
    ["no server", ["--url", "http://127.0.0.1:1", "lag"], 1],
  ])("%s", async (_title, args, expected) => {
    const { code, out, err } = await cli(...args);
    expect(code).toBe(expected);
    expect(expected === 0 ? out : err).not.toBe("");
  });
});

describe("strait check", () => {
  const good = "clusters:\n  east: { region: eu, properties: { bootstrap.servers: 'e:1' } }\n";

  test("says what it found in a good file", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "strait.yaml");
    writeFileSync(file, good);
    expect(await cli("check", file)).toMatchObject({
      code: 0,
      out: `${file}: 1 clusters, 0 links, 0 mappings, no mistakes\n`,
    });
  });

  test.each<[string, string, string]>([
    [
      "of shape",
      `${good}links:\n  l: { source: east, destinatoin: east }\n`,
      "4:22: /links/l/destinatoin: unknown field `destinatoin`; did you mean `destination`?",
    ],
    [
      "of rule",
      `${good}links:\n  l:\n    source: eat\n    destination: east\n`,
      "5:5: /links/l/source: no cluster `eat`; did you mean `east`?",
    ],
    ["of syntax", `${good}\tlinks: {}\n`, "3:1: "],
  ])("gives line and column of a mistake %s", async (_title, text, expected) => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "strait.yaml");
    writeFileSync(file, text);
    const { code, err } = await cli("check", file);
    expect(code).toBe(1);
    expect(err).toContain(`${file}:${expected}`);
  });
});

describe("commands to a running strait", () => {
  test("link ls shows a table for people and JSON for scripts", async () => {
    await using subject = await controlUnderTest();
    await running(subject);
    const { code, out } = await cliTo(subject, "link", "ls");
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "LINK      SOURCE  DESTINATION  MAPPINGS  STATE    REASON",
      "eu-to-us  east    west         1         running  -",
      "",
    ]);
    const json = await cliTo(subject, "link", "ls", "--json");
    expect(JSON.parse(json.out)).toMatchObject({ links: [{ name: "eu-to-us", state: "running" }] });
  });

  test("lag shows each partition, of one link or of all", async () => {
    await using subject = await controlUnderTest();
    await running(subject);
    const one = await cliTo(subject, "lag", "eu-to-us");
    expect(one.out).toMatch(
      /^LINK +TOPIC +PARTITION +STATE +NEXT +END +LAG +AGE +RECORDS\/S\neu-to-us +orders +0 +running/,
    );
    const all = await cliTo(subject, "lag", "--json");
    expect(JSON.parse(all.out)).toMatchObject({ links: [{ link: "eu-to-us" }] });
    expect(await cliTo(subject, "lag", "eu-to-uk")).toMatchObject({
      code: 1,
      err: "no link `eu-to-uk`; did you mean `eu-to-us`?\n",
    });
  });

  test("links and mappings can be added, paused and removed", async () => {
    await using subject = await controlUnderTest();
    await addClusters(subject);
    const filters = '[{"use":"redact","options":{"keep":["$.id"]}}]';
    for (const command of [
      ["link", "add", "l", "--source", "east", "--destination", "west"],
      ["map", "add", "l", "orders", "--mode", "append", "--destination", "eu.{topic}", "--filters", filters],
      ["map", "add", "l", "clicks", "--mode", "append"],
      ["map", "rm", "l", "clicks"],
      ["link", "pause", "l"],
    ]) {
      expect(await cliTo(subject, ...command)).toMatchObject({ code: 0, err: "" });
    }
    expect((await subject.call("GET", "/v1/links/l")).body).toMatchObject({
      paused: true,
      mappings: [{ name: "orders", destination: "eu.orders", filters: [{ use: "redact" }] }],
    });
    expect((await cliTo(subject, "map", "ls", "l")).out).toContain("orders   orders  eu.orders    append  redact   no");
    expect((await cliTo(subject, "link", "show", "l")).out).toContain("MAPPING");
    expect((await cliTo(subject, "link", "resume", "l")).code).toBe(0);
    expect((await cliTo(subject, "link", "rm", "l")).code).toBe(0);
    expect((await subject.call("GET", "/v1/links")).body["links"]).toEqual([]);
  });

  test("each mistake is told with its field", async () => {
    await using subject = await controlUnderTest();
    await running(subject);
    expect(await cliTo(subject, "map", "add", "eu-to-us", "clicks", "--mode", "copy")).toMatchObject({
      code: 1,
      err: 'mode: must be one of "mirror", "append"\n',
    });
  });
});

describe("strait up", () => {
  const script = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

  function up(...args: string[]) {
    return Bun.spawn([process.execPath, script, "up", ...args], { stdout: "pipe", stderr: "pipe", stdin: "ignore" });
  }

  test.each<[NodeJS.Signals]>([["SIGTERM"], ["SIGINT"]])(
    "logs its address as JSON, and ends with 0 on %s",
    async (signal) => {
      using directory = temporaryDirectory();
      const child = up("--listen", "127.0.0.1:0", "--state", join(directory.path, "state"));
      const reader = child.stderr.getReader();
      const first = JSON.parse(new TextDecoder().decode((await reader.read()).value).split("\n")[0] ?? "");
      const answer = await fetch(`${first.url}/readyz`);
      child.kill(signal);
      expect(answer.status).toBe(200);
      expect(await child.exited).toBe(0);
    },
  );

  test("refuses an address that others can reach", async () => {
    using directory = temporaryDirectory();
    const child = up("--listen", "0.0.0.0:0", "--state", directory.path);
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stderr).text()).toStartWith("refusing to listen on 0.0.0.0");
  });

  test("says where the mistake in its file is", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "strait.yaml");
    writeFileSync(file, "links:\n  l: { source: e, destination: w }\n");
    const child = up(file, "--listen", "127.0.0.1:0", "--state", join(directory.path, "state"));
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stderr).text()).toBe(
      `${file}:2:8: /links/l/source: no cluster \`e\`\n${file}:2:19: /links/l/destination: no cluster \`w\`\n`,
    );
  });
});
