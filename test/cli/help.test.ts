import { describe, expect, test } from "bun:test";
import type { Command } from "commander";
import { createProgram } from "../../src/cli/program.ts";
import { cli } from "./command-line.ts";

interface Help {
  /** `strait link add` */
  readonly path: string;
  readonly command: Command;
  readonly text: string;
}

function helpOfAll(): Help[] {
  let written = "";
  const out = (text: string) => {
    written += text;
  };
  const helpOf = (command: Command, path: string): Help[] => {
    written = "";
    command.outputHelp();
    const own = { path, command, text: written };
    const visible = new Set(command.createHelp().visibleCommands(command));
    const below = command.commands.filter((each) => visible.has(each));
    return [own, ...below.flatMap((each) => helpOf(each, `${path} ${each.name()}`))];
  };
  return helpOf(
    createProgram({ out, err: () => undefined }, () => undefined),
    "strait",
  );
}

/** The command lines among the examples of a help. */
function examplesIn(text: string): string[] {
  const [, examples = ""] = text.split("\nExamples:\n");
  return examples
    .split("\n")
    .filter((line) => line.startsWith("  ") && !line.startsWith("  #"))
    .map((line) => line.trim());
}

/** The words of a line as a shell has them: quotes and pipes are all there is in examples. */
function shellWords(line: string): string[] {
  const [first = ""] = line.split(/ (?:\||&&|>) /);
  const plain = first.replace(/^(?:source <|export \w+=\$)\((.*)\)$/, "$1");
  return [...plain.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

const all = helpOfAll();

describe.each(all.map((help) => [help.path, help] as const))("%s --help", (path, { command, text }) => {
  test("says what it does and how it is used", () => {
    expect(command.description()).not.toBe("");
    expect(text).toStartWith(`Usage: ${path} `);
    for (const { flags, description } of command.options) expect([flags, description === ""]).toEqual([flags, false]);
  });

  test("has examples that are right", async () => {
    for (const example of examplesIn(text)) {
      const [reached, strait] = await reachedBy(example);
      expect([example, strait, reached.startsWith(path)]).toEqual([example, "strait", true]);
    }
  });
});

/** The command that a line leads to, all its options and arguments taken; and what the line begins with. */
async function reachedBy(example: string): Promise<[reached: string, begin: string | undefined]> {
  const program = createProgram({ out: () => undefined, err: () => undefined }, () => undefined);
  let reached = "";
  const stopAt = (command: Command, path: string) => {
    command.action(() => {
      reached = path;
    });
    for (const below of command.commands) stopAt(below, `${path} ${below.name()}`);
  };
  for (const each of program.commands) stopAt(each, `strait ${each.name()}`);
  const [begin, ...args] = shellWords(example);
  await program.parseAsync(args, { from: "user" });
  return [reached, begin];
}

test("every command is in an example, its own or its group's", async () => {
  const examples = all.flatMap(({ text }) => examplesIn(text));
  const shown = new Set<string>();
  for (const example of examples) shown.add((await reachedBy(example))[0]);
  const commands = all.filter(({ command }) => command.commands.length === 0).map(({ path }) => path);
  expect(commands.filter((path) => !shown.has(path))).toEqual([]);
});

test("there is help for every group and command", () => {
  expect(all.length).toBeGreaterThan(50);
});

test("help is as wide as the terminal, and 80 letters elsewhere", async () => {
  const { code, out } = await cli(null, "map", "add", "--help");
  expect(code).toBe(0);
  const own = out.split("Examples:")[0] ?? "";
  expect(Math.max(...own.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("exit codes and environment are in the help of strait itself", async () => {
  const { out } = await cli(null, "--help");
  for (const word of ["0  done", "1  failed", "2  used wrongly", "STRAIT_URL", "STRAIT_TOKEN", "NO_COLOR"]) {
    expect(out).toContain(word);
  }
});
