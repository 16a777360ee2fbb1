import { afterEach, describe, expect, test } from "bun:test";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FilterChain } from "../../../src/runner/filter-chain.ts";
import { until } from "../../control/until.ts";
import { failureOf } from "../../support/failure-of.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { plainBatchOf } from "../plain-batch.ts";
import { type ChainUnderTest, DENO, FILTERS, makeChain, ROOT, remember, unruly, values } from "./chain-under-test.ts";

const chains: FilterChain[] = [];
afterEach(() => Promise.all(chains.splice(0).map((chain) => chain.close())));

async function chainOf(options: Partial<ChainUnderTest> = {}): Promise<FilterChain> {
  const chain = await makeChain({ filters: [unruly()], ...options });
  chains.push(chain);
  return chain;
}

async function answerOf(chain: FilterChain, value: string): Promise<string> {
  const [answer] = values(await chain.apply(plainBatchOf(value), null));
  return answer ?? "";
}

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("the process of filter files", () => {
  test("knows the variables that its own filters and registries refer to, and no other secret", async () => {
    const variables = { STRAIT_TEST_MINE: "a", STRAIT_TEST_REGISTRY_PASSWORD: "b", STRAIT_TEST_CLUSTER_PASSWORD: "c" };
    Object.assign(process.env, variables);
    try {
      const schemaRegistry = {
        url: "http://127.0.0.1:1",
        username: "u",
        password: "${env:STRAIT_TEST_REGISTRY_PASSWORD}",
      };
      const builtIn = {
        use: "drop-records",
        options: { when: [{ header: "a", equals: "${env:STRAIT_TEST_CLUSTER_PASSWORD}" }] },
      };
      const filters = [builtIn, unruly({ key: "${env:STRAIT_TEST_MINE}" })];
      const chain = await chainOf({ filters, source: { schemaRegistry } });
      const environment = JSON.parse(await answerOf(chain, "environment")) as Record<string, string>;
      expect(environment).toMatchObject({ STRAIT_TEST_MINE: "a", STRAIT_TEST_REGISTRY_PASSWORD: "b" });
      expect(Object.values(environment)).not.toContain("c");
      expect(Object.keys(environment).filter((name) => name.startsWith("STRAIT_"))).toHaveLength(2);
    } finally {
      for (const name of Object.keys(variables)) delete process.env[name];
    }
  });

  test("is one for all files of a mapping, and not this one", async () => {
    const second = { use: "./unruly.ts", options: { mark: "?" } };
    const chain = await chainOf({
      filters: [unruly(), { use: "drop-records", options: { when: [{ header: "a", equals: "b" }] } }, second],
    });
    const pid = Number((await answerOf(chain, "process")).replace("?", ""));
    expect(pid).not.toBe(process.pid);
    expect(isRunning(pid)).toBe(true);
    await chain.close();
    expect(isRunning(pid)).toBe(false);
  });

  test("is not there where all filters are built in", async () => {
    const chain = await chainOf({
      filters: [{ use: "redact", options: { keep: ["$.a"] } }],
      limits: { memoryBytes: 1 },
    });
    expect(await answerOf(chain, '{"a":1,"b":2}')).toBe('{"a":1}');
  });

  test("is replaced where it ended by itself, without anybody being to blame", async () => {
    const { failures, take } = remember();
    const chain = await chainOf();
    const pid = Number(await answerOf(chain, "process"));
    process.kill(pid, "SIGKILL");
    await until("the end of the process", () => !isRunning(pid));
    expect(values(await chain.apply(plainBatchOf("a"), take))).toEqual(["a!"]);
    expect(failures).toEqual([]);
  });

  test.each([
    ["Bun", [process.execPath]],
    ["Deno", DENO],
  ])("ends with the process that started it, also in the middle of an endless loop: on %s", async (_, runtime) => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "looping");
    const script = [...runtime, join(import.meta.dirname, "loop-in-host.ts"), file];
    const parent = Bun.spawn(script, { cwd: ROOT, stdout: "pipe", stderr: "ignore" });
    const { value } = await parent.stdout.getReader().read();
    const host = Number(await until("the loop", () => existsSync(file) && readFileSync(file, "utf8")));
    expect(isRunning(host)).toBe(true);
    // Not what was started, which may have started the runtime in turn.
    process.kill(Number(new TextDecoder().decode(value)), "SIGKILL");
    try {
      await until("the end of the process", () => !isRunning(host));
    } finally {
      if (isRunning(host)) process.kill(host, "SIGKILL");
    }
  });
});

