/** Produce and Fetch requests whose batches are bytes, so that tests write and read them to the bit. */

import { createAPI, type Reader, Writer } from "@platformatic/kafka";

export interface RawFetch {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** 0 read uncommitted, 1 read committed. */
  readonly isolation: 0 | 1;
}

export interface RawFetched {
  readonly errorCode: number;
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[];
  readonly records: Buffer;
}

export interface RawProduced {
  readonly errorCode: number;
  readonly baseOffset: number;
}

type ProduceArguments = [topic: string, partition: number, batch: Buffer, transactionalId: string | null];

/** Produce v7, one batch to one partition, acknowledged by all replicas. */
export const produceBatch = createAPI<ProduceArguments, RawProduced>(
  0,
  7,
  (topic: string, partition: number, batch: Buffer, transactionalId: string | null) =>
    Writer.create()
      .appendString(transactionalId, false)
      .appendInt16(-1)
      .appendInt32(30_000)
      .appendInt32(1) // topics
      .appendString(topic, false)
      .appendInt32(1) // partitions
      .appendInt32(partition)
      .appendInt32(batch.length)
      .append(batch),
  (_correlationId, _apiKey, _apiVersion, reader) => {
    reader.readInt32();
    reader.readString(false);
    reader.readInt32();
    reader.readInt32();
    const errorCode = reader.readInt16();
    return { errorCode, baseOffset: Number(reader.readInt64()) };
  },
  false,
  false,
);

/** Fetch v11 of one partition, outside a fetch session. */
export const fetchBatches = createAPI<[RawFetch], RawFetched>(
  1,
  11,
  ({ topic, partition, offset, isolation }: RawFetch) =>
    Writer.create()
      .appendInt32(-1) // replica: a client
      .appendInt32(500) // waits at most, milliseconds
      .appendInt32(1) // for as many bytes
      .appendInt32(16 << 20)
      .appendInt8(isolation)
      .appendInt32(0)
      .appendInt32(-1)
      .appendInt32(1) // topics
      .appendString(topic, false)
      .appendInt32(1) // partitions
      .appendInt32(partition)
      .appendInt32(-1)
      .appendInt64(BigInt(offset))
      .appendInt64(-1n)
      .appendInt32(16 << 20)
      .appendInt32(0) // forgotten topics
      .appendString("", false),
  (_correlationId, _apiKey, _apiVersion, reader) => {
    reader.skip(4 + 2 + 4); // throttle time, error code and session
    reader.readInt32();
    reader.readString(false);
    reader.readInt32();
    reader.readInt32();
    const errorCode = reader.readInt16();
    reader.skip(8 + 8 + 8); // high watermark, last stable offset, start of the log
    const aborted = reader.readNullableArray(readAborted, false, false) ?? [];
    reader.readInt32(); // preferred replica
    return { errorCode, aborted, records: reader.readNullableBytes(false) ?? Buffer.alloc(0) };
  },
  false,
  false,
);

function readAborted(reader: Reader): RawFetched["aborted"][number] {
  return { producerId: reader.readInt64(), firstOffset: Number(reader.readInt64()) };
}
