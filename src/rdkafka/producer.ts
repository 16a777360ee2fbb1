/** Writes batches of consumed messages to a destination topic, inside transactions or idempotently without. */

import type { Observable } from "rxjs";
import type { Edits } from "../model/batch.ts";
import type { Replace } from "../model/filter.ts";
import type { BlockingCalls } from "./blocking-calls.ts";
import { cString } from "./c-string.ts";
import { type ClientError, NativeClient, type Properties } from "./client.ts";
import { type Delivery, reportDeliveries } from "./deliveries.ts";
import { createHeaders } from "./headers.ts";
import { EVENT, MESSAGE } from "./layout.ts";
import type { NativeLibrary } from "./library.ts";
import type { MessageBatch } from "./message-batch.ts";
import { ProduceValues } from "./produce-values.ts";
import { errorFromStatus, STATUS, throwError } from "./status.ts";
import { createPartitionList, type PartitionOffset } from "./topic-partitions.ts";
import type { Wakeup } from "./wakeup.ts";

/** Memory is bounded by the pipeline's window, so the producer's own limits only must not get in its way. */
const OWN_PROPERTIES = {
  "enable.idempotence": "true",
  "queue.buffering.max.messages": "0",
  "queue.buffering.max.kbytes": "2097151",
} as const;

/** Used where the operator says nothing. Commits flush at once, so lingering costs no latency when there is little. */
const DEFAULTS = {
  "linger.ms": "20",
  "batch.size": "1000000",
  // How large a record may be is the destination's decision, not this client's.
  "message.max.bytes": "104857600",
  // Brokers answer "concurrent transactions" until the one before is written out, some milliseconds.
  "retry.backoff.ms": "10",
} as const;

/** Where the records of a batch go. */
export interface Destination {
  readonly topic: string;
  /** The destination's partition count where it is smaller than the source's: then keys decide. Else null: same number. */
  readonly hashedOver: number | null;
}

export interface ProducerOptions {
  /** Makes the producer transactional. Another producer with the same id shuts this one out for good. */
  readonly transactionalId?: string;
  /** Told about deliveries; without it (and with transactions) nothing is reported. */
  readonly onDelivery?: (delivery: Delivery) => void;
}

export class Producer {
  readonly #client: NativeClient;
  readonly #library: NativeLibrary;
  readonly #blocking: BlockingCalls;
  readonly #topics = new Map<string, number>();
  readonly #values = new ProduceValues();

  constructor(
    library: NativeLibrary,
    wakeup: Wakeup,
    blocking: BlockingCalls,
    properties: Properties,
    { transactionalId, onDelivery }: ProducerOptions = {},
  ) {
    this.#library = library;
    this.#blocking = blocking;
    this.#client = new NativeClient(
      library,
      wakeup,
      "producer",
      {
        ...DEFAULTS,
        ...properties,
        ...OWN_PROPERTIES,
        ...(transactionalId === undefined ? {} : { "transactional.id": transactionalId }),
        ...(onDelivery === undefined ? { "delivery.report.only.error": "true" } : {}),
      },
      // Also where nobody asks for them: without delivery events, rd_kafka_flush within a commit empties the main queue
      // itself, so that errors are lost and log lines go to stderr (librdkafka 2.15.1).
      EVENT.DR,
      (event, type) => {
        if (type === EVENT.DR && onDelivery) reportDeliveries(library, event, onDelivery);
      },
      () => {
        for (const topic of this.#topics.values()) library.rd_kafka_topic_destroy(topic);
      },
    );
  }

  get errors$(): Observable<ClientError> {
    return this.#client.errors$;
  }

  /** Messages not yet acknowledged. */
  get outstanding(): number {
    return this.#client.closed ? 0 : this.#library.rd_kafka_outq_len(this.#client.handle);
  }

