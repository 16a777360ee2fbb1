/** Which partition of the destination a record goes to. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { murmur2 } from "@platformatic/kafka";
import { replace } from "../../../src/model/filter.ts";
import { readTopic } from "../../support/consume.ts";
import { produce } from "../../support/produce.ts";
import { createTopic } from "../../support/topics.ts";
import type { BindingCase } from "./binding-case.ts";
import { copyPartition } from "./transfer.ts";

/** From Kafka's own UtilsTest.testMurmur2: what Java's producer computes. */
const JAVA_HASHES: readonly (readonly [key: string, hash: number])[] = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
];

/** Java's BuiltInPartitioner.partitionForKey: Utils.toPositive(hash) % partitions. */
const partitionOf = (hash: number, partitions: number) => (hash & 0x7fffffff) % partitions;

export const partitionCases: readonly BindingCase[] = [
  {
    title: "a destination with as many partitions keeps a record's partition",
    run: async (context) => {
      const source = await createTopic(context.cluster, "source", { partitions: 3 });
      const destination = await createTopic(context.cluster, "destination", { partitions: 3 });
      await produce(
        context.cluster,
        source,
        [0, 1, 2].map((partition) => ({ partition, key: "same", value: String(partition) })),
      );

      for (const partition of [0, 1, 2]) {
        await copyPartition(context, { topic: source, partition, count: 1 }, destination);
      }

      deepStrictEqual(await valuesByPartition(context.cluster, destination), [["0"], ["1"], ["2"]]);
    },
  },
  {
    title: "a destination with fewer partitions gets a key where Java's producer puts it",
    run: async (context) => {
      const keys = [
        ...JAVA_HASHES.map(([key]) => key),
        "",
        ...Array.from({ length: 500 }, (_, index) => `key ${index * 7919}`),
      ];
      for (const [key, hash] of JAVA_HASHES) strictEqual(murmur2(key) | 0, hash, `the reference for ${key}`);

      const placed = await place(
        context,
        keys.map((key) => ({ key, value: key })),
        7,
      );

      const expected = Array.from({ length: 7 }, (_, partition) =>
        keys.filter((key) => partitionOf(murmur2(key), 7) === partition),
      );
      deepStrictEqual(placed, expected);
    },
  },
  {
    title: "records without key go to the source's partition number, modulo",
    run: async (context) => {
      const placed = await place(
        context,
        [
          { partition: 5, value: "a" },
          { partition: 5, value: "b" },
        ],
        3,
        5,
      );

      deepStrictEqual(placed, [[], [], ["a", "b"]]);
    },
  },
  {
    title: "a replaced key decides over the partition",
    run: async (context) => {
      const replaced = replace({ key: new TextEncoder().encode("foobar") });

      const placed = await place(context, [{ key: "abc", value: "v" }], 7, 0, () => replaced);

      deepStrictEqual(
        placed.map((values) => values.length),
        [0, 1, 2, 3, 4, 5, 6].map((partition) => (partition === partitionOf(-790332482, 7) ? 1 : 0)),
      );
    },
  },
];

/** Copies records of one partition of a topic with 8 to a topic with fewer; the values there by partition. */
async function place(
  context: Parameters<BindingCase["run"]>[0],
  records: Parameters<typeof produce>[2],
  partitions: number,
  partition = 0,
  edit: Parameters<typeof copyPartition>[3] = null,
): Promise<string[][]> {
  const source = await createTopic(context.cluster, "source", { partitions: 8 });
  const destination = await createTopic(context.cluster, "destination", { partitions });
  await produce(context.cluster, source, records);
  const target = { topic: destination, hashedOver: partitions };
  await copyPartition(context, { topic: source, partition, count: records.length }, target, edit);
  return valuesByPartition(context.cluster, destination);
}

async function valuesByPartition(...args: Parameters<typeof readTopic>): Promise<string[][]> {
  return [...(await readTopic(...args)).values()].map((records) => records.map(({ value }) => String(value)));
}
