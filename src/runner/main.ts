/** The runner process: forked by the supervisor, moves the data of one link. */

import process from "node:process";
import { isDeepStrictEqual } from "node:util";
import { fatalMessage } from "../model/fatal-message.ts";
import type { LinkPlan, RunnerCommand, RunnerMessage } from "../model/runner-protocol.ts";
import { LinkRunner } from "./link-runner.ts";

const STATUS_INTERVAL_MS = 500;
/** What a stop may take before the process ends anyway: the supervisor kills it at 5 s. */
const STOP_MS = 4700;

export function main(): void {
  let running: { readonly plan: LinkPlan; readonly runner: LinkRunner } | undefined;
  let stopping = false;
  // Commands are carried out one after the other.
  let work = Promise.resolve();

  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_MS);
    await work;
    await running?.runner.close();
    process.exit(0);
  };

  const apply = async (plan: LinkPlan) => {
    if (stopping) return;
    if (running && sameClusters(plan, running.plan)) {
      running.runner.apply(plan);
      return;
    }
    // Everything hangs on the connections, so other clusters mean to begin again.
    await running?.runner.close();
    running = undefined;
    running = { plan, runner: await LinkRunner.start(plan, ({ error }) => fail(error)) };
    giveBackMemory();
    report();
  };

  const report = () => {
    if (running) tell({ type: "status", status: running.runner.status() });
  };

  process.on("message", (command: RunnerCommand) => {
    if (command.type === "stop") void stop().catch(fail);
    else work = work.then(() => apply(command.plan)).catch(fail);
  });
  // Without its supervisor a runner must not go on: the next one starts a runner of its own.
  process.on("disconnect", () => void stop().catch(fail));
  process.on("SIGTERM", () => void stop().catch(fail));
  // The terminal sends Ctrl-C to the whole group; the supervisor decides what happens then.
  process.on("SIGINT", () => {});
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  setInterval(report, STATUS_INTERVAL_MS);
  tell({ type: "ready" });
}

/** Says why and ends the process; the supervisor starts another. */
function fail(error: unknown): void {
  tell(fatalMessage(error));
  // The message has to be on its way before the process ends.
  setTimeout(() => process.exit(1), 100);
}

function sameClusters(a: LinkPlan, b: LinkPlan): boolean {
  return isDeepStrictEqual([a.source, a.destination, a.nodeId], [b.source, b.destination, b.nodeId]);
}

/** What only starting took, a third of all, is free; Bun (1.4.5) gives it back when it is told to, in 15 ms. Deno cannot be. */
function giveBackMemory(): void {
  (globalThis as { Bun?: { gc(now: boolean): void } }).Bun?.gc(true);
}

function tell(message: RunnerMessage): void {
  if (process.connected) process.send?.(message);
}

if (import.meta.main) main();
