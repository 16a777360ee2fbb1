/** Transaction markers written by themselves: offsets that no consumer ever sees. */

import { createAPI, Writer } from "@platformatic/kafka";
import type { BrokerConnection } from "./broker-connection.ts";
import { ByteReader } from "./byte-reader.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";
import { remaining } from "./remaining.ts";

export interface AbortMarkers {
  readonly topic: string;
  readonly partition: number;
  /** One that never has a transaction. Each id takes memory at the broker, so use the same again. */
  readonly producerId: bigint;
  /** A broker refuses one lower than it has seen in this partition from this producer. */
  readonly coordinatorEpoch: number;
  /** How many markers, and so offsets. Kafka 4.1 was tried with 5,000. */
  readonly count: number;
}

/** Producer epoch of all markers: there is nothing to tell apart. */
const PRODUCER_EPOCH = 0;
const NO_TAGS = 0;

/**
 * Appends abort markers to a partition (WriteTxnMarkers version 1). Needs the right CLUSTER_ACTION. How many were appended
 * is not known where it rejects, and some brokers answer that all is well and append nothing: ask for the log end.
 */
export async function writeAbortMarkers(leader: BrokerConnection, markers: AbortMarkers): Promise<void> {
  const { topic, partition, count } = markers;
  const errors = await leader.request(writeTxnMarkersV1, markers);
  const errorCode = errors.find((code) => code !== KAFKA_CODES.none);
  if (errorCode === undefined) return;
  throw kafkaError(errorCode, `cannot write ${count} markers to ${topic}/${partition}`, { topic, partition });
}

const writeTxnMarkersV1 = createAPI<[markers: AbortMarkers], readonly number[]>(
  27,
  1,
  ({ topic, partition, producerId, coordinatorEpoch, count }: AbortMarkers) => {
    const marker = Writer.create()
      .appendInt64(producerId)
      .appendInt16(PRODUCER_EPOCH)
      .appendBoolean(false) // abort
      .appendUnsignedVarInt(1 + 1) // topics
      .appendString(topic)
      .appendUnsignedVarInt(1 + 1) // partitions
      .appendInt32(partition)
      .appendUnsignedVarInt(NO_TAGS) // of the topic
      .appendInt32(coordinatorEpoch)
      .appendUnsignedVarInt(NO_TAGS).buffer;
    const writer = Writer.create().appendUnsignedVarInt(count + 1);
    for (let left = count; left > 0; left--) writer.append(marker);
    return writer.appendTaggedFields();
  },
  (_correlationId, _apiKey, _apiVersion, reader) => decodeMarkersAnswer(remaining(reader)),
);

/** The error numbers in a WriteTxnMarkers answer. Throws `kafka` for bytes that are none. */
export function decodeMarkersAnswer(bytes: Buffer): readonly number[] {
  const reader = new ByteReader(bytes, "a WriteTxnMarkers answer");
  const errors: number[] = [];
  reader.compactList(() => {
    reader.skip(8); // producer id
    reader.compactList(() => {
      reader.skip(reader.unsignedVarint() - 1); // topic
      reader.compactList(() => {
        reader.skip(4); // partition
        errors.push(reader.int16());
      });
    });
  });
  return errors;
}
