import { afterEach, describe, expect, test } from "bun:test";
import type { FilterUse } from "../../../src/config/resources.ts";
import type { FilterChain } from "../../../src/runner/filter-chain.ts";
import { failureOf } from "../../support/failure-of.ts";
import { plainBatch, plainBatchOf, plainRecord } from "../plain-batch.ts";
import { type ChainUnderTest, makeChain, remember, unruly, values } from "./chain-under-test.ts";

const chains: FilterChain[] = [];
afterEach(() => Promise.all(chains.splice(0).map((chain) => chain.close())));

async function chainOf(options: Partial<ChainUnderTest> = {}): Promise<FilterChain> {
  const chain = await makeChain({ filters: [unruly()], ...options });
  chains.push(chain);
  return chain;
}

/** A machine that others work on too may take its time to fill memory or to start a process. */
const MEMORY = { memoryBytes: 400 << 20 };

type Deed = [word: string, reason: string, options: Partial<ChainUnderTest>];

const LOOP: Deed = ["loop", "it did not come back for 1 s", {}];
const HANG: Deed = ["hang", "it has not answered for 1 s", {}];
const EXIT: Deed = ["exit", "its process ended (exit code 3)", {}];
const EAT: Deed = ["eat", "its process took more than 400 MB of memory", { limits: MEMORY }];

describe("a record that ends the process, or keeps it from answering,", () => {
  test.each<Deed>([
    LOOP,
    ["loop-in-promises", "it did not come back for 1 s", {}],
    HANG,
    EXIT,
    ["abort", "its process ended (SIGABRT)", {}],
    EAT,
    ["answer-itself", "its process answered what no filter host does", {}],
    ["leave-a-rejection", "a promise it does not wait for was rejected with RangeError", {}],
    ["throw-outside", "it threw RangeError outside of its answers", {}],
  ])("is set aside with the filter's name and its place, and all others go on: %s", async (word, reason, options) => {
    const { failures, take } = remember();
    const chain = await chainOf(options);
    const filtered = await chain.apply(plainBatchOf("a", "b", `${word} now`, "c", "d"), take);
    expect(values(filtered)).toEqual(["a!", "b!", null, "c!", "d!"]);
    expect(filtered.evidence).toMatchObject({ read: 5, kept: 0, replaced: 4, quarantined: 1, dropped: {} });
    expect(filtered.evidence.changed).toEqual({ "./unruly.ts": { "$.end": 4 } });
    expect(failures.map(({ index, filter, error }) => [index, filter, error.message])).toEqual([
      [2, "./unruly.ts", `filter ./unruly.ts cannot handle orders/1 offset 2: ${reason}`],
    ]);
    expect(values(await chain.apply(plainBatchOf("e"), take))).toEqual(["e!"]);
  });

  test.each<Deed>([LOOP, HANG, EXIT])("stops its batch where nothing is set aside: %s", async (word, reason) => {
    const failure = await failureOf((await chainOf()).apply(plainBatchOf("a", `${word} now`, "b"), null));
    expect([failure.code, failure.retriable]).toEqual(["filter-failed", false]);
    expect(failure.facts).toMatchObject({ topic: "orders", partition: 1, offset: 1 });
    expect(failure.message).toBe(`filter ./unruly.ts cannot handle orders/1 offset 1: ${reason}`);
  });

  test.each<Deed>([LOOP, HANG, EXIT, EAT])(
    "is only counted where the filter looks on: %s",
    async (word, _, options) => {
      const { failures, take } = remember();
      const chain = await chainOf({ ...options, filters: [unruly({}, true), unruly({ mark: "?" }, true)] });
      const filtered = await chain.apply(plainBatchOf("a", `${word} now`, "b"), take);
      expect(values(filtered)).toEqual(["a", `${word} now`, "b"]);
      expect(failures).toEqual([]);
      expect(filtered.evidence).toMatchObject({ read: 3, kept: 3, replaced: 0, quarantined: 0, changed: {} });
      expect(filtered.evidence.monitored).toEqual({ "./unruly.ts": { "$.end": 4, fail: 2 } });
    },
  );
});

test.each([1, 2, 7])(
  "an answer in the place of the process's own lets nothing cross (to request %p)",
  async (request) => {
    const { failures, take } = remember();
    const chain = await chainOf();
    await chain.apply(plainBatchOf("first"), take);
    expect(values(await chain.apply(plainBatchOf(`forge ${request}`, "b"), take))).toEqual([null, "b!"]);
    expect(failures.map(({ error }) => error.message)).toEqual([
      "filter ./unruly.ts cannot handle orders/1 offset 0: its process answered what no filter host does",
    ]);
  },
);

