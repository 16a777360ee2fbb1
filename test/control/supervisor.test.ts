import { afterEach, describe, expect, test } from "bun:test";
import { pino } from "pino";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import type { Link } from "../../src/config/resources.ts";
import { Supervisor, type SupervisorOptions } from "../../src/control/supervisor.ts";
import type { LinkPlan } from "../../src/model/runner-protocol.ts";
import { until } from "./until.ts";

const running: Supervisor[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((supervisor) => supervisor.close()));
});

function supervisor(fixture: string, options: Partial<SupervisorOptions> = {}): Supervisor {
  const runnerModule = new URL(`./fixtures/${fixture}-runner.ts`, import.meta.url);
  const made = new Supervisor({ log: pino({ level: "silent" }), runnerModule, restartDelay: () => 50, ...options });
  running.push(made);
  return made;
}

function plan(changes: Partial<Link> = {}): LinkPlan {
  const mappings = [completeMapping({ source: "orders", mode: "append" })];
  const link = { name: "l", source: "east", destination: "west", paused: false, mappings, ...changes };
  const cluster = { region: "eu", properties: { "bootstrap.servers": "a:1" } };
  return {
    link,
    source: { name: "east", ...cluster },
    destination: { name: "west", ...cluster },
    nodeId: "n",
    filterDirectories: [],
    rulings: {},
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function pidOf(subject: Supervisor): Promise<number> {
  return await until("a runner that reports", () => {
    const snapshot = subject.snapshot("l");
    return snapshot?.status === null ? null : snapshot?.pid;
  });
}

describe("Supervisor", () => {
  test("a link runs once its runner reports", async () => {
    const subject = supervisor("steady");
    subject.reconcile([plan()]);
    expect(subject.snapshot("l")).toMatchObject({ state: "starting", reason: null });
    await until("state running", () => subject.snapshot("l")?.state === "running");
  });

  test("a changed plan reaches the same process", async () => {
    const subject = supervisor("steady");
    subject.reconcile([plan()]);
    const pid = await pidOf(subject);
    const clicks = completeMapping({ source: "clicks", mode: "append" });
    subject.reconcile([plan({ mappings: [...plan().link.mappings, clicks] })]);
    await until("two partitions", () => subject.snapshot("l")?.status?.partitions.length === 2);
    expect(subject.snapshot("l")?.pid).toBe(pid);
  });

  test("a runner that is killed comes again, and why is kept until it reports", async () => {
    const subject = supervisor("steady", { restartDelay: () => 300 });
    subject.reconcile([plan()]);
    const pid = await pidOf(subject);
    const seen: (string | null)[] = [];
    subject.changes$.subscribe(({ state, reason }) => seen.push(`${state}: ${reason}`));
    process.kill(pid, "SIGKILL");
    await until("another runner", () => seen.includes("running: null"));
    expect(seen).toEqual([
      "failed: the runner was ended by SIGKILL; it is started again after 0.3 s",
      "starting: the runner was ended by SIGKILL",
      "running: null",
    ]);
    expect(subject.snapshot("l")).toMatchObject({ restarts: 1 });
  });

  test.each<[string, string]>([
    ["exiting", "the runner exited with code 3"],
    ["failing", "the runner gave up: no such property"],
  ])("the reason of a runner that is %s is shown", async (fixture, reason) => {
    const subject = supervisor(fixture);
    subject.reconcile([plan()]);
    await until("three restarts", () => (subject.snapshot("l")?.restarts ?? 0) >= 3);
    expect(subject.snapshot("l")?.reason).toStartWith(reason);
  });

  test("the wait grows with each end in a row, and a change of the plan ends it", async () => {
    const failures: number[] = [];
    const restartDelay = (count: number) => {
      failures.push(count);
      return count < 3 ? 10 : 60_000;
    };
    const subject = supervisor("exiting", { restartDelay });
    subject.reconcile([plan()]);
    await until("a long wait", () => failures.length === 3);
    subject.reconcile([plan({ paused: true })]);
    await until("starts after the change", () => failures.length === 6);
    expect(failures).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test("a runner that hangs is killed and said to be silent", async () => {
    const subject = supervisor("looping", { heartbeatTimeoutMs: 1_000, restartDelay: () => 60_000 });
    subject.reconcile([plan()]);
    const pid = await until("a process", () => subject.snapshot("l")?.pid);
    const reason = await until("the kill", () =>
      subject.snapshot("l")?.state === "failed" ? subject.snapshot("l")?.reason : null,
    );
    expect(reason).toBe("no sign of life for 1 s; it is started again after 60.0 s");
    expect(isAlive(pid)).toBe(false);
  });

  test("a runner that never reports is killed after its time to start, not before", async () => {
    const options = { heartbeatTimeoutMs: 50, startTimeoutMs: 1_500, restartDelay: () => 60_000 };
    const subject = supervisor("silent", options);
    const before = Date.now();
    subject.reconcile([plan()]);
    await until("the kill", () => subject.snapshot("l")?.state === "failed");
    expect(Date.now() - before).toBeGreaterThanOrEqual(1_490);
    expect(subject.snapshot("l")?.reason).toStartWith("no sign of life for 1.5 s");
  });

  test("closing ends every process", async () => {
    const subject = supervisor("steady");
    subject.reconcile([plan()]);
    const pid = await pidOf(subject);
    await subject.close();
    expect(isAlive(pid)).toBe(false);
    expect(subject.snapshot("l")).toMatchObject({ state: "stopped", pid: null });
  });

  test("a runner that does not end when asked to is killed after its time", async () => {
    const subject = supervisor("stubborn", { stopGraceMs: 300 });
    subject.reconcile([plan()]);
    const pid = await pidOf(subject);
    const before = Date.now();
    await subject.close();
    expect(Date.now() - before).toBeGreaterThanOrEqual(290);
    expect(isAlive(pid)).toBe(false);
  });

  test("a link that is deleted loses its runner, and one of its name starts after that has ended", async () => {
    const subject = supervisor("stubborn", { stopGraceMs: 500 });
    subject.reconcile([plan()]);
    const first = await pidOf(subject);
    subject.reconcile([]);
    expect(subject.snapshot("l")).toBeNull();
    subject.reconcile([plan()]);
    const second = await until("the second runner", () => subject.snapshot("l")?.pid);
    expect(second).not.toBe(first);
    expect(isAlive(first)).toBe(false);
  });

  test("a link that is closed while it waits for its next start does not start again", async () => {
    const subject = supervisor("exiting", { restartDelay: () => 60_000 });
    subject.reconcile([plan()]);
    await until("the wait", () => subject.snapshot("l")?.state === "failed");
    await subject.close();
    expect(subject.snapshot("l")).toMatchObject({ state: "stopped", restarts: 1 });
  });
});