test("what filters print goes nowhere", async () => {
  const script = join(import.meta.dirname, "print-in-host.ts");
  const { stdout, stderr } = Bun.spawnSync([process.execPath, script]);
  expect([stdout.toString(), stderr.toString()]).toEqual(["done\n", ""]);
});

describe("filter files that change", () => {
  const own = (mark: string) => `
    export default { name: "own", description: "", options: {}, create: () => ({ apply: ({ value }) => {
      if (String.fromCharCode(...value) === "exit") process.exit(3);
      return { verb: "replace", value: new TextEncoder().encode("${mark}"), changed: [] };
    } }) };`;

  test("are not taken up by a process that is started anew: another chain is asked for", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "own.ts");
    writeFileSync(file, own("1"));
    const options = { filters: [{ use: "./own.ts" }], directory: directory.path };
    const chain = await chainOf(options);
    writeFileSync(file, own("2"));
    expect(await answerOf(chain, "a")).toBe("1");
    const failure = await failureOf(chain.apply(plainBatchOf("exit"), null));
    expect([failure.code, failure.retriable, chain.outdated]).toEqual(["filter-invalid", true, true]);
    expect(failure.message).toBe("filters ./own.ts have changed since the mapping began with them");
    const next = await chainOf(options);
    expect(await answerOf(next, "a")).toBe("2");
    expect(next.digest).not.toBe(chain.digest);
  });

  test("that cannot be made any more hold the batch back, and may be tried again", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "own.ts");
    writeFileSync(file, own("1"));
    const chain = await chainOf({ filters: [{ use: "./own.ts" }], directory: directory.path });
    writeFileSync(file, "export default {");
    const failure = await failureOf(chain.apply(plainBatchOf("exit"), null));
    expect([failure.code, failure.retriable]).toEqual(["filter-invalid", true]);
    writeFileSync(file, own("1"));
    expect(await answerOf(chain, "a")).toBe("1");
  });
});

describe("the files a filter reads", () => {
  test("are part of the digest", async () => {
    using directory = temporaryDirectory();
    copyFileSync(join(FILTERS, "reads-file.ts"), join(directory.path, "reads-file.ts"));
    const text = await Bun.file(join(directory.path, "reads-file.ts")).text();
    writeFileSync(
      join(directory.path, "reads-file.ts"),
      text.replaceAll("../../../src", join(import.meta.dirname, "../../../src")),
    );
    const digests = [];
    for (const content of ["one", "one", "two"]) {
      writeFileSync(join(directory.path, "schema"), content);
      const filters = [{ use: "./reads-file.ts", options: { path: "schema" } }];
      digests.push((await chainOf({ filters, directory: directory.path })).digest);
    }
    expect(digests[0]).toBe(digests[1] as string);
    expect(digests[0]).not.toBe(digests[2] as string);
  });

  test("are read while it is made and not later, when the digest is known", async () => {
    const chain = await chainOf({ filters: [{ use: "./reads-file.ts", options: { path: "scripted.ts" } }] });
    expect(await answerOf(chain, "once")).toBe("once");
    const failure = await failureOf(chain.apply(plainBatchOf("again"), null));
    expect(failure.message).toContain("it threw StraitError");
  });
});

describe("a filter that cannot be made", () => {
  test.each([
    ["ends its process", "exit", "filters ./unruly.ts could not be made: its process ended (exit code 3)"],
    ["does not come to an end", "hang", "filters ./unruly.ts could not be made: they were not made within 2 s"],
    ["loops", "loop", "filters ./unruly.ts could not be made: they were not made within 2 s"],
  ])("is said to be so: %s", async (_, atFirst, message) => {
    const failure = await failureOf(chainOf({ filters: [unruly({ atFirst })], limits: { makeMs: 2000 } }));
    expect([failure.code, failure.message]).toEqual(["filter-invalid", message]);
  });
});