  /**
   * Hands the records that `edits` leave to the client, in order; all bytes are copied before it returns. Returns how
   * many. Headers of unedited records move out of the batch. Throws `record-too-large` and others; what was handed over
   * before stays, so the caller must not use the producer again.
   */
  enqueue(batch: MessageBatch, edits: Edits, destination: Destination, tag = 0): number {
    this.#client.requireOpen();
    const { rd_kafka_produceva } = this.#library;
    const values = this.#values;
    values.topic(this.#topic(destination.topic));
    values.tag(tag);
    let count = 0;
    for (let index = 0; index < batch.count; index++) {
      const edit = edits?.[index] ?? null;
      if (edit?.verb === "drop") continue;
      const headers = this.#fill(batch, index, edit, destination);
      const error = rd_kafka_produceva(this.#client.handle, values.bytes, values.count);
      if (error !== 0) {
        // The headers are the client's only where it took the message.
        if (headers !== 0) this.#library.rd_kafka_headers_destroy(headers);
        throwError(this.#library, error, `writing to ${destination.topic}`, {
          topic: batch.topic,
          partition: batch.partition,
          offset: batch.offset(index),
        });
      }
      count++;
    }
    return count;
  }

  /** Gets the producer's id, which ends whatever transaction an earlier producer of the same id left open. */
  async initTransactions(timeoutMs: number): Promise<void> {
    await this.#block("joining as the only writer", "rd_kafka_init_transactions", timeoutMs, this.#client.handle);
  }

  beginTransaction(): void {
    this.#client.requireOpen();
    throwError(this.#library, this.#library.rd_kafka_begin_transaction(this.#client.handle), "beginning a transaction");
  }

  /** Adds positions of `group` to the transaction: they are committed with its records or not at all. */
  async sendOffsets(group: string, offsets: readonly PartitionOffset[], timeoutMs: number): Promise<void> {
    const library = this.#library;
    const metadata = library.rd_kafka_consumer_group_metadata_new(cString(group));
    const list = createPartitionList(library, this.#client.handle, offsets);
    try {
      await this.#block(
        "committing offsets in the transaction",
        "rd_kafka_send_offsets_to_transaction",
        timeoutMs,
        this.#client.handle,
        list,
        metadata,
      );
    } finally {
      library.rd_kafka_topic_partition_list_destroy(list);
      library.rd_kafka_consumer_group_metadata_destroy(metadata);
    }
  }

  /** Waits for all records to be written and commits. After a rejection the producer is to be closed. */
  async commitTransaction(timeoutMs: number): Promise<void> {
    await this.#block("committing the transaction", "rd_kafka_commit_transaction", timeoutMs, this.#client.handle);
  }

  /** Drops what is not sent, ends the client. An open transaction is aborted by the next producer with the same id. */
  close(): void {
    const PURGE_ALL = 0x7;
    if (this.#client.closed) return;
    this.#library.rd_kafka_purge(this.#client.handle, PURGE_ALL);
    this.#client.close();
  }

  async #block(what: string, ...call: Parameters<BlockingCalls["call"]>): Promise<void> {
    this.#client.requireOpen();
    this.#client.hold();
    try {
      throwError(this.#library, await this.#blocking.call(...call), what);
    } finally {
      this.#client.unhold();
    }
  }

  #topic(name: string): number {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      topic = this.#library.rd_kafka_topic_new(this.#client.handle, cString(name), 0);
      if (topic === 0) throw errorFromStatus(this.#library, STATUS.UNKNOWN_TOPIC, `writing to ${name}`);
      this.#topics.set(name, topic);
    }
    return topic;
  }

  /** Describes one message to produceva. Returns native headers it made or took over, 0 if none. */
  #fill(batch: MessageBatch, index: number, edit: Replace | null, destination: Destination): number {
    const library = this.#library;
    const { readU64 } = library.runtime;
    const message = batch.message(index);
    const values = this.#values;

    let key = readU64(message, MESSAGE.key);
    let keyLength = readU64(message, MESSAGE.key_len);
    let value = readU64(message, MESSAGE.payload);
    let valueLength = readU64(message, MESSAGE.len);
    if (edit?.key !== undefined) [key, keyLength] = this.#span(edit.key);
    if (edit?.value !== undefined) [value, valueLength] = this.#span(edit.value);
    values.key(key, keyLength);
    values.value(value, valueLength);
    // librdkafka takes 0 for "now" (rd_kafka_msg_new0): a record of the epoch's first millisecond gets the second.
    values.timestamp(batch.timestamp(index) || 1);

    let partition = batch.partition;
    if (destination.hashedOver !== null) {
      const topic = this.#topic(destination.topic);
      partition =
        key === 0
          ? partition % destination.hashedOver
          : library.rd_kafka_msg_partitioner_murmur2(topic, key, keyLength, destination.hashedOver, 0, 0);
    }
    values.partition(partition);

    let headers = 0;
    if (edit?.headers !== undefined) headers = createHeaders(library, edit.headers);
    else if (library.rd_kafka_message_detach_headers(message, values.slot) === STATUS.OK)
      headers = Number(values.slot[0]);
    values.headers(headers);
    return headers;
  }

  /** Address and length of bytes of ours; an empty array still needs an address, which 0 would take for null. */
  #span(bytes: Uint8Array | null): [address: number, length: number] {
    if (bytes === null) return [0, 0];
    const held = bytes.byteLength === 0 ? ONE_BYTE : bytes;
    return [this.#library.runtime.addressOf(held), bytes.byteLength];
  }
}

const ONE_BYTE = new Uint8Array(1);
