/** strait's lanes: a runner as the supervisor starts it, with one link of one mapping. */

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Cluster, Mapping } from "../../src/config/resources.ts";
import { runnerEnvironment } from "../../src/control/runner-environment.ts";
import { ORDER_REDACTION } from "../../src/demo/orders.ts";
import type { LinkPlan, RunnerMessage } from "../../src/model/runner-protocol.ts";
import type { CopyJob, Lane, RunningLane } from "./lane.ts";

type Kind = Pick<Mapping, "mode" | "transaction" | "filters">;

export const straitLanes: readonly Lane[] = [
  straitLane("mirror", "strait mirror, raw batches", { mode: "mirror", transaction: "off", filters: [] }),
  straitLane("mirror-redact", "strait mirror, 3 fields redacted", {
    mode: "mirror",
    transaction: "off",
    filters: [ORDER_REDACTION],
  }),
  straitLane("append", "strait append, transactions", { mode: "append", transaction: "on", filters: [] }),
  straitLane("append-plain", "strait append, at least once", { mode: "append", transaction: "off", filters: [] }),
];

/** What a runner may take to end in order: it ends by itself before that. */
const STOP_MS = 6000;

function straitLane(name: string, label: string, kind: Kind): Lane {
  return {
    name,
    label,
    transactional: kind.mode === "append" && kind.transaction === "on",
    redacts: kind.filters.length > 0,
    keepsOffsets: kind.mode === "mirror",
    makesTopic: true,
    start: (job) => startRunner(planOf(job, kind), job.destinationTopic),
  };
}

function planOf(job: CopyJob, kind: Kind): LinkPlan {
  const mapping: Mapping = {
    ...kind,
    name: "bench",
    source: job.topic,
    destination: job.destinationTopic,
    start: "earliest",
    onFailure: "stop",
    onExpired: "stop",
    monitorOnly: false,
    trim: false,
    paused: false,
  };
  return {
    nodeId: "bench",
    filterDirectories: [],
    rulings: { [mapping.name]: { refusal: null, filters: [], policies: [] } },
    source: cluster("east", "eu", job.source, job),
    destination: cluster("west", "us", job.destination, job),
    link: { name: job.id, source: "east", destination: "west", paused: false, mappings: [mapping] },
  };
}

function cluster(name: string, region: string, bootstrap: string, { compression }: CopyJob): Cluster {
  return { name, region, properties: { "bootstrap.servers": bootstrap, "compression.codec": compression } };
}

async function startRunner(plan: LinkPlan, destinationTopic: string): Promise<RunningLane> {
  const child = fork(fileURLToPath(new URL("../../src/runner/main.ts", import.meta.url)), [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: runnerEnvironment(),
  });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`the runner ended with ${signal ?? code}`)));
    child.on("message", (message: RunnerMessage) => {
      if (message.type === "ready") child.send({ type: "apply", plan });
      else if (message.type === "fatal") reject(new Error(message.message));
      else {
        const { partitions } = message.status;
        const stopped = partitions.find(({ state }) => state === "failed" || state === "diverged");
        if (stopped) reject(new Error(`${stopped.partition}: ${stopped.state}, ${stopped.reason}`));
      }
    });
  });
  failed.catch(() => {}); // whoever awaits it gets it; a stop is no failure
  return { pid: child.pid as number, destinationTopic, failed, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  if (child.connected) child.send({ type: "stop" });
  const cut = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(cut);
}
