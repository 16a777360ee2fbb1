/** The command line: what commands there are, and what their exit codes mean. */

import { Command, CommanderError } from "commander";
import { messageOf } from "../model/errors.ts";
import { STRAIT_VERSION } from "../version.ts";
import { ApiClient } from "./api-client.ts";
import { check } from "./check.ts";
import { lag } from "./lag-command.ts";
import { addLinkCommands, addMappingCommands, type CommandContext } from "./link-commands.ts";
import { type UpOptions, up } from "./up.ts";
import { UsageError } from "./usage-error.ts";
import { addVerifyCommand } from "./verify-command.ts";

/** Where a command writes. */
export interface Output {
  /** Results. */
  readonly out: (text: string) => void;
  /** What went wrong. */
  readonly err: (text: string) => void;
}

const LISTEN = "127.0.0.1:7070";

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

function createProgram({ out, err }: Output, setExitCode: (code: number) => void): Command {
  const program = new Command("strait")
    .description("Copies Kafka topics between regions and keeps the fields that must stay from leaving.")
    .version(STRAIT_VERSION)
    .option("--url <url>", "the strait to talk to (or STRAIT_URL)", process.env["STRAIT_URL"] ?? `http://${LISTEN}`)
    .configureOutput({ writeOut: out, writeErr: err })
    .exitOverride();
  const context: CommandContext = {
    client: () => new ApiClient(program.opts<{ url: string }>().url),
    print: (text) => out(`${text}\n`),
  };
  program
    .command("up [file]")
    .description("run strait, with what the file names and what was set up before")
    .option("--listen <host:port>", "where the API listens", LISTEN)
    .option("--state <directory>", "where changes are kept", ".strait")
    .option("--filters <directory...>", "where filter files may come from (default: where the file is)")
    .action(async (file: string | undefined, options: UpOptions) => setExitCode(await up(file, options)));
  program
    .command("check <file>")
    .description("look for mistakes in a configuration file without running it")
    .option("--filters <directory...>", "where filter files may come from (default: where the file is)")
    .action(async (file: string, options: { filters?: string[] }) => context.print(await check(file, options.filters)));
  program
    .command("demo")
    .description("run everything on two clusters inside this process")
    .option("--listen <host:port>", "where the API listens", LISTEN)
    .action(async (options: { listen: string }) => {
      const { runDemo } = await import("../demo/demo.ts");
      setExitCode(await runDemo(options));
    });
  program
    .command("lag [link]")
    .description("how far each partition is behind")
    .option("--json", "as JSON")
    .action(async (link: string | undefined, { json }: { json?: true }) =>
      context.print(await lag(context.client(), link, json === true)),
    );
  addLinkCommands(program, context);
  addMappingCommands(program, context);
  addVerifyCommand(program, { ...context, draw: process.stderr.isTTY ? err : null, setExitCode });
  return program;
}
