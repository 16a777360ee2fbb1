/** `strait up`, `strait check` and `strait demo`. What they need is loaded when they run: other commands start faster. */

import type { Command } from "commander";
import type { CommandContext } from "./command-context.ts";
import { addExamples } from "./help.ts";
import type { UpOptions } from "./up.ts";

/** Where the API listens if nothing else is said. */
export const LISTEN = "127.0.0.1:7070";

export function addRunCommands(
  program: Command,
  { print, setExitCode }: Pick<CommandContext, "print"> & { readonly setExitCode: (code: number) => void },
): void {
  addExamples(
    program
      .command("up [file]")
      .description("run strait, with what the file names and what was set up before, until Ctrl-C or SIGTERM")
      .option("--listen <host:port>", "where the API listens", LISTEN)
      .option("--state <directory>", "where changes are kept", ".strait")
      .option("--filters <directory...>", "where filter files may come from (default: where the file is)")
      .option("--tls-cert <file>", "serve HTTPS with this certificate (PEM); SIGHUP reads it anew")
      .option("--tls-key <file>", "its key (PEM)")
      .option("--public-url <url>", "how browsers reach it where a proxy stands in front")
      .option("--open-metrics", "let Prometheus read /metrics without a token")
      .action(async (file: string | undefined, options: UpOptions) => {
        const { up } = await import("./up.ts");
        setExitCode(await up(file, options));
      }),
    ["strait up", "empty; `strait cluster add` and `strait link add` set it up"],
    ["strait up strait.yaml --state /var/lib/strait", "from a file; changes made later are kept in the directory"],
    [
      "strait up --listen 0.0.0.0:7070 --tls-cert cert.pem --tls-key key.pem",
      "for others to reach; needs a token: `strait token new NAME --role admin --state .strait`",
    ],
  );
  addExamples(
    program
      .command("check <file>")
      .description("look for mistakes in a configuration file without connecting to anything")
      .option("--filters <directory...>", "where filter files may come from (default: where the file is)")
      .action(async (file: string, options: { filters?: string[] }) => {
        const { check } = await import("./check.ts");
        print(await check(file, options.filters));
      }),
    ["strait check strait.yaml", "each mistake is told as FILE:LINE:COLUMN"],
  );
  addExamples(
    program
      .command("demo")
      .description("run everything on two clusters inside this process, until Ctrl-C")
      .option("--listen <host:port>", "where the API listens", LISTEN)
      .action(async (options: { listen: string }) => {
        const { runDemo } = await import("../demo/demo.ts");
        setExitCode(await runDemo(options));
      }),
    ["strait demo", "then, in another terminal: strait lag --watch"],
  );
}
