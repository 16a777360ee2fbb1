/** Native queues wake the event loop. The safety that looks at queues anyway is set so long that it cannot help. */

import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import type { NativeLibrary } from "../../../src/rdkafka/library.ts";
import { RecordReader } from "../../../src/rdkafka/reader.ts";
import { Wakeup } from "../../../src/rdkafka/wakeup.ts";
import { produce } from "../../support/produce.ts";
import { createTopic } from "../../support/topics.ts";
import type { BindingCase } from "./binding-case.ts";
import { nextBatch, until } from "./wait.ts";

const NEVER_MS = 3_600_000;

export const wakeupCases: readonly BindingCase[] = [
  {
    title: "each of many queues wakes whoever watches it, again and again",
    run: async ({ library, cluster }) => {
      const partitions = Array.from({ length: 32 }, (_, partition) => partition);
      const topic = await createTopic(cluster, "many", { partitions: partitions.length });
      using wakeup = disposable(await Wakeup.open(library, NEVER_MS));
      using reader = disposable(new RecordReader(library, wakeup, { "bootstrap.servers": cluster.bootstrap }));
      const readers = partitions.map((partition) => reader.open({ topic, partition }, 0));

      for (let round = 1; round <= 5; round++) {
        await produce(
          cluster,
          topic,
          partitions.map((partition) => ({ partition, value: "v" })),
        );
        const positions = await Promise.all(
          readers.map(async (one) => {
            for (;;) {
              const batch = await nextBatch(one);
              batch.release();
              if (batch.nextOffset >= round) return batch.nextOffset;
            }
          }),
        );

        deepStrictEqual(positions, Array(partitions.length).fill(round));
      }
    },
  },
  {
    title: "a queue that is not empty when it is watched is reported",
    run: async ({ library }) => {
      using client = noisyClient(library);
      using wakeup = disposable(await Wakeup.open(library, NEVER_MS));
      // It has logged its making, and librdkafka writes only when an empty queue gets something.
      let calls = 0;

      wakeup.watch(client.queue, () => calls++);

      await until("a call of the watch", () => calls > 0);
    },
  },
  {
    title: "a watch that has ended is not called although its queue fills",
    run: async ({ library }) => {
      using client = noisyClient(library);
      using wakeup = disposable(await Wakeup.open(library, NEVER_MS));
      let calls = 0;
      const end = wakeup.watch(client.queue, () => calls++);
      await until("a call of the watch", () => calls > 0);

      end();
      end();
      const before = calls;
      await client.moreEvents();

      strictEqual(calls, before);
    },
  },
  {
    title: "nobody is called once the wake-ups are closed, and closing them twice is fine",
    run: async ({ library }) => {
      using client = noisyClient(library);
      using wakeup = disposable(await Wakeup.open(library, NEVER_MS));
      let calls = 0;
      wakeup.watch(client.queue, () => calls++);
      await until("a call of the watch", () => calls > 0);

      wakeup.close();
      wakeup.close();
      const before = calls;
      await client.moreEvents();

      strictEqual(calls, before);
    },
  },
  {
    title: "a queue that is not emptied in time is looked at again anyway",
    run: async ({ library }) => {
      using client = noisyClient(library);
      using wakeup = disposable(await Wakeup.open(library, 10));
      let calls = 0;
      wakeup.watch(client.queue, () => calls++);

      // librdkafka wakes once until the queue is read, which nobody does here.
      await until("several calls of the watch", () => calls > 5);
    },
  },
];

/** A native client that keeps logging about the broker of its group, which is not there, and its main queue. */
function noisyClient(library: NativeLibrary) {
  const c = (text: string) => new TextEncoder().encode(`${text}\0`);
  const errors = new Uint8Array(512);
  const configuration = library.rd_kafka_conf_new();
  const properties = {
    "bootstrap.servers": "127.0.0.1:1",
    "group.id": "noisy",
    "log.queue": "true",
    debug: "broker",
    "reconnect.backoff.ms": "10",
    "reconnect.backoff.max.ms": "50",
  };
  for (const [name, value] of Object.entries(properties)) {
    strictEqual(library.rd_kafka_conf_set(configuration, c(name), c(value), errors, errors.byteLength), 0);
  }
  const consumer = 1;
  const handle = library.rd_kafka_new(consumer, configuration, errors, errors.byteLength);
  notStrictEqual(handle, 0);
  const queue = library.rd_kafka_queue_get_main(handle);
  library.rd_kafka_set_log_queue(handle, queue);
  const take = () => {
    const event = library.rd_kafka_queue_poll(queue, 0);
    if (event !== 0) library.rd_kafka_event_destroy(event);
    return event !== 0;
  };
  return {
    queue,
    /** Resolves when the queue was empty and has events again, and the event loop has had time to hear of them. */
    moreEvents: async () => {
      for (let round = 0; round < 3; round++) {
        while (take());
        await until("more events", take);
      }
    },
    [Symbol.dispose]: () => {
      library.rd_kafka_queue_destroy(queue);
      library.rd_kafka_destroy_flags(handle, 0);
    },
  };
}

const disposable = <T extends { close(): void }>(client: T): T & Disposable =>
  Object.assign(client, { [Symbol.dispose]: () => client.close() });
