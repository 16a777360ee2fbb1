/** A source topic full of orders. */

import { produce } from "../../test/support/produce.ts";
import type { Compression, TestRecord } from "../../test/support/record-batch.ts";
import type { TestCluster } from "../../test/support/test-cluster.ts";
import { createTopic } from "../../test/support/topics.ts";
import { keyOf, orderText, PARTITIONS, type RecordBytes } from "../orders.ts";

export interface Load {
  readonly topic: string;
  readonly records: number;
  /** Of each value. */
  readonly bytes: RecordBytes;
  readonly compression: Compression;
  /** Of all keys and values, uncompressed. */
  readonly payloadBytes: number;
}

/** What a producer that lingers puts into one batch. */
export const BATCH_RECORDS = 500;
const CHUNK = 100_000;

/** Makes a topic with the orders from 0 on. */
export async function fillSource(
  cluster: TestCluster,
  { records, bytes, compression }: Pick<Load, "records" | "bytes" | "compression">,
): Promise<Load> {
  const topic = await createTopic(cluster, `bench-${bytes}-${compression}`, { partitions: PARTITIONS });
  let payloadBytes = 0;
  for (let start = 0; start < records; start += CHUNK) {
    const length = Math.min(CHUNK, records - start);
    const part = Array.from({ length }, (_, index): TestRecord => {
      const id = start + index;
      const [key, value] = [keyOf(id), orderText(id, bytes)];
      payloadBytes += key.length + value.length;
      return { partition: id % PARTITIONS, key, value };
    });
    await produce(cluster, topic, part, { compression, batchRecords: BATCH_RECORDS });
  }
  return { topic, records, bytes, compression, payloadBytes };
}
