import { describe, expect, test } from "bun:test";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Store } from "../../src/control/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const CLUSTER = { name: "east", region: "eu", properties: { "bootstrap.servers": "a:1" } };

describe("Store", () => {
  test("what was saved is there after a restart, the node's name included", () => {
    using directory = temporaryDirectory();
    const first = new Store(directory.path);
    first.save({ ...first.state, clusters: [CLUSTER] });
    first.close();
    const second = new Store(directory.path);
    expect(second.state).toEqual(first.state);
    expect(second.state.clusters).toEqual([CLUSTER]);
    second.close();
  });

  test("directory and file are readable by their owner only", () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "made");
    new Store(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, "state.json")).mode & 0o777).toBe(0o600);
  });

  test("a second server on the directory is refused, a later one is not", () => {
    using directory = temporaryDirectory();
    const first = new Store(directory.path);
    expect(() => new Store(directory.path)).toThrow(`another strait (process ${process.pid}) uses ${directory.path}`);
    first.close();
    new Store(directory.path).close();
  });

  test("the lock of a process that is gone is taken over", () => {
    using directory = temporaryDirectory();
    const gone = Bun.spawnSync(["true"]).pid;
    writeFileSync(join(directory.path, "lock"), JSON.stringify({ pid: gone, started: "1" }));
    new Store(directory.path).close();
  });

  test("the lock of an earlier process with our id is taken over", () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, "lock"), JSON.stringify({ pid: process.pid, started: "1" }));
    new Store(directory.path).close();
  });

  test.each<[string, string, RegExp]>([
    ["cut off", '{"version": 1, "clus', /is damaged: not JSON; restore it/],
    ["empty", "", /is damaged: not JSON/],
    ["of another shape", '{"version":1,"nodeId":"n","clusters":7,"links":[]}', /is damaged: \/fromFile is required/],
    ["of a later version", '{"version":2}', /has version 2; this strait reads version 1/],
  ])("a state file that is %s is refused and left alone", (_title, content, message) => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "state.json");
    writeFileSync(file, content);
    expect(() => new Store(directory.path)).toThrow(message);
    expect(readFileSync(file, "utf8")).toBe(content);
    writeFileSync(
      file,
      JSON.stringify({ version: 1, nodeId: "n", clusters: [], links: [], fromFile: { clusters: [], links: [] } }),
    );
    new Store(directory.path).close();
  });
});
