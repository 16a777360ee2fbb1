/** Reads partitions from given offsets: one native consumer, one queue per partition, no consumer group. */

import { type Observable, Subject } from "rxjs";
import { StraitError } from "../model/errors.ts";
import { cString } from "./c-string.ts";
import { type ClientError, NativeClient, type Properties } from "./client.ts";
import { MESSAGE } from "./layout.ts";
import type { NativeLibrary } from "./library.ts";
import { MessageBatch } from "./message-batch.ts";
import { errorFromStatus, STATUS, throwError } from "./status.ts";
import { type TopicPartition, withPartitionList } from "./topic-partitions.ts";
import type { Wakeup } from "./wakeup.ts";

/** What a reader needs set, whatever the operator's properties say. */
const OWN_PROPERTIES = {
  // The consumer interface wants a group; nothing is subscribed or committed under it.
  "group.id": "strait-reader",
  "enable.auto.commit": "false",
  "enable.auto.offset.store": "false",
  // An offset that is gone must be said, not silently replaced by another.
  "auto.offset.reset": "error",
  "isolation.level": "read_committed",
  "enable.partition.eof": "true",
} as const;

/** Used where the operator says nothing: memory bounded per partition, and no second of idling once it was full. */
const DEFAULTS = {
  "queued.max.messages.kbytes": "4096",
  "queued.min.messages": "20000",
  "fetch.message.max.bytes": "1048576",
  "fetch.queue.backoff.ms": "5",
  "fetch.wait.max.ms": "100",
} as const;

export class RecordReader {
  readonly #client: NativeClient;
  readonly #wakeup: Wakeup;
  readonly #open = new Map<string, PartitionReader>();

  constructor(library: NativeLibrary, wakeup: Wakeup, properties: Properties) {
    this.#wakeup = wakeup;
    this.#client = new NativeClient(
      library,
      wakeup,
      "consumer",
      { ...DEFAULTS, ...properties, ...OWN_PROPERTIES },
      0,
      () => {},
    );
  }

  /** Errors of the connection, such as brokers that do not answer. */
  get errors$(): Observable<ClientError> {
    return this.#client.errors$;
  }

  /** Starts reading a partition. Each partition may be open once at a time: throws `conflict` otherwise. */
  open(partition: TopicPartition, offset: number): PartitionReader {
    this.#client.requireOpen();
    const key = name(partition);
    // Both would share one native queue, and the second would take the first one's wake-ups away.
    if (this.#open.has(key)) throw new StraitError("conflict", `${key} is already being read`);
    const reader = new PartitionReader(this.#client, this.#wakeup, partition, offset, () => this.#open.delete(key));
    this.#open.set(key, reader);
    return reader;
  }

  close(): void {
    for (const reader of [...this.#open.values()]) reader.close();
    this.#client.close();
  }
}

/** One partition being read. Not safe to share. */
export class PartitionReader {
  readonly partition: TopicPartition;
  readonly #client: NativeClient;
  readonly #library: NativeLibrary;
  readonly #queue: number;
  readonly #ready = new Subject<void>();
  readonly #unwatch: () => void;
  readonly #onClose: () => void;
  #closed = false;

  constructor(client: NativeClient, wakeup: Wakeup, partition: TopicPartition, offset: number, onClose: () => void) {
    const library = client.library;
    this.partition = partition;
    this.#client = client;
    this.#library = library;
    this.#onClose = onClose;
    this.#queue = library.rd_kafka_queue_get_partition(client.handle, cString(partition.topic), partition.partition);
    // Before the assignment, or the first messages go to the client's main queue.
    library.rd_kafka_queue_forward(this.#queue, 0);
    this.#unwatch = wakeup.watch(this.#queue, () => this.#ready.next());
    withPartitionList(library, client.handle, [{ ...partition, offset }], (list) =>
      throwError(library, library.rd_kafka_incremental_assign(client.handle, list), `reading ${name(partition)}`),
    );
  }

  /** Emits when `read` may have something again after it returned null. */
  get ready$(): Observable<void> {
    return this.#ready.asObservable();
  }

  /**
   * What has arrived, in order, or null. Never waits. A batch without records says that the position moved past
   * transaction markers or aborted records. Throws `offset-out-of-range` and others; the reader is then to be closed.
   * Throws `closed` after `close`.
   */
  read(maxRecords: number): MessageBatch | null {
    if (this.#closed) throw new StraitError("closed", `${name(this.partition)} is not read any more`);
    const slots = new BigUint64Array(maxRecords);
    const got = this.#library.rd_kafka_consume_batch_queue(this.#queue, 0, slots, maxRecords);
    if (got <= 0) return null;
    const messages = new Float64Array(got);
    const { readI32 } = this.#library.runtime;
    let count = 0;
    let endOffset: number | undefined;
    let failed = 0;
    for (let i = 0; i < got; i++) {
      const message = Number(slots[i]);
      const status = readI32(message, MESSAGE.err);
      if (status === STATUS.OK && failed === 0) {
        messages[count++] = message;
        continue;
      }
      if (status === STATUS.PARTITION_EOF) {
        endOffset = this.#library.runtime.readI64(message, MESSAGE.offset);
      } else if (failed === 0 && status !== STATUS.OK) {
        failed = message;
        continue;
      }
      this.#library.rd_kafka_message_destroy(message);
    }
    if (failed !== 0) {
      // What came before the error is read again after it: nothing of this batch was handed out.
      for (let i = 0; i < count; i++) this.#library.rd_kafka_message_destroy(messages[i] as number);
      throw this.#failure(failed);
    }
    if (count === 0 && endOffset === undefined) return null;
    const options = endOffset === undefined ? {} : { nextOffset: endOffset };
    return new MessageBatch(this.#client, this.partition, messages.subarray(0, count), options);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const library = this.#library;
    withPartitionList(library, this.#client.handle, [this.partition], (list) =>
      throwError(library, library.rd_kafka_incremental_unassign(this.#client.handle, list), "closing a partition"),
    );
    this.#unwatch();
    library.rd_kafka_queue_destroy(this.#queue);
    this.#ready.complete();
    this.#onClose();
  }

  #failure(message: number) {
    const { runtime } = this.#library;
    const status = runtime.readI32(message, MESSAGE.err);
    const text = runtime.readCString(this.#library.rd_kafka_message_errstr(message));
    this.#library.rd_kafka_message_destroy(message);
    return errorFromStatus(this.#library, status, `reading ${name(this.partition)}`, text, this.partition);
  }
}

const name = ({ topic, partition }: TopicPartition) => `${topic}/${partition}`;
