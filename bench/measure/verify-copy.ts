/** Checks a copy as data, partition by partition, with a reader that is independent of all that is compared. */

import type { Connection } from "@platformatic/kafka";
import type { KafkaRecord } from "../../src/model/record.ts";
import { fetchBatches } from "../../test/support/raw-requests.ts";
import { decodeHeader, decodeRecords, splitBatches } from "../../test/support/record-batch.ts";
import type { TestCluster } from "../../test/support/test-cluster.ts";
import { leaders, listOffset, withAddress } from "../../test/support/wire.ts";
import type { Lane } from "../lanes/lane.ts";
import { keyOf, orderText, PARTITIONS, redactedOrder } from "../orders.ts";
import type { Load } from "./load.ts";
import { ordersOf } from "./watch-copy.ts";

/** Every so many records, key and order apart, the whole value is compared. */
const SAMPLE = 97;
const READ_COMMITTED = 1;
const LOG_END = -1n;

const text = new TextDecoder();

/** Throws unless the topic holds every order once, in order within its partition, with the content it must have. */
export async function verifyCopy(cluster: TestCluster, topic: string, load: Load, lane: Lane): Promise<void> {
  for (const [address, partitions] of await leaders(cluster, topic)) {
    await withAddress(address, async (connection) => {
      for (const partition of partitions) await verifyPartition(connection, topic, partition, load, lane);
    });
  }
}

async function verifyPartition(
  connection: Connection,
  topic: string,
  partition: number,
  load: Load,
  lane: Lane,
): Promise<void> {
  const end = await listOffset(connection, topic, partition, READ_COMMITTED, LOG_END);
  let count = 0;
  for (let offset = 0; offset < end; ) {
    const wanted = { topic, partition, offset, isolation: READ_COMMITTED } as const;
    const { errorCode, aborted, records } = await fetchBatches.async(connection, wanted);
    if (errorCode !== 0) throw new Error(`cannot read ${topic}/${partition}: error ${errorCode}`);
    if (aborted.length > 0) throw new Error(`partition ${partition} holds aborted transactions`);
    for (const batch of splitBatches(records)) {
      const { control, lastOffset } = decodeHeader(batch);
      offset = lastOffset + 1;
      if (control) continue;
      for (const record of decodeRecords(topic, partition, batch)) verifyRecord(record, count++, load, lane);
    }
  }
  const expected = ordersOf(partition, load.records);
  if (count !== expected) throw new Error(`partition ${partition} holds ${count} of ${expected} records`);
}

/** `index`: which of its partition's records this has to be. */
function verifyRecord(record: KafkaRecord, index: number, load: Load, lane: Lane): void {
  const { partition, offset, key, value } = record;
  const id = index * PARTITIONS + partition;
  const place = `record ${index} of partition ${partition}`;
  if (key === null || text.decode(key) !== keyOf(id)) throw new Error(`${place} is not ${keyOf(id)}`);
  if (lane.keepsOffsets && offset !== index) throw new Error(`${place} has offset ${offset}`);
  if (index % SAMPLE !== 0) return;
  const found = value === null ? "" : text.decode(value);
  const original = orderText(id, load.bytes);
  const same = lane.redacts ? Bun.deepEquals(JSON.parse(found), redactedOrder(original)) : found === original;
  if (!same) throw new Error(`${place} has other content`);
}
