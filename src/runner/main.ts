/** The runner process: forked by the supervisor, moves the data of one link. */

import process from "node:process";
import { StraitError } from "../model/errors.ts";
import type { LinkPlan, RunnerCommand, RunnerMessage } from "../model/runner-protocol.ts";
import { LinkRunner } from "./link-runner.ts";

const STATUS_INTERVAL_MS = 500;
/** What a stop may take before the process ends anyway: the supervisor kills it at 5 s. */
const STOP_MS = 4700;

function main(): void {
  let runner: Promise<LinkRunner> | undefined;
  let stopping = false;

  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_MS);
    try {
      await (await runner)?.close();
    } finally {
      process.exit(0);
    }
  };

  const fail = (error: unknown) => {
    tell(fatalMessage(error));
    // The message has to be on its way before the process ends.
    setTimeout(() => process.exit(1), 100);
  };

  const apply = (plan: LinkPlan) => {
    if (stopping) return;
    if (runner === undefined) {
      runner = LinkRunner.start(plan, ({ error }) => fail(error));
      runner.then(report, fail);
    } else {
      runner.then(
        (started) => started.apply(plan),
        () => {},
      );
    }
  };

  const report = (started: LinkRunner) => {
    const send = () => tell({ type: "status", status: started.status() });
    setInterval(send, STATUS_INTERVAL_MS);
    send();
  };

  process.on("message", (command: RunnerCommand) => {
    if (command.type === "apply") apply(command.plan);
    else void stop();
  });
  // Without its supervisor a runner must not go on: the next one starts a runner of its own.
  process.on("disconnect", () => void stop());
  process.on("SIGTERM", () => void stop());
  // The terminal sends Ctrl-C to the whole group; the supervisor decides what happens then.
  process.on("SIGINT", () => {});
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  tell({ type: "ready" });
}

/** Only strait's own errors are known to hold no content; of any other the kind and the place are said. */
function fatalMessage(error: unknown): RunnerMessage {
  if (error instanceof StraitError) return { type: "fatal", code: error.code, message: error.message };
  const kind = error instanceof Error ? error.name : typeof error;
  const place = /^\s*at .*$/m.exec((error instanceof Error && error.stack) || "")?.[0].trim() ?? "at an unknown place";
  return { type: "fatal", code: "runner-failed", message: `unexpected ${kind} ${place}` };
}

function tell(message: RunnerMessage): void {
  if (process.connected) process.send?.(message);
}

if (import.meta.main) main();
