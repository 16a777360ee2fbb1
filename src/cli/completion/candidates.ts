/** What may stand at the place of a word on the command line. */

import type { Command, Option } from "commander";

export interface Candidate {
  readonly word: string;
  /** "" where there is nothing to say. */
  readonly description: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Whether the name of a file may stand there as well. */
  readonly files: boolean;
}

/** The names that a placeholder (`link`, `cluster`, ...) may stand for. `before`: the values of those before it. */
export type NamesOf = (placeholder: string, before: ReadonlyMap<string, string>) => Promise<readonly string[]>;

const FILES: readonly string[] = ["file", "directory"];
const NOTHING: Completion = { candidates: [], files: false };

/** The completions of the last of the words, which may be empty or begun; what does not begin as it does is left out. */
export async function complete(program: Command, words: readonly string[], namesOf: NamesOf): Promise<Completion> {
  const current = words.at(-1) ?? "";
  const place = placeOf(program, words.slice(0, -1));
  const { command, expected, before } = place;
  const assigned = /^(--[\w-]+)=(.*)$/s.exec(current);
  if (assigned !== null && expected === null) {
    const option = optionNamed(command, assigned[1] ?? "");
    if (option === undefined) return NOTHING;
    const { candidates, files } = await valuesOf(valueName(option), before, namesOf);
    const prefixed = candidates.map(({ word }) => ({ word: `${assigned[1]}=${word}`, description: "" }));
    return { candidates: beginningWith(prefixed, current), files };
  }
  if (expected !== null) {
    const { candidates, files } = await valuesOf(expected, before, namesOf);
    return { candidates: beginningWith(candidates, current), files };
  }
  if (current.startsWith("-")) return { candidates: beginningWith(optionsOf(command), current), files: false };
  if (command.commands.length > 0) return { candidates: beginningWith(commandsOf(command), current), files: false };
  const argument = command.registeredArguments[Math.min(place.arguments, command.registeredArguments.length - 1)];
  if (argument === undefined || (place.arguments >= command.registeredArguments.length && !argument.variadic)) {
    return NOTHING;
  }
  const { candidates, files } = await valuesOf(argument.name(), before, namesOf);
  return { candidates: beginningWith(candidates, current), files };
}

interface Place {
  readonly command: Command;
  /** How many arguments it has so far. */
  readonly arguments: number;
  /** What the value is that the option before asks for; null where none does. */
  readonly expected: string | null;
  /** The values of arguments and options, by their placeholders. */
  readonly before: ReadonlyMap<string, string>;
}

/** Where the words lead to. Words that fit nowhere are passed over: whoever types them hears of it later. */
function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let seen = 0;
  let waiting: Option | null = null;
  const before = new Map<string, string>();
  for (const word of words) {
    if (waiting !== null && !(waiting.variadic && word.startsWith("-"))) {
      before.set(valueName(waiting), word);
      if (!waiting.variadic) waiting = null;
    } else if (word.startsWith("-")) {
      const [name = "", value] = word.split("=", 2);
      const option = optionNamed(command, name);
      const takesValue = option !== undefined && (option.required || option.optional);
      if (takesValue && value !== undefined) before.set(valueName(option), value);
      waiting = takesValue && value === undefined ? option : null;
    } else {
      const sub = seen === 0 ? command.commands.find((each) => each.name() === word) : undefined;
      if (sub !== undefined) command = sub;
      else before.set(command.registeredArguments[seen++]?.name() ?? "", word);
    }
  }
  // After the first value of a list there may be another one, or something else.
  return { command, arguments: seen, expected: waiting === null ? null : valueName(waiting), before };
}

async function valuesOf(
  placeholder: string,
  before: ReadonlyMap<string, string>,
  namesOf: NamesOf,
): Promise<Completion> {
  const names = await namesOf(placeholder, before);
  return { candidates: names.map((word) => ({ word, description: "" })), files: FILES.includes(placeholder) };
}

/** What stands in the flags for the value: `file` of `--file <file>`. */
function valueName({ flags }: Option): string {
  return /[<[]([^>\].]+)/.exec(flags)?.[1] ?? "";
}

function optionNamed(command: Command, name: string): Option | undefined {
  for (let each: Command | null = command; each !== null; each = each.parent) {
    const found = each.options.find(({ long, short }) => name === long || name === short);
    if (found !== undefined) return found;
  }
  return undefined;
}

function optionsOf(command: Command): Candidate[] {
  const help = { word: "--help", description: "show help" };
  const found: Candidate[] = [];
  for (let each: Command | null = command; each !== null; each = each.parent) {
    for (const { long, description, hidden } of each.options) {
      if (long !== undefined && !hidden) found.push({ word: long, description });
    }
  }
  return [...found, help];
}

function commandsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ word: each.name(), description: each.description() }));
}

function beginningWith(candidates: readonly Candidate[], begin: string): Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(begin));
}
