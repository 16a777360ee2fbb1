/** Reading record batches (magic 2; Kafka's documentation, "Record Batch"). */

import { compressionsAlgorithmsByBitmask } from "@platformatic/kafka";
import { StraitError } from "../model/errors.ts";
import { offsetFromBigInt } from "../model/offset.ts";

export interface RecordTime {
  readonly offset: number;
  /** Milliseconds since the epoch; -1 where the record has none. */
  readonly timestamp: number;
}

const HEADER_BYTES = 61;
/** Bytes before those that a batch's length counts: base offset and the length itself. */
const LENGTH_END = 12;
const MAGIC = 2;

/** Bits of the attributes. */
const COMPRESSION = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** One batch, as a view of the bytes it came in. */
export class RecordBatch {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get baseOffset(): number {
    return offsetFromBigInt(this.#bytes.readBigInt64BE(0));
  }

  get lastOffset(): number {
    return this.baseOffset + this.#bytes.readInt32BE(23);
  }

  get producerId(): bigint {
    return this.#bytes.readBigInt64BE(43);
  }

  get transactional(): boolean {
    return (this.#attributes & TRANSACTIONAL) !== 0;
  }

  /** Whether it ends a transaction rather than holding records. */
  get control(): boolean {
    return (this.#attributes & CONTROL) !== 0;
  }

  /** The first record at or after an offset, `null` if there is none. Decompresses the batch. */
  firstRecordAt(offset: number): RecordTime | null {
    const appendTime = (this.#attributes & LOG_APPEND_TIME) === 0 ? null : Number(this.#bytes.readBigInt64BE(35));
    const firstTimestamp = Number(this.#bytes.readBigInt64BE(27));
    const records = new Varints(this.#records());
    for (let left = this.#bytes.readInt32BE(57); left > 0; left--) {
      const length = records.read();
      const end = records.position + length;
      records.position++; // attributes, unused
      const timestamp = firstTimestamp + records.read();
      const at = this.baseOffset + records.read();
      if (at >= offset) return { offset: at, timestamp: appendTime ?? timestamp };
      records.position = end;
    }
    return null;
  }

  get #attributes(): number {
    return this.#bytes.readInt16BE(21);
  }

  #records(): Buffer {
    const records = this.#bytes.subarray(HEADER_BYTES);
    const codec = this.#attributes & COMPRESSION;
    if (codec === 0) return records;
    const algorithm = compressionsAlgorithmsByBitmask[codec];
    if (algorithm === undefined) throw new StraitError("kafka", `a record batch has the unknown compression ${codec}`);
    return algorithm.decompressSync(records);
  }
}

/** The batches of a Fetch answer. One that is cut off at the end, and all from one of an old format on, are left out. */
export function* recordBatches(bytes: Buffer): Generator<RecordBatch> {
  for (let start = 0; start + HEADER_BYTES <= bytes.length; ) {
    const end = start + LENGTH_END + bytes.readInt32BE(start + 8);
    if (end > bytes.length || bytes[start + 16] !== MAGIC) return;
    yield new RecordBatch(bytes.subarray(start, end));
    start = end;
  }
}

/** Zigzag varints one after the other. */
class Varints {
  position = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.position++];
      if (byte === undefined) throw new StraitError("kafka", "a record batch ends in the middle of a record");
      value += (byte & 127) * scale;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }
}
