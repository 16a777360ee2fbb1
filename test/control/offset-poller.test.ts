import { afterEach, describe, expect, test } from "bun:test";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import type { ClusterConnection } from "../../src/control/cluster-connection.ts";
import { OffsetPoller } from "../../src/control/offset-poller.ts";
import type { LinkSnapshot } from "../../src/control/supervised-link.ts";
import { StraitError } from "../../src/model/errors.ts";
import { standInCluster } from "./control-under-test.ts";
import { until } from "./until.ts";

const LINK: LinkSnapshot = {
  link: {
    name: "l",
    source: "east",
    destination: "west",
    paused: false,
    mappings: [completeMapping({ source: "orders", mode: "append" })],
  },
  state: "failed",
  reason: "down",
  status: null,
  statusAt: 0,
  statusPid: null,
  pid: null,
  restarts: 0,
};

const polling: OffsetPoller[] = [];
afterEach(async () => {
  await Promise.all(polling.splice(0).map((poller) => poller.close()));
});

function poller(source: Partial<ClusterConnection>, destination: Partial<ClusterConnection> = {}): OffsetPoller {
  const made = new OffsetPoller({
    source: () => ({ ...standInCluster("east:1"), ...source }),
    destination: () => ({ ...standInCluster("west:1"), ...destination }),
    links: () => [LINK],
    memberName: "strait-here",
    intervalMs: 10,
  });
  polling.push(made);
  return made;
}

describe("OffsetPoller", () => {
  test("keeps what it saw when the source stops answering, and says why", async () => {
    let answers = true;
    const offsets = standInCluster("east:1").partitionOffsets;
    const subject = poller({
      partitionOffsets: (wanted) => (answers ? offsets(wanted) : Promise.reject(new Error("connection refused"))),
    });
    await until("the offsets", () => subject.observation.offsets.size > 0);
    answers = false;
    await until("the failure", () => subject.observation.sourceError === "connection refused");
    expect(subject.observation.offsets.get("orders")?.get(0)).toEqual({ start: 0, end: 10 });
    answers = true;
    await until("the recovery", () => subject.observation.sourceError === null);
  });

  test("asks the source on while the destination does not answer", async () => {
    const answer = Promise.withResolvers<never>();
    const subject = poller({}, { committedOffsets: () => answer.promise });
    const first = await until("a first round", () => subject.observation.sourceAt);
    await until("a later round", () => (subject.observation.sourceAt ?? 0) > first);
    answer.reject(new Error("gone"));
    await until("the failure", () => subject.observation.destinationError === "gone");
  });

  test("a topic that the source does not show keeps nothing from being known of the others", async () => {
    const denied = new StraitError("authorization-failed", "cannot look up topic orders: not authorized");
    const subject = poller({ partitionCount: () => Promise.reject(denied) });
    await until("a round", () => subject.observation.sourceAt);
    expect(subject.observation.sourceError).toBeNull();
    expect([...subject.observation.missingTopics]).toEqual([["orders", denied.message]]);
  });

  test("waiting for a fresh round ends when there is one", async () => {
    const subject = poller({});
    await subject.fresh(1_000, 10_000);
    expect(subject.observation.offsets.get("orders")?.size).toBe(2);
  });

  test("waiting for a fresh round has an end when there is none", async () => {
    const answer = Promise.withResolvers<never>();
    const subject = poller({ partitionOffsets: () => answer.promise });
    await subject.fresh(0, 50);
    expect(subject.observation.sourceAt).toBeNull();
    answer.reject(new Error("late"));
  });

  test("finds out where the partitions are that no runner here reports on, and asks seldom", async () => {
    let asked = 0;
    const holder = (instance: string | null, host: string) => ({ instance, host });
    const subject = poller({
      groupHolders: async (group) => {
        asked++;
        expect(group).toBe("strait.l");
        const orders = [
          holder("strait-here", "10.0.0.1"),
          holder("strait-there", "10.0.0.2"),
          holder(null, "10.0.0.3"),
        ];
        return new Map([["orders", new Map(orders.entries())]]);
      },
    });
    await until("the holders", () => (subject.observation.elsewhere.get("l")?.size ?? 0) > 0);
    expect([...(subject.observation.elsewhere.get("l")?.get("orders") ?? [])]).toEqual([
      [1, "10.0.0.2"],
      [2, "10.0.0.3"],
    ]);
    const seen = subject.observation.sourceAt ?? 0;
    await until("some more rounds", () => (subject.observation.sourceAt ?? 0) > seen + 50);
    expect(asked).toBe(1);
  });

  test("does not know where partitions are when the source does not say", async () => {
    const subject = poller({ groupHolders: () => Promise.reject(new Error("not authorized")) });
    await until("the answer", () => subject.observation.elsewhere.has("l"));
    expect(subject.observation.elsewhere.get("l")?.size).toBe(0);
    expect(subject.observation.sourceError).toBeNull();
  });

  test("looks up the age of an offset once", async () => {
    const asked: number[] = [];
    const subject = poller({
      timestampAt: async (_topic, partition) => {
        asked.push(partition);
        return 1_000;
      },
    });
    await until("both ages", () => subject.observation.timestamps.get("orders")?.size === 2);
    const seen = subject.observation.sourceAt ?? 0;
    await until("a later round", () => (subject.observation.sourceAt ?? 0) > seen + 20);
    expect(asked.sort()).toEqual([0, 1]);
  });
});
