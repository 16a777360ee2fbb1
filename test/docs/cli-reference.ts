/** docs/cli.md, made of what every command says of itself: `bun test/docs/cli-reference.ts > docs/cli.md`. */

import process from "node:process";
import type { Command } from "commander";
import { PLAIN } from "../../src/cli/paint.ts";
import { createProgram } from "../../src/cli/program.ts";

/** Letters in a line of help. */
const COLUMNS = 100;

const INTRODUCTION = `# The command line

What \`strait --help\` says of each command. This page is made by \`test/docs/cli-reference.ts\`, and a test holds it to the
program.

- \`--json\` is for scripts: what the API answers, on one line. Without it there are tables and sentences for people; on a
  terminal they are as wide as it is, and coloured.
- Results go to standard output, everything else to standard error.
- \`--file -\` reads standard input. Files are YAML or JSON.
- Secrets are given as references, \`'\${env:NAME}'\` or \`'\${file:PATH}'\`, in single quotes, so that the shell leaves them alone.
- Names are completed by bash, zsh and fish: see [strait completion](#strait-completion).
`;

/** The whole page. */
export function cliReference(): string {
  let written = "";
  const terminal = { columns: () => COLUMNS, rows: () => null, paint: PLAIN };
  const out = (text: string) => {
    written += text;
  };
  const program = createProgram({ out, err: out, terminal }, () => undefined);
  const sections = commandsOf(program, "strait").map(({ command, path }) => {
    written = "";
    command.outputHelp();
    return { path, description: command.description(), help: written.trimEnd() };
  });
  const rows = sections.map(
    ({ path, description }) => `| [\`${path}\`](#${path.replaceAll(" ", "-")}) | ${cell(description)} |`,
  );
  return [
    INTRODUCTION,
    ["| command | does |", "|---|---|", ...rows].join("\n"),
    ...sections.map(({ path, help }) => `## ${path}\n\n\`\`\`text\n${help}\n\`\`\``),
  ]
    .join("\n\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .concat("\n");
}

interface Listed {
  readonly command: Command;
  readonly path: string;
}

/** In the order of the help, groups before their commands. */
function commandsOf(command: Command, path: string): Listed[] {
  const visible = new Set(command.createHelp().visibleCommands(command));
  const below = command.commands.filter((each) => visible.has(each));
  return [{ command, path }, ...below.flatMap((each) => commandsOf(each, `${path} ${each.name()}`))];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (import.meta.main) process.stdout.write(cliReference());
