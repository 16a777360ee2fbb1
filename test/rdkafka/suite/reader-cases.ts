/** Reading partitions: from where, up to where, and what is not shown. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { StraitError } from "../../../src/model/errors.ts";
import type { PartitionReader } from "../../../src/rdkafka/reader.ts";
import { produce } from "../../support/produce.ts";
import { createTopic } from "../../support/topics.ts";
import { beginTransaction } from "../../support/transaction.ts";
import type { BindingCase } from "./binding-case.ts";
import { openReader } from "./open.ts";
import { nextBatch, readFailure } from "./wait.ts";

export const readerCases: readonly BindingCase[] = [
  {
    title: "reading starts at the offset that was asked for",
    run: async (context) => {
      const topic = await topicWith(context.cluster, ["0", "1", "2", "3"]);
      using reader = openReader(context);

      deepStrictEqual(await readTo(reader.open({ topic, partition: 0 }, 2), 4), ["2", "3"]);
    },
  },
  {
    title: "no more records are read at once than were asked for",
    run: async (context) => {
      const topic = await topicWith(context.cluster, ["0", "1", "2", "3", "4"]);
      using reader = openReader(context);
      const open = reader.open({ topic, partition: 0 }, 0);

      for (let next = 0; next < 5; ) {
        const batch = await nextBatch(open, 2);
        batch.release();
        ok(batch.count <= 2);
        next = batch.nextOffset;
      }
    },
  },
  {
    title: "records of open and aborted transactions are not shown and markers are passed",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "transactional");
      for (const [values, commit] of [
        [["a", "b"], true],
        [["never"], false],
        [["c"], true],
        [["never"], false],
      ] as const) {
        const transaction = await beginTransaction(context.cluster);
        await transaction.send(
          topic,
          values.map((value) => ({ value })),
        );
        await (commit ? transaction.commit() : transaction.abort());
      }
      using reader = openReader(context);

      // Two records, marker, one aborted, marker, one record, marker, one aborted, marker: nothing to show at the end.
      deepStrictEqual(await readTo(reader.open({ topic, partition: 0 }, 0), 9), ["a", "b", "c"]);
    },
  },
  {
    title: "an open transaction is waited for and read once it is committed",
    run: async (context) => {
      const topic = await topicWith(context.cluster, ["before"]);
      const transaction = await beginTransaction(context.cluster);
      await transaction.send(topic, [{ value: "within" }]);
      using reader = openReader(context);
      const open = reader.open({ topic, partition: 0 }, 0);
      const before = await readTo(open, 1);
      deepStrictEqual(before, ["before"]);

      await transaction.commit();

      deepStrictEqual(await readTo(open, 3), ["within"]);
    },
  },
  {
    title: "an offset beyond the end is out of range, and the error says where",
    run: async (context) => {
      const topic = await topicWith(context.cluster, ["0"]);
      using reader = openReader(context);

      const failure = await readFailure(reader.open({ topic, partition: 0 }, 1000));

      ok(failure instanceof StraitError);
      strictEqual(failure.code, "offset-out-of-range");
      deepStrictEqual([failure.facts.topic, failure.facts.partition], [topic, 0]);
    },
  },
  {
    title: "a partition that failed can be opened again at a better offset",
    run: async (context) => {
      const topic = await topicWith(context.cluster, ["0", "1"]);
      using reader = openReader(context);
      const failing = reader.open({ topic, partition: 0 }, 1000);
      await readFailure(failing);
      failing.close();

      deepStrictEqual(await readTo(reader.open({ topic, partition: 0 }, 1), 2), ["1"]);
    },
  },
  {
    title: "a partition that was closed can be opened again at any offset, over and over",
    run: async (context) => {
      const values = Array.from({ length: 2000 }, (_, index) => String(index));
      const topic = await topicWith(context.cluster, values);
      using reader = openReader(context);

      for (const offset of [0, 1500, 3, 1999, 1000, 0]) {
        const open = reader.open({ topic, partition: 0 }, offset);
        const first = await nextBatch(open, 10);
        const at = first.offset(0);
        first.release();
        open.close();

        strictEqual(at, offset);
      }
    },
  },
  {
    title: "partitions of one reader are read independently",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "many", { partitions: 4 });
      const partitions = [0, 1, 2, 3];
      await produce(
        context.cluster,
        topic,
        partitions.map((partition) => ({ partition, value: `in ${partition}` })),
      );
      using reader = openReader(context);
      const open = partitions.map((partition) => reader.open({ topic, partition }, 0));

      // In an order of their own, with one that is closed before it was read.
      open[1]?.close();
      const read = await Promise.all([open[3], open[0], open[2]].map((one) => readTo(one as PartitionReader, 1)));

      deepStrictEqual(read, [["in 3"], ["in 0"], ["in 2"]]);
    },
  },
  {
    title: "a partition cannot be opened twice at a time",
    run: async (context) => {
      const topic = await topicWith(context.cluster, ["0", "1"]);
      using reader = openReader(context);
      const open = reader.open({ topic, partition: 0 }, 0);

      throws(() => reader.open({ topic, partition: 0 }, 1), { name: "StraitError", code: "conflict" });

      deepStrictEqual(await readTo(open, 2), ["0", "1"]);
    },
  },
  {
    title: "records that arrive later are announced",
    run: async (context) => {
      const topic = await topicWith(context.cluster, ["0"]);
      using reader = openReader(context);
      const open = reader.open({ topic, partition: 0 }, 0);
      await readTo(open, 1);

      for (let round = 1; round <= 20; round++) {
        await produce(context.cluster, topic, [{ value: String(round) }]);

        deepStrictEqual(await readTo(open, round + 1), [String(round)]);
      }
    },
  },
];

async function topicWith(cluster: Parameters<typeof createTopic>[0], values: readonly string[]): Promise<string> {
  const topic = await createTopic(cluster, "read");
  await produce(
    cluster,
    topic,
    values.map((value) => ({ value })),
  );
  return topic;
}

/** Reads until the position is `end` and returns the values. */
async function readTo(reader: PartitionReader, end: number): Promise<(string | null)[]> {
  const values: (string | null)[] = [];
  for (let position = 0; position < end; ) {
    const batch = await nextBatch(reader);
    for (let index = 0; index < batch.count; index++) {
      const { value } = batch.record(index);
      values.push(value && new TextDecoder().decode(value));
    }
    position = batch.nextOffset;
    batch.release();
  }
  return values;
}
