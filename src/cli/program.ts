/** The command line: what commands there are, and what their exit codes mean. */

import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { messageOf } from "../model/errors.ts";
import { STRAIT_VERSION } from "../version.ts";
import { ApiClient } from "./api-client.ts";
import { addApiCommand } from "./api-command.ts";
import { addAuditCommands } from "./audit-command.ts";
import { addAwaitCommand } from "./await-command.ts";
import { addClusterCommands } from "./cluster-commands.ts";
import type { CommandContext } from "./command-context.ts";
import { addCompletionCommand } from "./completion-command.ts";
import { addEventsCommand } from "./events-command.ts";
import { addEvidenceCommand } from "./evidence-command.ts";
import { paletteFor } from "./filter/palette.ts";
import { addFilterCommands } from "./filter-commands.ts";
import { finishHelp, GENERAL_HELP } from "./help.ts";
import { addLagCommand } from "./lag-command.ts";
import { addLinkCommands } from "./link-commands.ts";
import { addMappingCommands } from "./mapping-commands.ts";
import { addMetricsCommand } from "./metrics-command.ts";
import { PLAIN } from "./paint.ts";
import { addPolicyCommands } from "./policy-command.ts";
import { addRunCommands, LISTEN } from "./run-commands.ts";
import { table } from "./table.ts";
import { NO_TERMINAL, type Terminal } from "./terminal.ts";
import { addTokenCommands } from "./token-command.ts";
import { UsageError } from "./usage-error.ts";
import { addVerifyCommand } from "./verify-command.ts";
import { addVersionCommand } from "./version-command.ts";

/** Where a command writes. */
export interface Output {
  /** Results. */
  readonly out: (text: string) => void;
  /** What went wrong. */
  readonly err: (text: string) => void;
  /** What results are written to. Default: no terminal. */
  readonly terminal?: Terminal;
}

/** Runs a command line (without runtime and script). Resolves to the exit code: 0 done, 1 failed, 2 used wrongly. */
export async function runCli(args: readonly string[], output: Output): Promise<number> {
  let exitCode = 0;
  const program = createProgram(output, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    // commander has written its message by now; it ends with code 0 after --help and --version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    output.err(`${messageOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** All commands, not run yet. `setExitCode` is called by commands that did what they were told and found something wrong. */
export function createProgram(
  { out, err, terminal = NO_TERMINAL }: Output,
  setExitCode: (code: number) => void,
): Command {
  const program = new Command("strait")
    .description("Copies Kafka topics between regions and keeps the fields that must stay from leaving.")
    .version(STRAIT_VERSION)
    .addOption(new Option("--url <url>", "the strait to talk to").env("STRAIT_URL").default(`http://${LISTEN}`))
    .addOption(new Option("--ca <file>", "trust who signed its certificate (PEM)").env("STRAIT_CA"))
    .addHelpText("after", GENERAL_HELP)
    .configureOutput({
      writeOut: out,
      writeErr: err,
      getOutHelpWidth: () => terminal.columns() ?? 80,
      getErrHelpWidth: () => terminal.columns() ?? 80,
      getOutHasColors: () => terminal.paint !== PLAIN,
      getErrHasColors: () => terminal.paint !== PLAIN && process.stderr.isTTY,
    })
    .exitOverride();
  const context: CommandContext = {
    client: () => clientOf(program.opts<ClientOptions>()),
    print: (text) => out(`${text}\n`),
    complain: (text) => err(`${text}\n`),
    table: (head, rows) => table(head, rows, terminal.columns()),
    terminal,
  };
  addRunCommands(program, { ...context, setExitCode });
  addClusterCommands(program, context);
  addLinkCommands(program, context);
  addMappingCommands(program, context);
  addLagCommand(program, { ...context, write: out });
  addAwaitCommand(program, context);
  addVerifyCommand(program, { ...context, draw: process.stderr.isTTY ? err : null, setExitCode });
  addEvidenceCommand(program, { ...context, setExitCode });
  addFilterCommands(program, {
    ...context,
    palette: paletteFor(process.stdout.isTTY === true, process.env),
    setExitCode,
  });
  addPolicyCommands(program, context);
  addTokenCommands(program, context);
  addAuditCommands(program, { ...context, setExitCode });
  addEventsCommand(program, context);
  addMetricsCommand(program, context);
  addApiCommand(program, context);
  addCompletionCommand(program, context);
  addVersionCommand(program, context);
  finishHelp(program);
  return program;
}

interface ClientOptions {
  readonly url: string;
  readonly ca?: string;
}

function clientOf({ url, ca }: ClientOptions): ApiClient {
  if (ca === undefined) return new ApiClient(url);
  try {
    return new ApiClient(url, { authorities: readFileSync(ca, "utf8") });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${ca} of --ca or STRAIT_CA: ${messageOf(error)}`);
  }
}
