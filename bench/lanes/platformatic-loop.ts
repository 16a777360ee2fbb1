/**
 * The process of the lane platformatic: records are collected from the consumer's stream while a request is on its way and
 * sent on as they are, same partition, one request after the other. Offsets are committed every second behind what is
 * acknowledged.
 */

import { Consumer, type Message, Producer } from "@platformatic/kafka";
import { givenJob } from "./copy-process.ts";
import { requestLength } from "./request-length.ts";

/** Records collected at most before the stream has to wait. */
const MOST_COLLECTED = 10_000;
const COMMIT_MS = 1000;
/** As Kafka's own consumers and kafkajs; with the library's 50 MB it takes gigabytes of memory and begins seconds later. */
const PARTITION_BYTES = 1 << 20;

const { id, source, destination, topic, destinationTopic, compression } = givenJob();

const consumer = new Consumer({ clientId: id, groupId: id, bootstrapBrokers: source.split(",") });
const producer = new Producer({ clientId: id, bootstrapBrokers: destination.split(","), compression });
const stream = await consumer.consume({
  topics: [topic],
  mode: "earliest",
  autocommit: false,
  maxBytesPerPartition: PARTITION_BYTES,
});

const collected: Message[] = [];
let sending = false;
const acknowledged = new Map<number, bigint>();

async function send(): Promise<void> {
  sending = true;
  while (collected.length > 0) {
    const messages = collected.splice(0, requestLength(collected));
    if (collected.length < MOST_COLLECTED) stream.resume();
    await producer.send({
      acks: -1,
      messages: messages.map(({ key, value, headers, partition, timestamp }) => ({
        topic: destinationTopic,
        key,
        value,
        headers,
        partition,
        timestamp,
      })),
    });
    for (const { partition, offset } of messages) acknowledged.set(partition, offset);
  }
  sending = false;
}

stream.on("data", (message) => {
  collected.push(message);
  if (collected.length >= MOST_COLLECTED) stream.pause();
  // The records of one answer arrive in one turn of the event loop and go together.
  if (!sending) {
    sending = true;
    setImmediate(() => void send());
  }
});
stream.on("error", (error) => {
  throw error;
});

setInterval(() => {
  if (acknowledged.size === 0) return;
  const offsets = [...acknowledged].map(([partition, offset]) => ({
    topic,
    partition,
    offset: offset + 1n,
    leaderEpoch: -1,
  }));
  acknowledged.clear();
  void consumer.commit({ offsets });
}, COMMIT_MS);
