import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { addClusters, addLink, controlUnderTest } from "../control/control-under-test.ts";
import { cli, piped } from "./command-line.ts";

const lines = (text: string) => text.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | "));

describe("strait cluster", () => {
  test("add takes flags for the common case, ls and show have it, rm takes it away", async () => {
    await using subject = await controlUnderTest();
    const flags = ["--region", "eu", "--bootstrap", "e:1,e:2", "--set", "security.protocol=SASL_SSL"];
    const more = ["--set", "sasl.mechanism=PLAIN", "--set", "sasl.username=a=b", "--set", "sasl.password=${env:EAST}"];
    expect(await cli(subject, "cluster", "add", "east", ...flags, ...more)).toEqual({
      code: 0,
      out: "cluster east added\n",
      err: "",
    });
    expect((await subject.call("GET", "/v1/clusters/east")).body).toMatchObject({
      region: "eu",
      properties: { "bootstrap.servers": "e:1,e:2", "security.protocol": "SASL_SSL", "sasl.username": "a=b" },
    });
    expect(lines((await cli(subject, "cluster", "ls")).out)).toEqual([
      "CLUSTER | REGION | BOOTSTRAP SERVERS | SECURITY",
      "east | eu | e:1,e:2 | SASL_SSL",
      "",
    ]);
    const shown = lines((await cli(subject, "cluster", "show", "east")).out);
    expect(shown[0]).toBe("east, in region eu");
    expect(shown).toContain("sasl.password | ***");
    expect(shown).toContain("markers | no | grant CLUSTER_ACTION on the cluster to write markers");
    expect((await cli(subject, "cluster", "add", "east", ...flags)).out).toBe("cluster east replaced\n");
    expect((await cli(subject, "cluster", "rm", "east")).out).toBe("cluster east removed\n");
    expect(JSON.parse((await cli(subject, "cluster", "ls", "--json")).out)).toEqual({ clusters: [] });
  });

  test("add takes all of it from a file, flags win, and what is shown can be given back", async () => {
    await using subject = await controlUnderTest();
    const file = join(subject.stateDirectory, "east.yaml");
    const properties = 'bootstrap.servers: e:1\n  socket.keepalive.enable: true\n  sasl.password: "${env:EAST}"';
    writeFileSync(file, `region: eu\nproperties:\n  ${properties}\n`);
    const added = await cli(subject, "cluster", "add", "east", "--file", file, "--region", "us", "--json");
    expect(JSON.parse(added.out)).toEqual({
      name: "east",
      region: "us",
      properties: { "bootstrap.servers": "e:1", "socket.keepalive.enable": "true", "sasl.password": "***" },
    });
    writeFileSync(file, (await cli(subject, "cluster", "show", "east", "--json")).out);
    expect(await cli(subject, "cluster", "add", "east", "--file", file)).toMatchObject({ code: 0, err: "" });
  });

  test("add reads standard input", async () => {
    await using subject = await controlUnderTest();
    const input = JSON.stringify({ region: "eu", properties: { "bootstrap.servers": "e:1" } });
    await using run = piped(["cluster", "add", "east", "--file", "-"], { url: subject.control.url, input });
    expect([await run.ended, run.out, run.err]).toEqual([0, "cluster east added\n", ""]);
  });

  test("topics lists what could be copied", async () => {
    await using subject = await controlUnderTest();
    await addClusters(subject);
    expect(lines((await cli(subject, "cluster", "topics", "east")).out)).toEqual([
      "TOPIC | PARTITIONS | INTERNAL",
      "__consumer_offsets | 1 | yes",
      "orders | 2 | no",
      "",
    ]);
  });

  test("a cluster that cannot be reached is refused in the words of its brokers", async () => {
    await using subject = await controlUnderTest();
    const { code, err } = await cli(subject, "cluster", "add", "x", "--region", "eu", "--bootstrap", "down:1");
    expect(code).toBe(1);
    expect(err).toContain("down:1: connection refused");
  });

  test("a cluster in use stays", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const { code, err } = await cli(subject, "cluster", "rm", "east");
    expect(code).toBe(1);
    expect(err).toContain("eu-to-us");
  });

  test.each<[string, string[]]>([
    ["a literal secret", ["--set", "sasl.password=hunter2"]],
    ["a property without a value", ["--set", "sasl.password"]],
  ])("%s is refused before it is sent, and not repeated", async (_title, flags) => {
    // Nothing listens there: had it been sent, that would be the message.
    const { code, out, err } = await cli(null, "--url", "http://127.0.0.1:1", "cluster", "add", "x", ...flags);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/is a secret: give it as '\$\{env:NAME\}'|takes NAME=VALUE/);
    expect(err).not.toContain("hunter2");
  });

  test.each<[string, string, string]>([
    ["is not YAML", "region: [eu", ":1:12: "],
    ["is a list", "- region: eu", " must hold an object"],
  ])("a file that %s is refused with its place", async (_title, text, words) => {
    await using subject = await controlUnderTest();
    const file = join(subject.stateDirectory, "east.yaml");
    writeFileSync(file, text);
    const { code, err } = await cli(subject, "cluster", "add", "east", "--file", file);
    expect(code).toBe(2);
    expect(err).toStartWith(`${file}${words}`);
  });
});
