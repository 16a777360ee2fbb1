import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mutableCounts } from "../../src/control/evidence.ts";
import { CountedEvidence } from "../../src/control/metrics/counted-evidence.ts";
import { Exposition, type Metric } from "../../src/control/metrics/exposition.ts";
import { StraitError } from "../../src/model/errors.ts";
import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import type { Evidence } from "../../src/model/status.ts";
import { promtool, promtoolPath } from "../support/promtool.ts";
import { addLink, type ControlUnderTest, controlUnderTest, standInCluster } from "./control-under-test.ts";
import { type ReadMetric, readExposition } from "./exposition-text.ts";
import { manyLinks, reportingRunners } from "./many-links.ts";
import { until } from "./until.ts";

if (promtoolPath() === null) console.warn("skipped: no promtool; apt-get install prometheus, or STRAIT_TEST_PROMTOOL");

async function metricsOf(subject: ControlUnderTest): Promise<string> {
  return await (await subject.request("GET", "/metrics")).text();
}

describe("/metrics with links that run", () => {
  let subject: ControlUnderTest;
  let text: string;
  let metrics: ReadonlyMap<string, ReadMetric>;
  beforeAll(async () => {
    subject = await manyLinks({ links: 2, mappings: 2, partitions: 3 });
    text = await metricsOf(subject);
    metrics = readExposition(text);
  });
  afterAll(() => subject[Symbol.asyncDispose]());

  const valuesOf = (name: string, labels: Record<string, string>) =>
    (metrics.get(name)?.samples ?? [])
      .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
      .map(({ value }) => value);

  test("every metric has samples", () => {
    const empty = [...metrics.values()].filter(({ samples }) => samples.length === 0);
    expect(empty.map(({ name }) => name)).toEqual([]);
  });

  test("counters are called so, and nothing else is", () => {
    const named = [...metrics.values()].filter(({ name }) => name.endsWith("_total")).map(({ name }) => name);
    const typed = [...metrics.values()].filter(({ type }) => type === "counter").map(({ name }) => name);
    expect(named).toEqual(typed);
  });

  test("the buckets of a histogram add up, up to all", () => {
    const samples = metrics.get("strait_latency_seconds")?.samples ?? [];
    const of = samples.filter(({ labels }) => labels["link"] === "link-1" && labels["mapping"] === "topic-1-0");
    const buckets = of.filter(({ name }) => name.endsWith("_bucket"));
    const counts = buckets.map(({ value }) => value);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(buckets.at(-1)?.labels["le"]).toBe("+Inf");
    expect(counts.at(-1)).toBe(of.find(({ name }) => name.endsWith("_count"))?.value ?? Number.NaN);
  });

  test("a link is in one state, and its partitions are counted by theirs", () => {
    expect(valuesOf("strait_link_state", { link: "link-0" }).toSorted()).toEqual([0, 0, 0, 0, 0, 1]);
    expect(valuesOf("strait_link_state", { link: "link-0", state: "running" })).toEqual([1]);
    expect(valuesOf("strait_partitions", { link: "link-0", mapping: "topic-0-1" })).toEqual([3]);
  });

  test("what the runner uses and how often it ended", () => {
    expect(valuesOf("strait_runner_resident_memory_bytes", { link: "link-1" })).toEqual([120_000_000]);
    expect(valuesOf("strait_runner_restarts_total", { link: "link-1" })).toEqual([0]);
  });

  test("what filters did, by filter and path", () => {
    const labels = { link: "link-0", mapping: "topic-0-0" };
    expect(valuesOf("strait_redactions_total", { ...labels, filter: "redact", path: "$.email" })[0]).toBeGreaterThan(0);
    expect(valuesOf("strait_dropped_total", { ...labels, filter: "drop-records" })[0]).toBeGreaterThan(0);
    expect(valuesOf("strait_monitored_total", { ...labels, filter: "detect", path: "$.note" })[0]).toBeGreaterThan(0);
    const [age = 0] = valuesOf("strait_evidence_range_age_seconds", labels);
    expect(age).toBeWithin(59, 120);
  });

  test.skipIf(promtoolPath() === null)("promtool has nothing against it", () => {
    expect(promtool(["check", "metrics"], text)).toEqual({ exitCode: 0, says: "" });
  });
});

