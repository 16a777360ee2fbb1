import { expect, test } from "bun:test";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import { FilterChain } from "../../src/runner/filter-chain.ts";
import { filterRawBatch, passRawBatch } from "../../src/runner/filter-raw-batch.ts";
import { RawBatch } from "../../src/sources/raw-batch.ts";
import { AnswerLease, AnswerMemory } from "../../src/wire/answer-memory.ts";
import { RecordBatch } from "../../src/wire/record-batch.ts";
import { failureOf } from "../support/failure-of.ts";
import { encodeBatch, type TestRecord } from "../support/record-batch.ts";

test("a batch of more records than there may be memory for is refused by filters, and passes without any", async () => {
  const records = new Array<TestRecord>((2 << 20) + 1).fill({ value: null });
  const batch = new RecordBatch(encodeBatch(records, "zstd", null));
  const fetched = new RawBatch({
    topic: "orders",
    partition: 0,
    batches: [{ batch, nextOffset: batch.lastOffset + 1 }],
    lease: new AnswerLease(new AnswerMemory()),
    onRelease: () => {},
  });
  const filters = [{ use: "redact", options: { keep: ["$.id"] } }];
  const mapping = completeMapping({ source: "orders", filters });
  const chain = await FilterChain.create({
    filters: filters.map((filter) => ({ ...filter, policy: null })),
    link: "eu-to-us",
    mapping,
    source: {},
    destination: {},
    directories: [],
  });
  expect(await failureOf(filterRawBatch(fetched, 0, chain, null))).toMatchObject({
    code: "record-too-large",
    message: "a record batch holds more than 2097152 records, which filters do not look at",
    facts: { offset: 0 },
  });
  await chain.close();
  expect(passRawBatch(fetched, 0).evidence).toMatchObject({ read: records.length, kept: records.length });
});
