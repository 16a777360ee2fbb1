/**
 * The Dockerfile without a container engine: what it says, and what its steps do in a folder that has what it copies. The
 * image itself is not built here.
 */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { openLibrary } from "../../src/rdkafka/library.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { type Instruction, parseDockerfile, type Stage } from "./dockerfile.ts";
import { InstalledStrait } from "./installed-strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const ROOT = join(import.meta.dirname, "../..");
const stages = parseDockerfile(readFileSync(join(ROOT, "Dockerfile"), "utf8"));
const [, build, last] = stages as [Stage, Stage, Stage];

const of = (stage: Stage, name: string) => stage.instructions.filter((each) => each.name === name);
const only = (stage: Stage, name: string): Instruction => {
  const found = of(stage, name);
  if (found.length !== 1) throw new Error(`${found.length} times ${name}`);
  return found[0] as Instruction;
};
/** `apt-get install` without its options. */
const packagesOf = (stage: Stage) =>
  of(stage, "RUN").flatMap(({ text }) => {
    const [, list = ""] = /apt-get install ([^&]*)/.exec(text) ?? [];
    return list.split(" ").filter((word) => /^[a-z]/.test(word));
  });

describe("the Dockerfile", () => {
  test("names the version of every image, and of Bun the one that strait is tested with", () => {
    expect(stages.map(({ image }) => image)).toEqual([
      `oven/bun:${manifest.dependencies["bun-types"]}-slim`,
      build.image,
      build.image,
    ]);
    expect(build.image).toMatch(/^debian:[a-z]+-slim$/);
  });

  test("leaves no lists of packages, and installs nothing that was only recommended", () => {
    const steps = [build, last].flatMap((stage) => of(stage, "RUN")).filter(({ text }) => text.includes("apt-get"));
    expect(steps).toHaveLength(2);
    for (const { text } of steps) {
      expect(text).toMatch(/^apt-get update && apt-get install -y --no-install-recommends /);
      expect(text).toContain("rm -rf /var/lib/apt/lists/*");
    }
  });

  test("takes into the image the executable and librdkafka, and nothing else", () => {
    const copied = of(last, "COPY").map(({ flags, words }) => [flags["from"], ...words]);
    expect(copied).toEqual([
      ["build", "/out/strait", "/usr/local/bin/strait"],
      ["build", "/out/librdkafka.so", "/usr/local/lib/strait/librdkafka.so"],
    ]);
    expect(only(last, "ENV").text).toBe("STRAIT_LIBRDKAFKA=/usr/local/lib/strait/librdkafka.so");
  });

  test("runs as a user without rights, and keeps its state in a volume that is this user's", () => {
    const user = only(last, "USER").text;
    expect(user).toMatch(/^[1-9]\d{4}:[1-9]\d{4}$/);
    const [uid, gid] = user.split(":");
    const state = only(last, "VOLUME").text;
    const made = of(last, "RUN")
      .map(({ text }) => text)
      .join();
    expect(made).toContain(`useradd --uid ${uid} --gid ${gid} --home-dir ${state} `);
    expect(made).toContain(`install -d -o strait -g strait -m 0700 ${state}`);
    const [command, , directory] = only(last, "CMD").words;
    expect([command, directory]).toEqual(["up", state]);
  });

  test("has the port of the command in EXPOSE", () => {
    const { words } = only(last, "CMD");
    expect(words[words.indexOf("--listen") + 1]).toBe(`0.0.0.0:${only(last, "EXPOSE").text}`);
  });

  // `dpkg -S` knows which package a library is of.
  test.skipIf(Bun.which("dpkg") === null)("installs the packages of what librdkafka is linked to", async () => {
    const linked = Bun.spawnSync(["ldd", (await openLibrary()).path]).stdout.toString();
    const direct = Bun.spawnSync(["objdump", "-p", (await openLibrary()).path]).stdout.toString();
    const needed = [...direct.matchAll(/NEEDED\s+(\S+)/g)].map(([, name = ""]) => name);
    const paths = needed.map((name) => new RegExp(`${name.replaceAll(".", "[.]")} => (\\S+)`).exec(linked)?.[1] ?? "");
    const packages = paths
      .filter((path) => path !== "")
      .map(packageOf)
      .filter((name) => !ALWAYS_THERE.includes(name));
    expect(needed).toContain("libssl.so.3");
    expect([...new Set(packages)].filter((name) => !packagesOf(last).includes(name))).toEqual([]);
  });
});

