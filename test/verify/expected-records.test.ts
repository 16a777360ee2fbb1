import { expect, test } from "bun:test";
import { expectedRecords } from "../../src/verify/expected-records.ts";
import { rawRecords } from "../../src/wire/decode-records.ts";
import { encodeBatches } from "../../src/wire/encode-batches.ts";
import { makeChain, unruly } from "../runner/isolation/chain-under-test.ts";
import { plainRecord } from "../runner/plain-batch.ts";

test("a record whose filter never comes back is one that a mirror must not have; the others are compared", async () => {
  const records = ["a", "loop", "b", "exit"].map((value, offset) => plainRecord(value, offset));
  const raw = encodeBatches(records).flatMap((batch) => [...rawRecords(batch)]);
  const lists = (async function* () {
    yield raw;
  })();
  const filters = await makeChain({ filters: [unruly({}, true), unruly()] });
  const expected = [];
  for await (const list of expectedRecords(lists, { topic: "orders", partition: 1 }, filters)) expected.push(...list);
  await filters.close();
  expect(expected.map((record) => "withheld" in record)).toEqual([false, true, false, true]);
  expect(expected.map(({ body }) => body.toString("latin1").includes("!"))).toEqual([true, false, true, false]);
});
