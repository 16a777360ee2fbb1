#!/usr/bin/env bun
/** The `strait` command. */

import process from "node:process";
import { runCli } from "./cli/program.ts";
import { terminalOf } from "./cli/terminal.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Who reads has read enough, as with `| head`: nothing went wrong.
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: terminalOf(process.stdout, process.env),
});