describe("the steps of the Dockerfile", () => {
  const place = mkdtempSync(join(tmpdir(), "strait-image-"));
  const inPlace = (text: string) => text.replaceAll(/(?<![\w.])\/(out|strait|var|usr)\//g, `${place}/$1/`);

  beforeAll(async () => {
    const { path } = await openLibrary();
    for (const { name, words, flags, text } of build.instructions) {
      if (name === "COPY" && flags["from"] === undefined) copy(words, join(place, "strait"));
      if (name !== "RUN" || text.startsWith("apt-get")) continue;
      mkdirSync(join(place, "strait"), { recursive: true });
      // Building librdkafka anew is what the tests of the binding do.
      const env = {
        ...process.env,
        STRAIT_LIBRDKAFKA: path,
        PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
      };
      const step = Bun.spawnSync(["sh", "-c", inPlace(text)], { cwd: join(place, "strait"), env });
      if (step.exitCode !== 0) throw new Error(`${text} ended with ${step.exitCode}: ${step.stderr}${step.stdout}`);
    }
    for (const { words } of of(last, "COPY")) {
      const [from = "", to = ""] = words.map((word) => inPlace(`${word}`));
      mkdirSync(dirname(to), { recursive: true });
      cpSync(from, to);
    }
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  /** As COPY does it from a context that .dockerignore leaves. */
  function copy(words: readonly string[], workDirectory: string): void {
    const to = resolve(workDirectory, words.at(-1) ?? "");
    for (const name of words.slice(0, -1)) {
      expect(readFileSync(join(ROOT, ".dockerignore"), "utf8").split("\n")).toContain(`!${name}`);
      cpSync(join(ROOT, name), words.at(-1)?.endsWith("/") ? join(to, name) : to, { recursive: true });
    }
  }

  test("make a strait that comes up with its command, and is healthy by its own check", async () => {
    const [variable = "", value = ""] = only(last, "ENV").text.split("=");
    const binaries = join(place, "usr/local/bin");
    await using strait = new InstalledStrait([join(binaries, ...only(last, "ENTRYPOINT").words)], {
      [variable]: inPlace(value),
    });
    mkdirSync(join(place, "var/lib/strait"), { recursive: true, mode: 0o700 });
    const [up = "", ...command] = only(last, "CMD").words.map((word) => inPlace(`${word}/`).replace(/\/$/, ""));
    const options = command.slice(0, command.indexOf("--listen"));

    // As docs/install.md has it: an address that others reach needs a token first.
    const token = await strait.run("token", "new", "ops", "--role", "admin", ...options);
    expect(token).toMatchObject({ code: 0 });
    const running = await strait.start(up, ...options);
    const [checked = "", ...check] = only(last, "HEALTHCHECK").words;
    expect(existsSync(join(binaries, checked))).toBe(true);
    expect(await strait.run("--url", running.url, ...check)).toMatchObject({ code: 0, err: "" });
    expect(await running.stop("SIGTERM")).toBe(0);
    expect(await strait.run("--url", running.url, ...check)).toMatchObject({ code: 1 });
  });
});

/** What every Debian has. */
const ALWAYS_THERE = ["libc6"];

/** The real path: with merged /usr a library is found by another one than its package has it by. */
function packageOf(path: string): string {
  const found = [path, path.replace(/^\//, "/usr/"), path.replace(/^\/usr\//, "/")].map((each) =>
    Bun.spawnSync(["dpkg", "-S", each]).stdout.toString(),
  );
  return found.find((text) => text !== "")?.split(":")[0] ?? path;
}
