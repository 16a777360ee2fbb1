/** What commander's help does not say by itself: examples, and where to look after a mistake. */

import type { Command, Option } from "commander";
import { COLOURED } from "./paint.ts";

/** Lines of a command line, each with what it is for. */
export type Example = readonly [commandLine: string, what: string];

/** commander takes colours out again where they do not belong. */
const title = COLOURED.strong;

/** Shows examples behind the help of a command. */
export function addExamples(command: Command, ...examples: readonly Example[]): Command {
  const lines = examples.flatMap(([commandLine, what]) => [`  # ${what}`, `  ${commandLine}`]);
  return command.addHelpText("after", `\n${title("Examples:")}\n${lines.join("\n")}`);
}

/** Has each command name its own help after a mistake, and list in it the options that hold for all commands. */
export function finishHelp(command: Command, path: string = command.name()): void {
  command.showHelpAfterError(`see \`${path} --help\``);
  command.configureHelp({
    styleTitle: title,
    // The names alone: with their arguments and options, long ones leave no room for what they do.
    subcommandTerm: (each) => each.name(),
    showGlobalOptions: true,
    visibleGlobalOptions: globalOptions,
  });
  for (const each of command.commands) finishHelp(each, `${path} ${each.name()}`);
}

/** What holds for every command. */
export const GENERAL_HELP = `
${title("Exit codes:")}
  0  done
  1  failed, or found something wrong: the message says what
  2  used wrongly: an unknown command or option, or a value that makes no sense

${title("Environment:")}
  STRAIT_URL         the strait to talk to, as --url
  STRAIT_CA          whose certificates to trust, as --ca
  STRAIT_TOKEN       the token to show it, where it wants one
  STRAIT_LOG_LEVEL   what \`strait up\` logs: trace, debug, info (the default), warn, error
  STRAIT_LIBRDKAFKA  the librdkafka to use; then no other is looked for
  NO_COLOR           no colours

\`strait COMMAND --help\` has examples.`;

function globalOptions(command: Command): Option[] {
  const { parent } = command;
  if (parent === null) return [];
  // The version is asked of strait, not of its commands.
  return [...globalOptions(parent), ...parent.options.filter(({ long }) => long !== "--version")];
}
