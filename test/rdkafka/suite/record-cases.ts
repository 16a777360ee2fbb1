/** Records arrive as they were. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { KafkaRecord } from "../../../src/model/record.ts";
import { readTopic } from "../../support/consume.ts";
import { produce } from "../../support/produce.ts";
import type { Compression } from "../../support/record-batch.ts";
import { createTopic } from "../../support/topics.ts";
import type { BindingCase } from "./binding-case.ts";
import { openReader } from "./open.ts";
import { copyPartition, roundTrip, withBatches, withProducer } from "./transfer.ts";
import { nextBatch } from "./wait.ts";

const text = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);
const plain = ({ key, value, headers, timestamp }: KafkaRecord) => ({
  key: text(key),
  value: text(value),
  headers: headers.map((header) => [header.name, text(header.value)]),
  timestamp,
});

const HEADERS = [
  ["trace", "1"],
  ["empty", ""],
  ["trace", "2"],
  ["none", null],
  ["größe-数", "naïve"],
  ["", "without a name"],
  ["trace", "1"],
] as const;

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

export const recordCases: readonly BindingCase[] = [
  {
    title: "keys arrive, and no key, an empty key and a key stay three things",
    run: async (context) => {
      const keys = ["a", null, "", "a", "key with spaces"];

      const arrived = await roundTrip(
        context,
        keys.map((key) => ({ key, value: "v" })),
      );

      deepStrictEqual(
        arrived.map(({ key }) => text(key)),
        keys,
      );
    },
  },
  {
    title: "a tombstone, an empty value and a value stay three things",
    run: async (context) => {
      const values = [null, "", "v", null];

      const arrived = await roundTrip(
        context,
        values.map((value) => ({ key: "k", value })),
      );

      deepStrictEqual(
        arrived.map(({ value }) => text(value)),
        values,
      );
    },
  },
  {
    title: "headers arrive in order, with repeated, empty and foreign names, empty values and none",
    run: async (context) => {
      const arrived = await roundTrip(context, [
        { value: "with", headers: HEADERS },
        { value: "without" },
        { value: null, headers: [["only", null]] },
      ]);

      deepStrictEqual(
        arrived.map((record) => plain(record).headers),
        [HEADERS.map((header) => [...header]), [], [["only", null]]],
      );
    },
  },
  {
    title: "timestamps arrive, also out of order, old and absent ones",
    run: async (context) => {
      const now = Date.now();
      const timestamps = [now, now - 86_400_000, 1, -1, now + 1];

      const arrived = await roundTrip(
        context,
        timestamps.map((timestamp) => ({ value: "v", timestamp })),
        null,
        { configs: { "retention.ms": "-1" } },
      );

      deepStrictEqual(
        arrived.map(({ timestamp }) => timestamp),
        timestamps,
      );
    },
  },
  {
    title: "every byte arrives in keys, values and headers",
    run: async (context) => {
      const [arrived] = await roundTrip(context, [
        { key: EVERY_BYTE, value: EVERY_BYTE, headers: [["every", EVERY_BYTE]] },
      ]);

      for (const bytes of [arrived?.key, arrived?.value, arrived?.headers[0]?.value]) {
        deepStrictEqual(Uint8Array.from(bytes ?? []), EVERY_BYTE);
      }
    },
  },
  {
    title: "a value of 5 MB arrives",
    run: async (context) => {
      const value = Uint8Array.from({ length: 5_000_000 }, (_, index) => index * 7);
      const configs = { "max.message.bytes": "6000000" };

      const [arrived] = await roundTrip(context, [{ key: "large", value }], null, { configs });

      strictEqual(Buffer.compare(arrived?.value ?? new Uint8Array(), value), 0);
    },
  },
  {
    title: "50,000 records arrive once and in order",
    run: async (context) => {
      const values = Array.from({ length: 50_000 }, (_, index) => `record ${index}`);

      const arrived = await roundTrip(
        context,
        values.map((value) => ({ value })),
      );

      deepStrictEqual(
        arrived.map(({ value }) => text(value)),
        values,
      );
    },
  },
  ...(["gzip", "snappy", "lz4", "zstd"] as const).map((compression: Compression) => ({
    title: `records compressed with ${compression} arrive`,
    run: async (context: Parameters<BindingCase["run"]>[0]) => {
      const source = await createTopic(context.cluster, "compressed");
      const destination = await createTopic(context.cluster, "destination");
      const values = Array.from({ length: 1000 }, (_, index) => `record ${index} ${"x".repeat(100)}`);
      const records = values.map((value) => ({ value }));
      await produce(context.cluster, source, records, { compression });

      await copyPartition(context, { topic: source, partition: 0, count: values.length }, destination);

      const arrived = (await readTopic(context.cluster, destination)).get(0);
      deepStrictEqual(
        arrived?.map(({ value }) => text(value)),
        values,
      );
    },
  })),
  {
    title: "a record shows key, value, headers, timestamp and offset as they are",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "shown");
      const timestamp = Date.now();
      await produce(context.cluster, topic, [
        { key: "first", value: null, timestamp },
        { key: "", value: "", headers: HEADERS, timestamp: timestamp + 1 },
        { key: null, value: EVERY_BYTE, timestamp: timestamp + 2 },
      ]);
      const seen: KafkaRecord[] = [];

      await withBatches(context, { topic, partition: 0 }, 3, (batch) => {
        for (let index = 0; index < batch.count; index++) {
          const record = batch.record(index);
          seen.push({ ...record, headers: record.headers });
        }
        batch.release();
      });

      deepStrictEqual(seen.map(plain), [
        { key: "first", value: null, headers: [], timestamp },
        { key: "", value: "", headers: HEADERS.map((header) => [...header]), timestamp: timestamp + 1 },
        { key: null, value: text(EVERY_BYTE), headers: [], timestamp: timestamp + 2 },
      ]);
      deepStrictEqual(
        seen.map(({ offset }) => offset),
        [0, 1, 2],
      );
    },
  },
  {
    title: "a header name that is not UTF-8 is shown with replacement characters",
    run: async (context) => {
      const name = Uint8Array.from([0x61, 0xff, 0x62]);
      const topic = await createTopic(context.cluster, "shown");
      // The codec of the tests writes names as given, whatever their type says.
      const headers = [[name as unknown as string, "v"]] as const;
      await produce(context.cluster, topic, [{ value: "v", headers }]);
      const names: (string | undefined)[] = [];

      await withBatches(context, { topic, partition: 0 }, 1, (batch) => {
        if (batch.count > 0) names.push(batch.record(0).headers[0]?.name);
        batch.release();
      });

      deepStrictEqual(names, ["a\ufffdb"]);
    },
  },
  {
    title: "a batch tells its size, its first timestamp and the offset to go on at",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "counted");
      await produce(context.cluster, topic, [
        { key: "ab", value: "cde", timestamp: 1_700_000_000_000 },
        { key: null, value: null, timestamp: 1_700_000_000_500 },
      ]);
      const facts: object[] = [];

      await withBatches(context, { topic, partition: 0 }, 2, (batch) => {
        const { count, bytes, nextOffset, firstTimestamp } = batch;
        if (count > 0) facts.push({ count, bytes, nextOffset, firstTimestamp, offset: batch.offset(1) });
        batch.release();
      });

      deepStrictEqual(facts, [{ count: 2, bytes: 5, nextOffset: 2, firstTimestamp: 1_700_000_000_000, offset: 1 }]);
    },
  },
  {
    title: "a batch without records hands none over",
    run: async (context) => {
      const source = await createTopic(context.cluster, "empty");
      const destination = await createTopic(context.cluster, "destination");
      using reader = openReader(context);
      const batch = await nextBatch(reader.open({ topic: source, partition: 0 }, 0));
      deepStrictEqual([batch.count, batch.bytes, batch.nextOffset, batch.firstTimestamp], [0, 0, 0, -1]);

      await withProducer(context, async (send) => send(batch, null, { topic: destination, hashedOver: null }));

      deepStrictEqual((await readTopic(context.cluster, destination)).get(0), []);
    },
  },
];