describe("a filter that writes to what it is shown", () => {
  const record = (value: string, offset: number) =>
    plainRecord(value, offset, {
      key: new TextEncoder().encode("key"),
      headers: [{ name: "trace", value: new TextEncoder().encode("1") }],
    });

  test.each([
    ["write-value", "value"],
    ["set-value", "value"],
    ["write-key", "key"],
    ["write-header", "headers"],
    ["rename-header", "headers"],
    ["add-header", "headers"],
    ["set-headers", "headers"],
    ["set-offset", "topic, partition, offset or timestamp"],
  ])("fails on the record and changes nothing: %s", async (word, part) => {
    const { failures, take } = remember();
    const chain = await chainOf({ filters: [unruly()] });
    const batch = plainBatch([record("a", 0), record(word, 1), record("b", 2)]);
    expect(values(await chain.apply(batch, take))).toEqual(["a!", null, "b!"]);
    expect(failures.map(({ error }) => error.message)).toEqual([
      `filter ./unruly.ts cannot handle orders/1 offset 1: it wrote to the record's ${part}, which filters must not`,
    ]);
    expect(failures[0]?.record).toEqual(record(word, 1));
  });

  test("does not spoil the record for those after it, where it only looks on", async () => {
    const chain = await chainOf({
      filters: [unruly({}, true), { use: "./scripted.ts", options: { does: "append", argument: "?" } }],
    });
    const words = ["write-value", "set-value", "write-key", "write-header", "rename-header", "add-header"];
    const filtered = await chain.apply(plainBatch(words.map(record)), null);
    expect(values(filtered)).toEqual(words.map((word) => `${word}?`));
    expect(filtered.evidence.monitored).toEqual({ "./unruly.ts": { fail: words.length } });
    for (const edit of filtered.edits ?? []) expect(edit).not.toHaveProperty("headers");
  });

  test("fails on the records whose memory it gave away", async () => {
    const { failures, take } = remember();
    const filtered = await (await chainOf()).apply(plainBatchOf("a", "give-away", "b"), take);
    expect(values(filtered)).toEqual(["a!", null, "b!"]);
    expect(failures.map(({ record: { offset } }) => offset)).toEqual([1]);
  });
});

test("memory that a filter uses again for its next answer has crossed by then", async () => {
  const chain = await chainOf();
  const filtered = await chain.apply(plainBatchOf("reuse-memory 1", "reuse-memory 2"), null);
  expect(values(filtered)).toEqual(["Reuse-memory 1", "Reuse-memory 2"]);
});

const picky: FilterUse = { use: "./scripted.ts", options: { does: "throw what strait throws", when: "bad" } };
const onlyJson: FilterUse = { use: "drop-records", options: { when: [{ path: "$", equals: 1 }] } };

test.each<[string, FilterUse[], string[], number]>([
  ["in the second file", [unruly(), picky], ["a", "bad", "exit"], 1],
  ["in the first file", [picky, unruly()], ["a", "bad", "exit"], 1],
  ["of the process", [picky, unruly()], ["exit", "bad"], 0],
  ["in a built-in filter behind the file", [unruly({ mark: "" }), onlyJson], ["1", "a", "exit"], 1],
  ["in a file behind a built-in filter", [onlyJson, unruly({ mark: "" })], ["2", "a"], 1],
  ["in a file between built-in filters", [onlyJson, picky, onlyJson], ["2", "3", '"bad"', "a"], 2],
])("the failure that is told is that of the lowest offset: %s", async (_, filters, records, offset) => {
  const failure = await failureOf((await chainOf({ filters })).apply(plainBatchOf(...records), null));
  expect(failure.facts.offset).toBe(offset);
});

describe("a filter that leaks", () => {
  test("is started anew and loses no record, as none is to blame", async () => {
    const { failures, take } = remember();
    const chain = await chainOf({ limits: MEMORY });
    // No record alone takes more than the process may have, and all together take several times that.
    const leaks = Array.from({ length: 12 }, () => "leak 90");
    const filtered = await chain.apply(plainBatchOf("process", ...leaks, "process"), take);
    expect(failures).toEqual([]);
    const [first, ...others] = values(filtered);
    expect(others.slice(0, -1)).toEqual(leaks);
    expect(others.at(-1)).not.toBe(first as string);
  });
});

test("a record for which a filter holds too much memory is set aside, whatever is before and behind it", async () => {
  const { failures, take } = remember();
  const chain = await chainOf({ limits: { ...MEMORY, answerMs: 20_000 } });
  expect(values(await chain.apply(plainBatchOf("a", "hold 600", "b"), take))).toEqual(["a!", null, "b!"]);
  expect(failures[0]?.error.message).toContain("offset 1: its process took more than 400 MB of memory");
});

test("several batches under way each get all their answers, once, whatever ends the process", async () => {
  const { failures, take } = remember();
  const chain = await chainOf();
  const words = ["exit", "abort", "leave-a-rejection"];
  const batchOf = (number: number) =>
    plainBatchOf(
      ...Array.from({ length: 400 }, (_, i) => (i === 100 + number ? (words[number] ?? "fine") : `${number}-${i}`)),
    );
  const filtered = await Promise.all([0, 1, 2, 3, 4, 5].map((number) => chain.apply(batchOf(number), take)));
  for (const [number, each] of filtered.entries()) {
    const expected = Array.from({ length: 400 }, (_, i) =>
      i === 100 + number ? (words[number] === undefined ? "fine!" : null) : `${number}-${i}!`,
    );
    expect(values(each)).toEqual(expected);
    const quarantined = words[number] === undefined ? 0 : 1;
    expect(each.evidence).toMatchObject({ read: 400, replaced: 400 - quarantined, quarantined });
    expect(each.evidence.changed).toEqual({ "./unruly.ts": { "$.end": 400 - quarantined } });
  }
  expect(failures.map(({ record }) => record.offset).toSorted()).toEqual([100, 101, 102]);
});

test("a slow filter is not taken for one that does not come back", async () => {
  const chain = await chainOf({ limits: { stuckMs: 1000, answerMs: 5000 } });
  expect(values(await chain.apply(plainBatchOf("wait 2000", "a"), null))).toEqual(["wait 2000", "a!"]);
});
