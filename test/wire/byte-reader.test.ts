import { expect, test } from "bun:test";
import fc from "fast-check";
import { ByteReader } from "../../src/wire/byte-reader.ts";
import { varintLength, writeVarint } from "../../src/wire/varint.ts";
import { outcomeOf, thrownBy } from "../support/thrown-by.ts";

test("every integer below 2^52 survives as a varint, whose length is known before", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        // No -0: what it is read back as is equal, and to `toEqual` it is not.
        fc.maxSafeInteger().map((value) => Math.trunc(value / 2) + 0),
        fc.integer({ min: -200, max: 200 }),
      ),
      (value) => {
        const bytes = Buffer.alloc(10);
        const end = writeVarint(bytes, 0, value);
        const reader = new ByteReader(bytes, "bytes");
        expect([reader.varint(), reader.position, varintLength(value)]).toEqual([value, end, end]);
      },
    ),
  );
});

test("a larger integer is refused rather than rounded", () => {
  expect(thrownBy(() => varintLength(2 ** 52)).message).toBe("4503599627370496 is too large for a record to hold");
});

test("a varint that does not end is refused", () => {
  const reader = new ByteReader(Buffer.alloc(100, 255), "a record");
  expect(thrownBy(() => reader.varint())).toMatchObject({
    code: "kafka",
    message: "a record holds a number out of range",
  });
});

test.each([
  ["int16", 1],
  ["int32", 3],
  ["int64", 7],
  ["varint", 0],
  ["text", 1],
  ["content", 3],
] as const)("%s does not read behind the end", (method, length) => {
  const reader = new ByteReader(Buffer.alloc(8).subarray(0, length), "an answer");
  expect(thrownBy(() => reader[method]()).message).toBe("an answer ends in the middle of a value");
});

test("a list that claims more than there can be is refused before anything is read", () => {
  const reader = new ByteReader(Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 0]), "an answer");
  let read = 0;
  const error = thrownBy(() => reader.list(2, () => read++));
  expect({ message: error.message, read }).toEqual({
    message: "an answer claims 2147483647 elements and ends before",
    read: 0,
  });
});

test("negative lengths are null or refused, never a way back", () => {
  fc.assert(
    fc.property(fc.integer({ max: -1 }), (length) => {
      const reader = new ByteReader(Buffer.alloc(4), "bytes");
      outcomeOf(() => reader.skip(length));
      expect(reader.position).toBe(0);
    }),
  );
});
