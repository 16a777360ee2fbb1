/**
 * A process that writes orders at a steady rate. Each carries the time it was made at; those that are due in the same 5 ms go
 * in one request for each partition, as with a producer that lingers so long. Says at its end what it sent.
 */

import { produceBatch } from "../../test/support/raw-requests.ts";
import { encodeBatch, type TestRecord } from "../../test/support/record-batch.ts";
import { withAddress } from "../../test/support/wire.ts";
import { keyOf, orderText, PARTITIONS } from "../orders.ts";
import { wallClock } from "./wall-clock.ts";

export interface PacedLoad {
  /** `host:port` of the broker that leads the topic. */
  readonly address: string;
  readonly topic: string;
  readonly recordsPerSecond: number;
  /** The number of the first order; a multiple of the number of partitions. */
  readonly firstId: number;
  readonly seconds: number;
}

/** The one message to whoever started this process: the orders from `firstId` to below this were sent and acknowledged. */
export interface PacedResult {
  readonly endId: number;
}

const TICK_MS = 5;
const BYTES = 190;

async function send({ address, topic, recordsPerSecond, firstId, seconds }: PacedLoad): Promise<PacedResult> {
  const count = recordsPerSecond * seconds;
  await withAddress(address, async (connection) => {
    const begun = performance.now();
    const requests = new Set<Promise<void>>();
    let failure: unknown = null;
    for (let made = 0; made < count && failure === null; await Bun.sleep(TICK_MS)) {
      const due = Math.min(count, Math.floor(((performance.now() - begun) / 1000) * recordsPerSecond));
      const batches = new Map<number, TestRecord[]>();
      for (; made < due; made++) {
        const id = firstId + made;
        const record = { key: keyOf(id), value: orderText(id, BYTES, wallClock()) };
        const partition = id % PARTITIONS;
        batches.set(partition, [...(batches.get(partition) ?? []), record]);
      }
      for (const [partition, records] of batches) {
        // Not awaited: the next tick comes in time however long the broker takes.
        const request = produceBatch
          .async(connection, topic, partition, encodeBatch(records, "none", null), null)
          .then(({ errorCode }) => {
            if (errorCode !== 0) throw new Error(`cannot write to ${topic}/${partition}: error ${errorCode}`);
          })
          .catch((error: unknown) => {
            failure = error;
          })
          .finally(() => requests.delete(request));
        requests.add(request);
      }
    }
    await Promise.all(requests);
    if (failure !== null) throw failure;
  });
  return { endId: firstId + count };
}

if (import.meta.main) {
  process.on("disconnect", () => process.exit(1)); // whoever started this is gone
  process.send?.(await send(JSON.parse(process.argv[2] ?? "") as PacedLoad));
  process.disconnect?.();
}
