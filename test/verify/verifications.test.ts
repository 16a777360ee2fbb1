/** The processes that verify, and what is kept of them. */

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { pino } from "pino";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import type { Cluster } from "../../src/config/resources.ts";
import type { Verification } from "../../src/control/verification-view.ts";
import { Verifications, type VerificationsOptions } from "../../src/control/verifications.ts";
import { until } from "../control/until.ts";

const cluster = (name: string): Cluster => ({ name, region: "eu", properties: { "bootstrap.servers": `${name}:1` } });

/** Links a, b and c, which copy the topic orders. */
const plans = () =>
  ["a", "b", "c"].map((name) => ({
    link: {
      name,
      source: "east",
      destination: "west",
      paused: false,
      mappings: [completeMapping({ source: "orders" })],
    },
    source: cluster("east"),
    destination: cluster("west"),
    nodeId: "test",
    filterDirectories: [],
    rulings: {},
  }));

function verificationsWith(verifier: string, options: Partial<VerificationsOptions> = {}): Verifications {
  const module = new URL(`./fixtures/${verifier}-verifier.ts`, import.meta.url);
  return new Verifications({ log: pino({ level: "silent" }), plans, module, ...options });
}

let verifications: Verifications;
afterEach(() => verifications.close());

async function ended({ link, id }: Verification): Promise<Verification> {
  return await until("its end", () => {
    const verification = verifications.get(link, id);
    return verification.state === "running" ? null : verification;
  });
}

describe("a verification", () => {
  test("is done when its process says so", async () => {
    verifications = verificationsWith("clean");
    const started = verifications.start("a", {});
    expect(started).toMatchObject({ link: "a", state: "running", clean: null, finishedAt: null, partitions: [] });
    const finished = await ended(started);
    expect(finished).toMatchObject({ state: "done", reason: null, clean: true });
    expect(Date.parse(finished.finishedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(finished.startedAt));
  });

  test("has failed when its process ends before, and says how far it was", async () => {
    verifications = verificationsWith("exiting");
    expect(await ended(verifications.start("a", {}))).toMatchObject({
      state: "failed",
      reason: "the process that compares exited with code 3",
      clean: null,
      progress: { offsets: 3, of: 10 },
    });
  });

  test("has failed when its process is silent", async () => {
    verifications = verificationsWith("silent", { silenceMs: 300 });
    const { state, reason } = await ended(verifications.start("a", {}));
    expect({ state, reason }).toEqual({
      state: "failed",
      reason: "no sign of life for 0.3 s",
    });
  });

  test("has failed when its process cannot load what it is to run", async () => {
    verifications = verificationsWith("missing");
    expect((await ended(verifications.start("a", {}))).reason).toBe("the process that compares exited with code 1");
  });
});

describe("several verifications", () => {
  beforeEach(() => {
    verifications = verificationsWith("silent");
  });

  test("of one link do not run at the same time", () => {
    verifications.start("a", {});
    expect(() => verifications.start("a", {})).toThrow("link a is being verified already; wait for the end");
  });

  test("of other links do, up to a limit", () => {
    verifications.start("a", {});
    verifications.start("b", {});
    expect(() => verifications.start("c", {})).toThrow("2 verifications of other links are running");
  });

  test("end when they are closed, and no others begin", async () => {
    const started = verifications.start("a", {});
    await verifications.close();
    expect(verifications.get("a", started.id)).toMatchObject({ state: "failed", reason: "strait was stopped" });
    expect(() => verifications.start("a", {})).toThrow("strait is shutting down");
  });

  test("are forgotten with their links, whose successors may be verified at once", () => {
    verifications.start("a", {});
    verifications.keepOnly(new Set(["b", "c"]));
    expect(verifications.list("a")).toEqual([]);
    expect(verifications.start("a", {}).state).toBe("running");
  });
});

test("the last five and the newest first are kept of a link", async () => {
  verifications = verificationsWith("clean");
  const ids: string[] = [];
  for (let i = 0; i < 7; i++) ids.push((await ended(verifications.start("a", {}))).id);
  expect(verifications.list("a").map(({ id }) => id)).toEqual(ids.slice(1).toReversed());
  expect(() => verifications.get("a", ids[0] ?? "")).toThrow("the last 5 are kept");
});
