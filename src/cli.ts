#!/usr/bin/env bun
/** The `strait` command. */

import process from "node:process";
import { runCli } from "./cli/program.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
