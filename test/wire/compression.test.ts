import { describe, expect, test } from "bun:test";
import { gunzipSync } from "node:zlib";
import { compressionsAlgorithms } from "@platformatic/kafka";
import fc from "fast-check";
import { CODECS, type Codec, compress, decompress } from "../../src/wire/compression.ts";
import { mutated } from "../support/mutated.ts";
import { outcomeOf, thrownBy } from "../support/thrown-by.ts";

const COMPRESSED: readonly Codec[] = CODECS.filter((codec) => codec !== "none");
const CONTENT = Buffer.from(Array.from({ length: 3000 }, (_, i) => `record ${i * 7919} of a batch`).join());
const MAX_BYTES = 1 << 20;

describe.each(COMPRESSED)("%s", (codec) => {
  test("gives back what was compressed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 5000 }), fc.integer({ min: 1, max: 20 }), (piece, times) => {
        const content = Buffer.concat(Array.from({ length: times }, () => piece));
        expect(decompress(codec, compress(codec, content), content.length)).toEqual(content);
      }),
    );
  });

  test("is refused where it unpacks to more than allowed", () => {
    const bomb = compress(codec, Buffer.alloc(50_000_000));
    expect(thrownBy(() => decompress(codec, bomb, MAX_BYTES))).toMatchObject({
      code: "record-too-large",
      message: "a record batch unpacks to more than 1048576 bytes",
    });
  });

  test("that is corrupt is an error or other content, never more than allowed", () => {
    const maxBytes = 2 * CONTENT.length;
    fc.assert(
      fc.property(mutated([compress(codec, CONTENT)]), (bytes) => {
        const outcome = outcomeOf(() => decompress(codec, bytes, maxBytes));
        if (Buffer.isBuffer(outcome)) expect(outcome.length).toBeLessThanOrEqual(maxBytes);
      }),
      { numRuns: 300 },
    );
  });

  test("that is anything at all likewise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const outcome = outcomeOf(() => decompress(codec, Buffer.from(bytes), 1000));
        if (Buffer.isBuffer(outcome)) expect(outcome.length).toBeLessThanOrEqual(1000);
      }),
    );
  });
});

test("snappy framed as Java writes it is unpacked", () => {
  expect(decompress("snappy", xerial([CONTENT.subarray(0, 40_000), CONTENT.subarray(40_000)]), MAX_BYTES)).toEqual(
    CONTENT,
  );
});

test("the bound counts all frames of Java's snappy together", () => {
  const framed = xerial(Array.from({ length: 20 }, () => Buffer.alloc(100_000)));
  expect(thrownBy(() => decompress("snappy", framed, MAX_BYTES)).code).toBe("record-too-large");
});

test.each([
  ["a length of 4 GB in 5 bytes", Buffer.from([255, 255, 255, 255, 15])],
  ["a frame longer than what there is", Buffer.concat([xerial([]), Buffer.from([0x7f, 0xff, 0xff, 0xff])])],
])("snappy that claims %s is refused before memory is taken for it", (_, bytes) => {
  expect(thrownBy(() => decompress("snappy", bytes, 2 ** 40)).message).toContain("its lengths make no sense");
});

test("an LZ4 frame with blocks that build on each other, checksums and a content size is unpacked", () => {
  const content = Buffer.from(Array.from({ length: 20_000 }, (_, i) => "strait ".repeat(4) + (i % 3)).join());
  // What `lz4 -BD -BX --content-size -B4` (lz4 1.9.4) makes of it, in gzip for being mostly repetition itself.
  const frame = gunzipSync(Buffer.from(FRAME, "base64"));
  expect([frame.length, decompress("lz4", frame, content.length)]).toEqual([2704, content]);
});

test("two LZ4 frames after another are refused: the first alone is what is counted", () => {
  const frame = compress("lz4", CONTENT);
  expect(thrownBy(() => decompress("lz4", Buffer.concat([frame, frame]), MAX_BYTES)).message).toBe(
    "LZ4 content does not end where it says",
  );
});

/** The framing of snappy-java: a header, then each block with its length before it. */
function xerial(blocks: readonly Buffer[]): Buffer {
  const header = Buffer.concat([Buffer.from("\x82SNAPPY\0", "latin1"), Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
  const framed = blocks.flatMap((block) => {
    const compressed = compressionsAlgorithms.snappy.compressSync(block);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(compressed.length);
    return [length, compressed];
  });
  return Buffer.concat([header, ...framed]);
}

const FRAME =
  "H4sIAPprBGsC/2NR8pWIcdivzskAAiEajAwM9cUlRYmZJQrsDEz6BjriDEzMogzyhnIMXPJGQII/iuH/CAdFAcDQKS5pu1fnzQsML45///mn" +
  "jfQw+X8nQMFAp7iEe8/Mo+BEBE5CxSXsDAz6hrBEBEo/8gajiQgESgIUQPns46Ufn0GJiO3SaCL6//9egA4oUB43cYWrAwOlFpyEihLZGfSN" +
  "YGkIlHzApdFoGvpfFgAuqWX2WziA0hDLaBoCggeQQNE6z18PSkPVCpDqDJiGRiszLKAiAFxQpxb1vgelIabRygwIHkECxallh74aMFAqIQ2i" +
  "YnYGLUMdAQYuvtGqDBlUBYCLacWejARDYCOS+PRzDhzMhu3NqS2g1ufWP0ZeAL2Ib7WQCgAA";
