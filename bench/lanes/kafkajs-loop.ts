/**
 * The process of the lane kafkajs: each batch that is fetched is sent on, records as they are, same partition. Offsets are
 * committed behind what is acknowledged (`autoCommit` of `eachBatch`).
 */

import zlib from "node:zlib";
import { CompressionCodecs, CompressionTypes, Kafka, logLevel } from "kafkajs";
import { PARTITIONS } from "../orders.ts";
import { givenJob } from "./copy-process.ts";
import { requestLength } from "./request-length.ts";

const { id, source, destination, topic, destinationTopic, compression } = givenJob();

// kafkajs has no zstd of its own and takes codecs like this one.
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async ({ buffer }: { buffer: Buffer }) => zlib.zstdCompressSync(buffer),
  decompress: async (buffer: Buffer) => zlib.zstdDecompressSync(buffer),
});

const cluster = (brokers: string) => new Kafka({ clientId: id, brokers: brokers.split(","), logLevel: logLevel.ERROR });
const consumer = cluster(source).consumer({ groupId: id });
const producer = cluster(destination).producer({ allowAutoTopicCreation: false });

consumer.on("consumer.crash", ({ payload: { error, restart } }) => {
  console.error(error);
  if (!restart) process.exit(1);
});
await Promise.all([consumer.connect(), producer.connect()]);
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: PARTITIONS,
  eachBatch: async ({ batch: { partition, messages } }) => {
    const rest = [...messages];
    while (rest.length > 0) {
      const copies = rest.splice(0, requestLength(rest)).map(({ key, value, headers = {}, timestamp }) => ({
        key,
        value,
        headers,
        timestamp,
        partition,
      }));
      await producer.sendBatch({
        acks: -1,
        compression: compression === "zstd" ? CompressionTypes.ZSTD : CompressionTypes.None,
        topicMessages: [{ topic: destinationTopic, messages: copies }],
      });
    }
  },
});
