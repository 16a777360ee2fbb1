/** How long the content of an LZ4 frame is, found without unpacking it. */

import { StraitError } from "../model/errors.ts";

const MAGIC = 0x184d2204;
/** Flags of the frame descriptor (LZ4 frame format 1.6.1). */
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const DICTIONARY = 0x01;
/** Of a block's length: the block is stored as it is. */
const STORED = 0x80000000;
const SHORTEST_MATCH = 4;

/** The length of what an LZ4 frame unpacks to. Throws `kafka` where it is no single whole frame. */
export function lz4Length(frame: Buffer): number {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw malformed("is no LZ4 frame");
  const flags = frame[4] ?? 0;
  let at = 7 + (flags & CONTENT_SIZE ? 8 : 0) + (flags & DICTIONARY ? 4 : 0); // magic, flags, block size, header checksum
  let length = 0;
  for (;;) {
    if (at + 4 > frame.length) throw malformed("is cut off");
    const header = frame.readUInt32LE(at);
    at += 4;
    if (header === 0) break;
    const size = header & ~STORED;
    if (at + size > frame.length) throw malformed("is cut off");
    length += header & STORED ? size : blockLength(frame, at, at + size);
    at += size + (flags & BLOCK_CHECKSUM ? 4 : 0);
  }
  if (at + (flags & CONTENT_CHECKSUM ? 4 : 0) !== frame.length) throw malformed("does not end where it says");
  return length;
}

/** Sequences of a token, literals, and an offset back with the length of what is repeated from there. */
function blockLength(frame: Buffer, start: number, end: number): number {
  let length = 0;
  let at = start;
  /** Lengths of 15 go on in further bytes, up to one that is not 255. */
  const extended = (nibble: number): number => {
    let value = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; value += byte) {
      if (at >= end) throw malformed("has a block that is cut off");
      byte = frame[at++] ?? 0;
    }
    return value;
  };
  while (at < end) {
    const token = frame[at++] ?? 0;
    const literals = extended(token >>> 4);
    length += literals;
    at += literals;
    if (at >= end) break; // the last sequence has literals only
    at += 2; // offset
    length += SHORTEST_MATCH + extended(token & 15);
  }
  if (at !== end) throw malformed("has a block that is cut off");
  return length;
}

function malformed(problem: string): StraitError {
  return new StraitError("kafka", `LZ4 content ${problem}`);
}
