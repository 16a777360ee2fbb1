import { describe, expect, test } from "bun:test";
import { type FilterContext, keep, type RecordFilter } from "../../src/mod.ts";
import { FilteredRecords } from "../../src/runner/filtered-records.ts";
import { InProcessStage } from "../../src/runner/in-process-stage.ts";
import scripted from "./filters/scripted.ts";
import { plainBatchOf } from "./plain-batch.ts";

const text = new TextDecoder();

type Script = Parameters<typeof scripted.create>[0] & { readonly monitor?: boolean };

/** Takes values through filters that run here. */
async function run(scripts: readonly Script[], values: readonly string[], stopsAtFailure = false) {
  const steps = await Promise.all(
    scripts.map(async ({ monitor = false, ...options }, number) => {
      const filter: RecordFilter = await scripted.create(options, {} as FilterContext);
      return { name: `filter ${number}`, filter, monitor };
    }),
  );
  const records = new FilteredRecords(plainBatchOf(...values), stopsAtFailure);
  await new InProcessStage(steps, 50).apply(records);
  const { edits, evidence } = records.result();
  const crossing = values.map((value, i) => {
    const edit = edits?.[i] ?? null;
    if (edit === null) return value;
    return edit.verb === "drop" ? null : text.decode(edit.value as Uint8Array);
  });
  const failures = records.failures().map(({ index, filter, error }) => [index, filter, error.message] as const);
  return { crossing, evidence, failures, end: records.end };
}

for (const later of [false, true]) {
  describe(later ? "filters that answer later" : "filters that answer at once", () => {
    test("keep, replace and drop each record in the mapping's order, and each is counted once", async () => {
      const { crossing, evidence } = await run(
        [
          { does: "append", when: "r", argument: "1", later },
          { does: "append", when: "r", argument: "2" },
          { does: "drop", when: "d", later },
          { does: "throw", when: "d" },
        ],
        ["k", "r", "d", "r d"],
      );
      expect(crossing).toEqual(["k", "r12", null, null]);
      expect(evidence).toMatchObject({ read: 4, kept: 1, replaced: 1, dropped: { "filter 2": 2 }, quarantined: 0 });
      expect(evidence.changed).toEqual({ "filter 0": { "$.end": 2 }, "filter 1": { "$.end": 2 } });
    });

    test("fail on one record, and the others go on", async () => {
      const { crossing, failures, evidence } = await run(
        [
          { does: "append", argument: "!", later },
          { does: "throw what strait throws", when: "bad", later },
        ],
        ["a", "bad", "b", "bad"],
      );
      expect(crossing).toEqual(["a!", null, "b!", null]);
      expect(failures.map(([index, filter]) => [index, filter])).toEqual([
        [1, "filter 1"],
        [3, "filter 1"],
      ]);
      expect(evidence).toMatchObject({ read: 4, kept: 0, replaced: 2, quarantined: 2, dropped: {} });
    });

    test("are not shown what follows a failure that stops", async () => {
      const script = { does: "throw", when: "bad", later };
      const { failures, end } = await run([script, { does: "throw", when: "b" }], ["a", "bad", "b"], true);
      expect([failures.length, failures[0]?.[0], end]).toEqual([1, 1, 1]);
    });

    test("that only look on are counted, and nothing else comes of them", async () => {
      const { crossing, evidence, failures } = await run(
        [
          { does: "append", argument: "?", monitor: true, later },
          { does: "drop", when: "d", monitor: true, later },
          { does: "throw", when: "bad", monitor: true, later },
          { does: "answer", argument: "nonsense", when: "n", monitor: true, later },
          { does: "append", argument: "!" },
        ],
        ["a", "d", "bad", "n"],
      );
      expect(crossing).toEqual(["a!", "d!", "bad!", "n!"]);
      expect(failures).toEqual([]);
      expect(evidence).toMatchObject({ read: 4, kept: 0, replaced: 4, dropped: {}, quarantined: 0 });
      expect(evidence.changed).toEqual({ "filter 4": { "$.end": 4 } });
      expect(evidence.monitored).toEqual({
        "filter 0": { "$.end": 4 },
        // Of "bad" and of "d".
        "filter 1": { drop: 2 },
        "filter 2": { fail: 1 },
        "filter 3": { fail: 1 },
      });
    });
  });
}

test("a filter that does not answer in time has failed", async () => {
  const { failures } = await run([{ does: "never answer" }], ["a"]);
  expect(failures).toEqual([
    [0, "filter 0", "filter filter 0 cannot handle orders/1 offset 0: it has not answered for 0.05 s"],
  ]);
});

test("a registry that is down is said in its own words, and the record may pass later", async () => {
  const records = new FilteredRecords(plainBatchOf("a"), true);
  const { StraitError } = await import("../../src/mod.ts");
  const apply = () =>
    Promise.reject(new StraitError("schema-unavailable", "registry http://r does not answer", { retriable: true }));
  await new InProcessStage([{ name: "redact", filter: { apply }, monitor: false }], 1000).apply(records);
  const [failure] = records.failures();
  expect(failure?.error.message).toEndWith("offset 0: registry http://r does not answer");
  expect([failure?.error.code, failure?.error.retriable]).toEqual(["filter-failed", true]);
});

test("paths that objects have by themselves are counted like others", async () => {
  const records = new FilteredRecords(plainBatchOf("a", "b"), true);
  const apply = () => ({ verb: "replace", value: null, changed: ["constructor", "toString"] }) as const;
  await new InProcessStage(
    [
      { name: "odd", filter: { apply }, monitor: false },
      { name: "valueOf", filter: { apply: () => keep }, monitor: true },
    ],
    1000,
  ).apply(records);
  expect(Object.entries(records.result().evidence.changed["odd"] ?? {})).toEqual([
    ["constructor", 2],
    ["toString", 2],
  ]);
});

test("a batch that takes long leaves other work its turn", async () => {
  const order: string[] = [];
  const timer = setTimeout(() => order.push("timer"), 1);
  const apply = () => {
    for (const end = performance.now() + 1; performance.now() < end; );
    return keep;
  };
  const records = new FilteredRecords(plainBatchOf(...new Array<string>(200).fill("a")), true);
  await new InProcessStage([{ name: "slow", filter: { apply }, monitor: false }], 1000).apply(records);
  order.push("batch");
  clearTimeout(timer);
  expect(order).toEqual(["timer", "batch"]);
  expect(records.result().evidence.read).toBe(200);
});
