/** The compressions of record batches, in both directions, with a bound on what comes out. */

import zlib from "node:zlib";
import { compressionsAlgorithms } from "@platformatic/kafka";
import { messageOf, StraitError } from "../model/errors.ts";
import { lz4Length } from "./lz4-length.ts";

/** In the order of the numbers that a batch's attributes have for them. */
export const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

export type Codec = (typeof CODECS)[number];

/** How snappy-java frames blocks (SnappyCodec): this, two versions of 4 bytes, then blocks with their lengths before. */
const XERIAL_MAGIC = Buffer.from("\x82SNAPPY\0", "latin1");
const XERIAL_HEADER_BYTES = 16;
/** No block unpacks to more per byte: a copy of 3 bytes yields 64 (snappy's format_description.txt). */
const MOST_BY_SNAPPY = 64;

/** Compresses as producers do: snappy as one bare block, LZ4 as a frame. `none` gives back the same bytes. */
export function compress(codec: Codec, content: Buffer): Buffer {
  return codec === "none" ? content : compressionsAlgorithms[codec].compressSync(content);
}

/**
 * Unpacks; `none` gives back the same bytes. Throws `kafka` for bytes that are not of this compression and, before it
 * takes the memory, for more than `maxBytes` of content.
 */
export function decompress(codec: Codec, compressed: Buffer, maxBytes: number): Buffer {
  try {
    switch (codec) {
      case "none":
        return compressed;
      case "gzip":
        return zlib.gunzipSync(compressed, { maxOutputLength: maxBytes });
      case "zstd":
        return zlib.zstdDecompressSync(compressed, { maxOutputLength: maxBytes });
      case "lz4":
        check(lz4Length(compressed), maxBytes);
        return compressionsAlgorithms.lz4.decompressSync(compressed);
      case "snappy":
        check(snappyLength(compressed), maxBytes);
        return compressionsAlgorithms.snappy.decompressSync(compressed);
    }
  } catch (error) {
    if (error instanceof StraitError) throw error;
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxBytes);
    throw new StraitError("kafka", `${codec} content is corrupt: ${messageOf(error)}`);
  }
}

/** What snappy content says it unpacks to, as far as that is plausible. */
function snappyLength(compressed: Buffer): number {
  if (!compressed.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return blockLength(compressed);
  let length = 0;
  for (let at = XERIAL_HEADER_BYTES; at < compressed.length; ) {
    const start = at + 4;
    if (start > compressed.length) throw malformedSnappy();
    at = start + compressed.readUInt32BE(at);
    if (at > compressed.length) throw malformedSnappy();
    length += blockLength(compressed.subarray(start, at));
  }
  return length;
}

/** The varint a block begins with. */
function blockLength(block: Buffer): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i];
    if (byte === undefined) break;
    length += (byte & 127) * 128 ** i;
    if (byte >= 128) continue;
    if (length > block.length * MOST_BY_SNAPPY) break;
    return length;
  }
  throw malformedSnappy();
}

function malformedSnappy(): StraitError {
  return new StraitError("kafka", "snappy content is corrupt: its lengths make no sense");
}

function check(length: number, maxBytes: number): void {
  if (length > maxBytes) throw tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): StraitError {
  return new StraitError("record-too-large", `a record batch unpacks to more than ${maxBytes} bytes`);
}
