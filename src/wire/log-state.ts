/** What the leader of a partition knows of its log, at one moment. */

import { setTimeout as delay } from "node:timers/promises";
import { offsetForLeaderEpochV3 } from "@platformatic/kafka";
import { StraitError } from "../model/errors.ts";
import { offsetFromBigInt } from "../model/offset.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import { type ActiveProducer, describeProducers } from "./describe-producers.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";
import { logEnd } from "./log-end.ts";

export interface LogPosition {
  readonly topic: string;
  readonly partition: number;
  /** Of the leader asked, as metadata says. */
  readonly leaderEpoch: number;
}

export interface LogState {
  /** The offset the next record gets. */
  readonly end: number;
  readonly producers: readonly ActiveProducer[];
}

const CLIENT = -1;
const PAUSE_MS = 20;

/**
 * The end of the log and who has written to it, as they belong together: nothing was appended in between, and all of it is
 * at every replica in sync, so that no change of leaders can take any of it back. Rejects with `timeout`, retriable, where
 * that does not come about.
 */
export async function logState(leader: BrokerConnection, position: LogPosition, timeoutMs: number): Promise<LogState> {
  const { topic, partition } = position;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const end = await leaderEnd(leader, position);
    if ((await logEnd(leader, topic, partition)) >= end) {
      const producers = await describeProducers(leader, topic, partition);
      if ((await leaderEnd(leader, position)) === end) return { end, producers };
    }
    if (Date.now() > deadline) {
      throw new StraitError("timeout", `${topic}/${partition} is being written to, or its replicas lag behind`, {
        topic,
        partition,
        retriable: true,
      });
    }
    await delay(PAUSE_MS);
  }
}

/**
 * The end of the leader's own log. The high watermark, which ListOffsets gives, may be behind it where there are replicas;
 * the end of the leader's present epoch (OffsetForLeaderEpoch, KIP-101) is not.
 */
export async function leaderEnd(leader: BrokerConnection, position: LogPosition): Promise<number> {
  const { topic, partition, leaderEpoch } = position;
  if (leaderEpoch < 0 || !leader.offers(offsetForLeaderEpochV3.api)) return await logEnd(leader, topic, partition);
  const partitions = [{ partitionIndex: partition, currentLeaderEpoch: leaderEpoch, leaderEpoch }];
  const answer = await leader.request(offsetForLeaderEpochV3.api, CLIENT, [{ name: topic, partitions }]);
  const found = answer.topics[0]?.partitions[0];
  const errorCode = found?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
  if (found === undefined || errorCode !== KAFKA_CODES.none) {
    throw kafkaError(errorCode, `cannot ask ${leader.address} for the end of ${topic}/${partition}`, {
      topic,
      partition,
    });
  }
  // -1 for an epoch in which nothing was written and of which the log therefore knows nothing.
  const end = offsetFromBigInt(found.endOffset);
  return end < 0 ? await logEnd(leader, topic, partition) : end;
}
