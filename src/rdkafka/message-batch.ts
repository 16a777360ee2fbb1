/** Consumed messages as a RecordBatch. Their memory stays librdkafka's until `release`. */

import type { RecordBatch } from "../model/batch.ts";
import { StraitError } from "../model/errors.ts";
import type { KafkaRecord, RecordHeader } from "../model/record.ts";
import type { NativeClient } from "./client.ts";
import { readHeaders } from "./headers.ts";
import { MESSAGE } from "./layout.ts";
import type { NativeLibrary } from "./library.ts";

const NO_HEADERS: readonly RecordHeader[] = [];

export class MessageBatch implements RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly count: number;
  readonly bytes: number;
  readonly nextOffset: number;
  readonly firstTimestamp: number;
  readonly #client: NativeClient;
  readonly #library: NativeLibrary;
  /** Addresses of the rd_kafka_message_t. */
  readonly #messages: Float64Array;
  #released = false;
  /** Holds the keys and values handed out by `record`; made when the first is asked for. */
  #copies: Uint8Array<ArrayBuffer> | undefined;
  #copied = 0;

  /** Takes the messages of `client` over. `nextOffset` is absent where it follows from the last message. */
  constructor(
    client: NativeClient,
    source: { topic: string; partition: number },
    messages: Float64Array,
    options: { nextOffset?: number } = {},
  ) {
    const { readU64, readI64 } = client.library.runtime;
    this.#client = client;
    this.#library = client.library;
    this.topic = source.topic;
    this.partition = source.partition;
    this.#messages = messages;
    this.count = messages.length;
    let bytes = 0;
    for (let i = 0; i < messages.length; i++) {
      const message = messages[i] as number;
      bytes += readU64(message, MESSAGE.len) + readU64(message, MESSAGE.key_len);
    }
    this.bytes = bytes;
    const lastMessage = messages[messages.length - 1];
    const following = lastMessage === undefined ? 0 : readI64(lastMessage, MESSAGE.offset) + 1;
    this.nextOffset = Math.max(following, options.nextOffset ?? 0);
    this.firstTimestamp = messages.length === 0 ? -1 : this.timestamp(0);
    // Destroying a client waits, without end, for messages that are not given back (seen with librdkafka 2.15.1).
    if (messages.length > 0) client.hold();
  }

  timestamp(index: number): number {
    return this.#library.rd_kafka_message_timestamp(this.message(index), 0);
  }

  offset(index: number): number {
    return this.#library.runtime.readI64(this.message(index), MESSAGE.offset);
  }

  record(index: number): KafkaRecord {
    const message = this.message(index);
    const { readU64 } = this.#library.runtime;
    const batch = this;
    let headers: readonly RecordHeader[] | undefined;
    return {
      topic: this.topic,
      partition: this.partition,
      offset: this.offset(index),
      timestamp: this.timestamp(index),
      key: this.#copy(readU64(message, MESSAGE.key), readU64(message, MESSAGE.key_len)),
      value: this.#copy(readU64(message, MESSAGE.payload), readU64(message, MESSAGE.len)),
      // Most filters never look at headers, so they are read when asked for.
      get headers(): readonly RecordHeader[] {
        headers ??= batch.#headers(index);
        return headers;
      },
    };
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    const { rd_kafka_message_destroy } = this.#library;
    for (let i = 0; i < this.count; i++) rd_kafka_message_destroy(this.#messages[i] as number);
    if (this.count > 0) this.#client.unhold();
  }

  /** The address of a rd_kafka_message_t, for the producer of this folder. Throws `closed` after `release`. */
  message(index: number): number {
    if (this.#released) throw new StraitError("closed", "a batch of records was used after its release");
    const message = this.#messages[index];
    if (message === undefined) throw new RangeError(`record ${index} of a batch of ${this.count}`);
    return message;
  }

  #headers(index: number): readonly RecordHeader[] {
    const slot = new BigUint64Array(1);
    if (this.#library.rd_kafka_message_headers(this.message(index), slot) !== 0) return NO_HEADERS;
    return readHeaders(this.#library, Number(slot[0]));
  }

  /** A copy in one buffer per batch; `null` for NULL, which Kafka tells from empty. */
  #copy(address: number, length: number): Uint8Array | null {
    if (address === 0) return null;
    if (this.#copies === undefined || this.#copied + length > this.#copies.byteLength) {
      this.#copies = new Uint8Array(Math.max(this.bytes, length));
      this.#copied = 0;
    }
    const start = this.#copied;
    this.#copied += length;
    if (length > 0) {
      this.#library.memcpy(this.#library.runtime.addressOf(this.#copies) + start, address, length);
    }
    return this.#copies.subarray(start, start + length);
  }
}
