/** `strait completion`, and what its scripts ask. */

import { Argument, type Command } from "commander";
import { ApiClient } from "./api-client.ts";
import type { CommandContext } from "./command-context.ts";
import { completionScript, SHELLS, type Shell } from "./completion/scripts.ts";
import { addExamples } from "./help.ts";

export function addCompletionCommand(program: Command, { client, print }: CommandContext): void {
  addExamples(
    program
      .command("completion")
      .description("print the script that teaches a shell to complete commands, options and names")
      .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
      .action((shell: Shell) => print(completionScript(shell).trimEnd())),
    ["source <(strait completion bash)", "in this bash"],
    ["strait completion zsh > ~/.zfunc/_strait", "in every zsh whose $fpath has ~/.zfunc"],
    ["strait completion fish > ~/.config/fish/completions/strait.fish", "in every fish"],
  );
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action(async (words: string[]) => {
      const [{ complete }, { runningNames }] = await Promise.all([
        import("./completion/candidates.ts"),
        import("./completion/running-names.ts"),
      ]);
      const { candidates, files } = await complete(
        program,
        words,
        runningNames((url) => (url === undefined ? client() : new ApiClient(url))),
      );
      print(
        [files ? "files" : "-", ...candidates.map(({ word, description }) => `${word}\t${description}`)].join("\n"),
      );
    });
}
