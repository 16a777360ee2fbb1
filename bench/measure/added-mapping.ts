/** How long after a mapping is added to a running link its first record is at the destination. */

import { Strait } from "../../test/end-to-end/strait.ts";
import type { TestClusters } from "../../test/support/clusters.ts";
import { produce } from "../../test/support/produce.ts";
import { createTopic } from "../../test/support/topics.ts";
import { listOffset, withAddress } from "../../test/support/wire.ts";
import { PARTITIONS } from "../orders.ts";

const LINK = "added-mappings";
const POLL_MS = 5;
const TIMEOUT_MS = 60_000;

/** Milliseconds of each of several mappings, added one after the other over the API; mode mirror, the topic is made. */
export async function measureAddedMappings({ east, west }: TestClusters, count: number): Promise<number[]> {
  const strait = await Strait.start();
  const times: number[] = [];
  try {
    await strait.addClusters(east.bootstrap, west.bootstrap);
    await strait.send("POST", "/links", { name: LINK, source: "east", destination: "west", mappings: [] });
    // The first is what makes the link's runner join its group.
    for (let added = 0; added <= count; added++) {
      const topic = await createTopic(east, "added", { partitions: PARTITIONS });
      await produce(east, topic, [{ partition: 0, value: "first" }]);
      const started = performance.now();
      await strait.send("POST", `/links/${LINK}/mappings`, { source: topic });
      await firstRecord(west.bootstrap, topic);
      if (added > 0) times.push(performance.now() - started);
    }
  } finally {
    await strait.close();
  }
  return times;
}

/** Waits until the first partition of a topic, which may not be there yet, has a record. */
async function firstRecord(bootstrap: string, topic: string): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  await withAddress(bootstrap, async (connection) => {
    for (;;) {
      const end = await listOffset(connection, topic, 0, 0, -1n).catch(() => 0);
      if (end > 0) return;
      if (Date.now() > deadline) throw new Error(`no record in ${topic} after ${TIMEOUT_MS / 1000} s`);
      await Bun.sleep(POLL_MS);
    }
  });
}
