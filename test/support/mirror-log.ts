/** A partition of a mirror, for tests that write to it themselves. */

import { HoleClaim } from "../../src/sinks/hole-claim.ts";
import { HoleFiller } from "../../src/sinks/hole-filler.ts";
import { mirrorIdentity } from "../../src/sinks/mirror-identity.ts";
import { MirrorLog } from "../../src/sinks/mirror-log.ts";
import type { BrokerConnections } from "../../src/wire/broker-connections.ts";
import { coordinatorOf } from "../../src/wire/coordinator.ts";
import { encodeBatches } from "../../src/wire/encode-batches.ts";
import { PartitionLeaders } from "../../src/wire/partition-leaders.ts";
import type { RawConnection } from "../../src/wire/raw-connection.ts";
import type { RecordBatch } from "../../src/wire/record-batch.ts";

export interface MirrorLogConnections {
  readonly connections: BrokerConnections;
  readonly writers: BrokerConnections<RawConnection>;
}

/** The log of partition 0 as a runner has it; `markers` false leaves empty transactions for holes. */
export async function openMirrorLog(
  { connections, writers }: MirrorLogConnections,
  topic: string,
  { markers = true, node = "node" } = {},
): Promise<MirrorLog> {
  const leader = await new PartitionLeaders(connections).of(topic, 0);
  let claim: { offset: number; metadata: string } | null = null;
  const store = {
    read: async () => claim,
    write: async (offset: number, metadata: string) => {
      claim = { offset, metadata };
    },
  };
  return await MirrorLog.open({
    topic,
    partition: 0,
    leaderEpoch: leader.epoch,
    leader: await connections.to(leader.broker),
    writer: await writers.to(leader.broker),
    identity: mirrorIdentity("link", topic, 0),
    filler: new HoleFiller({
      capabilities: { markers },
      claim: new HoleClaim({ store, node }),
      coordinator: (id) => coordinatorOf(connections, "transactional id", id),
    }),
  });
}

/** A batch of records with these values. */
export function batchOf(...values: readonly string[]): RecordBatch {
  const records = values.map((value, offset) => {
    return { offset, timestamp: Date.now(), key: null, value: Buffer.from(value), headers: [] };
  });
  return encodeBatches(records)[0] as RecordBatch;
}
