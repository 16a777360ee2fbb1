/** Records that keep coming to a topic: plain ones and those of transactions, some of which are aborted. */

import { produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { beginTransaction } from "../../support/transaction.ts";

export interface Traffic {
  /** Finishes the round under way, and ends it. Rejects with what kept it from coming. */
  stop(): Promise<void>;
}

export interface TrafficOptions {
  readonly partitions: number;
  /** Plain records in a round, and as many in its transaction. Default 60. */
  readonly records?: number;
}

/** Every third transaction is aborted. */
const ABORTED = 3;

export function startTraffic(cluster: TestCluster, topic: string, options: TrafficOptions): Traffic {
  let coming = true;
  const rounds = (async () => {
    for (let round = 0; coming; round++) await trafficRound(cluster, topic, round, options);
  })();
  rounds.catch(() => {}); // whoever stops it is told
  return {
    stop: async () => {
      coming = false;
      await rounds;
    },
  };
}

/** One round of it. */
export async function trafficRound(
  cluster: TestCluster,
  topic: string,
  round: number,
  { partitions, records = 60 }: TrafficOptions,
): Promise<void> {
  const named = (name: string) =>
    Array.from({ length: records }, (_, i): TestRecord => {
      return { partition: i % partitions, key: `key ${i}`, value: `${name} ${i} of round ${round}` };
    });
  await produce(cluster, topic, named("plain"), { batchRecords: 7, compression: "lz4" });
  const transaction = await beginTransaction(cluster);
  await transaction.send(topic, named("transactional"));
  await (round % ABORTED === 0 ? transaction.abort() : transaction.commit());
}