describe("/metrics", () => {
  test("is right without any link", async () => {
    await using subject = await controlUnderTest();
    const metrics = readExposition(await metricsOf(subject));
    expect(metrics.get("strait_build_info")?.samples).toMatchObject([
      { labels: { version: expect.any(String), runtime: `bun ${Bun.version}` }, value: 1 },
    ]);
    expect(metrics.get("strait_lag_records")?.samples).toEqual([]);
  });

  test("says nothing of what is not known: no lag, no evidence", async () => {
    const partitionOffsets = async () => {
      throw new StraitError("cluster-unreachable", "a:1: connection refused");
    };
    await using subject = await controlUnderTest({
      supervisor: { startRunner: silentRunner },
      connect: () => ({ ...standInCluster("a:1"), partitionOffsets }),
    });
    await addLink(subject);
    await until("having asked the source", async () => {
      const { body } = await subject.call("GET", "/v1/links/eu-to-us/lag");
      return String(body["reason"]).includes("connection refused");
    });
    const metrics = readExposition(await metricsOf(subject));
    expect(metrics.get("strait_lag_records")?.samples).toEqual([]);
    expect(metrics.get("strait_quarantined_total")?.samples).toEqual([]);
    expect(metrics.get("strait_runner_resident_memory_bytes")?.samples).toEqual([]);
    expect(metrics.get("strait_records_total")?.samples).toMatchObject([{ value: 0 }]);
  });

  test("has a bounded number of series, whatever a filter names", async () => {
    const changed = { careless: Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`value ${index}`, 2])) };
    await using subject = await controlUnderTest({ supervisor: { startRunner: reportingRunners(1, { changed }) } });
    await addLink(subject);
    const samples = await until("evidence", async () => {
      const found = readExposition(await metricsOf(subject)).get("strait_redactions_total")?.samples ?? [];
      return found.length > 0 && found;
    });
    const others = samples.filter(({ labels }) => labels["path"] === "(others)");
    expect([samples.length, others.map(({ value }) => value)]).toEqual([101, [300]]);
  });

  test("has no secrets and no properties of clusters", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const properties = { "bootstrap.servers": "hidden-host:1", "sasl.password": "${env:HIDDEN_PASSWORD}" };
    const { status } = await subject.call("PUT", "/v1/clusters/east", { region: "hidden-region", properties });
    expect(status).toBe(200);
    expect(await metricsOf(subject)).not.toMatch(/hidden/i);
  });
});

describe("Exposition", () => {
  const metric: Metric = { name: "x_total", type: "counter", help: "Back\\slash and\nline.", labels: ["a", "b"] };

  test("escapes what labels and help may not hold", () => {
    const exposition = new Exposition();
    const value = 'quote " back \\ line \n end';
    exposition.add(metric, [[[value, "é"], 1.5]]);
    const read = readExposition(exposition.toString()).get("x_total");
    expect(read?.samples).toEqual([{ name: "x_total", labels: { a: value, b: "é" }, value: 1.5 }]);
    expect(read?.help).toBe("Back\\\\slash and\\nline.");
  });

  test("writes a number without labels, and large and small ones", () => {
    const exposition = new Exposition();
    exposition.add({ ...metric, labels: [] }, [[[], 1e21]]);
    exposition.add({ ...metric, name: "y", labels: [] }, [[[], 1e-7]]);
    const read = [...readExposition(exposition.toString()).values()].flatMap(({ samples }) => samples);
    expect(read.map(({ value }) => value)).toEqual([1e21, 1e-7]);
  });
});

describe("CountedEvidence", () => {
  const counts = (read: number, quarantined = 0, changed: Evidence["changed"] = {}): Evidence => {
    return { ...NO_EVIDENCE, read, kept: read, quarantined, changed };
  };
  const linkWith = (...evidence: (Evidence | null)[]) => ({
    link: "l",
    at: "2026-11-22T08:00:00.000Z",
    mappings: [
      {
        mapping: "m",
        filterDigest: null,
        policies: [],
        evidence: null,
        note: null,
        partitions: evidence.map((each, partition) => ({
          topic: "t",
          partition,
          evidence: each === null ? null : mutableCounts(each),
          filtersFrom: null,
        })),
      },
    ],
  });

  test("adds up partitions", () => {
    expect(new CountedEvidence().of(linkWith(counts(3), counts(4))).get("m")).toMatchObject({ read: 7 });
  });

  test("is nothing of a mapping with a partition of which nothing was ever known", () => {
    expect(new CountedEvidence().of(linkWith(counts(3), null)).has("m")).toBe(false);
  });

  test("does not fall where a crash took the last second of counting, and goes on from there", () => {
    const counted = new CountedEvidence();
    counted.of(linkWith(counts(1_000, 5, { f: { a: 10 } })));
    const after = counted.of(linkWith(counts(990, 4, { f: { a: 9, b: 1 } }))).get("m");
    expect(after).toMatchObject({ read: 1_000, quarantined: 5, changed: { f: { a: 10, b: 1 } } });
    expect(counted.of(linkWith(counts(1_010, 6))).get("m")).toMatchObject({ read: 1_010, quarantined: 6 });
  });

  test("keeps what was last known while nothing is", () => {
    const counted = new CountedEvidence();
    counted.of(linkWith(counts(10)));
    expect(counted.of(linkWith(null)).get("m")).toMatchObject({ read: 10 });
  });

  test("begins anew where the copy does", () => {
    const counted = new CountedEvidence();
    counted.of(linkWith(counts(1_000, 5)));
    expect(counted.of(linkWith(counts(10, 0))).get("m")).toMatchObject({ read: 10, quarantined: 0 });
  });

  test("forgets a link that is gone", () => {
    const counted = new CountedEvidence();
    counted.of(linkWith(counts(1_000)));
    counted.keepOnly(new Set());
    expect(counted.of(linkWith(counts(900))).get("m")).toMatchObject({ read: 900 });
  });
});

/** Starts, and never says anything. */
function silentRunner() {
  const { promise, resolve } = Promise.withResolvers<string>();
  return {
    startedAt: Date.now(),
    pid: 1,
    ended: promise,
    send: () => undefined,
    stop: async () => resolve("stopped"),
  };
}
