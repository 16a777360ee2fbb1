/** Records that strait decoded itself, as filters take them. */

import type { RecordBatch } from "../model/batch.ts";
import type { KafkaRecord } from "../model/record.ts";
import { decodeBody, type RawRecord } from "../wire/decode-records.ts";

export class DecodedBatch implements RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
  readonly bytes: number;
  readonly #records: readonly RawRecord[];

  /** Records in order of their offsets, bodies as views that stay valid as long as somebody holds them. */
  constructor(source: { topic: string; partition: number }, records: readonly RawRecord[], nextOffset: number) {
    this.topic = source.topic;
    this.partition = source.partition;
    this.nextOffset = nextOffset;
    this.#records = records;
    this.bytes = records.reduce((sum, { body }) => sum + body.length, 0);
  }

  get count(): number {
    return this.#records.length;
  }

  get firstTimestamp(): number {
    return this.#records[0]?.timestamp ?? -1;
  }

  timestamp(index: number): number {
    return this.raw(index).timestamp;
  }

  offset(index: number): number {
    return this.raw(index).offset;
  }

  record(index: number): KafkaRecord {
    const { offset, timestamp, body } = this.raw(index);
    return { topic: this.topic, partition: this.partition, offset, timestamp, ...decodeBody(body) };
  }

  /** The record with its content as it was encoded. */
  raw(index: number): RawRecord {
    const record = this.#records[index];
    if (record === undefined) throw new RangeError(`record ${index} of a batch of ${this.count}`);
    return record;
  }

  /** Nothing to give back: memory is the runtime's. */
  release(): void {}
}
