/** The end of clients: in any order, twice, and in the middle of things. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { BlockingCalls } from "../../../src/rdkafka/blocking-calls.ts";
import type { ClientError } from "../../../src/rdkafka/client.ts";
import { MockCluster } from "../../../src/rdkafka/mock-cluster.ts";
import { failureOf } from "../../support/failure-of.ts";
import { freePort } from "../../support/kafka/free-port.ts";
import { produce } from "../../support/produce.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import { type BindingCase, type BindingContext, collectGarbage } from "./binding-case.ts";
import { openMember, openProducer, openReader } from "./open.ts";
import { firstOf, nextBatch } from "./wait.ts";

const CLOSED = { name: "StraitError", code: "closed" };

export const closingCases: readonly BindingCase[] = [
  {
    title: "brokers that cannot be reached are reported by every kind of client",
    run: async (context) => {
      const properties = { "bootstrap.servers": `127.0.0.1:${await freePort()}` };
      using reader = openReader(context, properties);
      using producer = openProducer(context, {}, properties);
      using member = openMember(context, "group", "member", properties);
      const reported = [reader, producer, member].map((client) => firstOf(client.errors$, "error", unreachable));

      for (const { fatal } of await Promise.all(reported)) strictEqual(fatal, false);
    },
  },
  {
    title: "every client can be closed twice",
    run: (context) => {
      const { library, wakeup } = context;
      const clients = [
        openReader(context),
        openProducer(context),
        openMember(context, "group", "member"),
        new MockCluster(library, wakeup),
        new BlockingCalls(library),
      ];

      for (const client of clients) client.close();
      for (const client of clients) client.close();
    },
  },
  {
    title: "a closed client's errors end",
    run: async (context) => {
      const reader = openReader(context);
      let completed = false;
      reader.errors$.subscribe({ complete: () => (completed = true) });

      reader.close();

      strictEqual(completed, true);
    },
  },
  {
    title: "a closed reader opens nothing, and its partitions read nothing",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "closing");
      const reader = openReader(context);
      const open = reader.open({ topic, partition: 0 }, 0);

      reader.close();

      throws(() => reader.open({ topic, partition: 0 }, 0), CLOSED);
      throws(() => open.read(1), CLOSED);
      open.close();
    },
  },
  {
    title: "a closed producer refuses every call",
    run: async (context) => {
      const batch = await someBatch(context);
      const producer = openProducer(context, { transactionalId: uniqueName("id") });

      producer.close();

      throws(() => producer.enqueue(batch, null, { topic: "any", hashedOver: null }), CLOSED);
      throws(() => producer.beginTransaction(), CLOSED);
      for (const call of [
        producer.initTransactions(1000),
        producer.sendOffsets("group", [], 1000),
        producer.commitTransaction(1000),
      ]) {
        strictEqual((await failureOf(call)).code, "closed");
      }
      strictEqual(producer.outstanding, 0);
      batch.release();
    },
  },
  {
    title: "a closed member refuses topics and takes no positions",
    run: (context) => {
      const member = openMember(context, "group", "member");

      member.close();

      throws(() => member.subscribe(["any"]), CLOSED);
      member.commit([{ topic: "any", partition: 0, offset: 1 }]);
    },
  },
  {
    title: "a released batch can be released again and is not read any more",
    run: async (context) => {
      const batch = await someBatch(context);
      using producer = openProducer(context);

      batch.release();
      batch.release();

      throws(() => batch.record(0), CLOSED);
      throws(() => batch.timestamp(0), CLOSED);
      throws(() => producer.enqueue(batch, null, { topic: "any", hashedOver: null }), CLOSED);
    },
  },
  {
    title: "a record stays after the release of its batch, with the headers that were read before",
    run: async (context) => {
      const batch = await someBatch(context);
      const record = batch.record(0);
      const other = batch.record(0);
      deepStrictEqual(record.headers[0]?.name, "header");

      batch.release();
      collectGarbage();

      deepStrictEqual([text(record.key), text(record.value), text(record.headers[0]?.value)], ["key", "value", "1"]);
      throws(() => other.headers, CLOSED);
    },
  },
  {
    title: "a batch outlives the reader it came from",
    run: async (context) => {
      const batch = await someBatch(context);

      strictEqual(text(batch.record(0).value), "value");
      batch.release();
    },
  },
  {
    title: "a producer that is closed while a call is under way ends when the call does",
    run: async (context) => {
      const properties = { "bootstrap.servers": `127.0.0.1:${await freePort()}` };
      const producer = openProducer(context, { transactionalId: uniqueName("id") }, properties);
      const call = failureOf(producer.initTransactions(500));

      producer.close();
      collectGarbage();

      ok((await call).retriable);
      strictEqual((await failureOf(producer.initTransactions(500))).code, "closed");
    },
  },
  {
    title: "a producer that is closed in the middle of a commit lets the commit end",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "closing");
      const batch = await someBatch(context);
      for (let round = 0; round < 10; round++) {
        const producer = openProducer(context, { transactionalId: uniqueName("id") });
        await producer.initTransactions(10_000);
        producer.beginTransaction();
        producer.enqueue(batch, null, { topic, hashedOver: null });
        const started = Date.now();
        const commit = producer.commitTransaction(20_000).catch(() => {});

        producer.close();
        await commit;

        ok(Date.now() - started < 10_000, "the commit waited for what the closed client did not take any more");
      }
      batch.release();
    },
  },
  {
    title: "a client can be closed by whoever hears of its error",
    run: async (context) => {
      const reader = openReader(context, { "bootstrap.servers": `127.0.0.1:${await freePort()}` });
      const heard = firstOf(reader.errors$, "error");
      reader.errors$.subscribe(() => reader.close());

      await heard;

      throws(() => reader.open({ topic: "any", partition: 0 }, 0), CLOSED);
    },
  },
  {
    title: "closed worker threads refuse calls, and finish what is under way",
    run: async (context) => {
      const blocking = new BlockingCalls(context.library);
      const under = openProducer({ ...context, blocking }, { transactionalId: uniqueName("id") });
      const call = under.initTransactions(20_000);

      blocking.close();

      await call;
      strictEqual((await failureOf(under.commitTransaction(1000))).code, "closed");
      under.close();
    },
  },
];

const text = (bytes: Uint8Array | null | undefined) => bytes && new TextDecoder().decode(bytes);
const unreachable = ({ error }: ClientError) => error.code === "cluster-unreachable";

/** A batch of one record, of a reader that is closed already. */
async function someBatch(context: BindingContext) {
  const topic = await createTopic(context.cluster, "some");
  await produce(context.cluster, topic, [{ key: "key", value: "value", headers: [["header", "1"]] }]);
  using reader = openReader(context);
  return await nextBatch(reader.open({ topic, partition: 0 }, 0));
}
