import { describe, expect, test } from "bun:test";
import { randomUUID } from "node:crypto";
import { SchemaId } from "@confluentinc/schemaregistry/dist/serde/serde.js";
import fc from "fast-check";
import {
  encodeFrame,
  encodeMessageIndex,
  readFrame,
  readMessageIndex,
  schemaIdHeader,
} from "../../../filters/registry/frame.ts";
import { StraitError } from "../../../src/model/errors.ts";
import { outcomeOf, thrownBy } from "../../support/thrown-by.ts";

const id = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 0x7fff_ffff }));
const path = fc.array(fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 100_000 })), { minLength: 1, maxLength: 8 });

describe("what Confluent's serializers write", () => {
  test("is read: the id, the message index and where the payload begins", () => {
    fc.assert(
      fc.property(id, path, fc.uint8Array({ maxLength: 5 }), (schema, messages, body) => {
        const written = new SchemaId("PROTOBUF", schema, undefined, messages).idToBytes();
        const bytes = Buffer.concat([written, body]);
        const frame = readFrame(bytes);
        expect(frame).toEqual({ id: schema, length: 5 });
        expect(readMessageIndex(bytes, frame.length)).toEqual({ path: messages, end: written.length });
      }),
    );
  });

  test("is read: the GUID", () => {
    const guid = randomUUID();
    const written = new SchemaId("AVRO", undefined, guid).guidToBytes();
    expect(readFrame(Buffer.concat([written, Buffer.from("x")]))).toEqual({ id: guid, length: 17 });
  });

  test("is written", () => {
    fc.assert(
      fc.property(id, fc.uuid(), path, (schema, guid, messages) => {
        const index = encodeMessageIndex(messages);
        const byId = new SchemaId("PROTOBUF", schema, undefined, messages).idToBytes();
        expect([...encodeFrame(schema), ...index]).toEqual([...byId]);
        const byGuid = new SchemaId("PROTOBUF", undefined, guid, messages).guidToBytes();
        expect([...encodeFrame(guid), ...index]).toEqual([...byGuid]);
      }),
    );
  });
});

test("any bytes are a frame or a failure", () => {
  const bytes = fc.tuple(fc.constantFrom(0, 1, 2, 255), fc.uint8Array({ maxLength: 40 }));
  fc.assert(
    fc.property(bytes, ([first, rest]) => {
      const payload = Uint8Array.of(first, ...rest);
      const frame = outcomeOf(() => readFrame(payload));
      if (frame instanceof StraitError) {
        expect(frame.code).toBe("filter-failed");
        return;
      }
      expect(encodeFrame(frame.id)).toEqual(payload.slice(0, frame.length));
      const index = outcomeOf(() => readMessageIndex(payload, frame.length));
      if (index instanceof StraitError) expect(index.code).toBe("filter-failed");
      else {
        expect(index.end).toBeLessThanOrEqual(payload.length);
        expect(index.path.every((each) => Number.isInteger(each) && each >= 0)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test.each<[string, number[]]>([
  ["nothing", []],
  ["JSON", [...Buffer.from('{"a":1}')]],
  ["half an id", [0, 0, 0, 1]],
  ["a negative id", [0, 0x80, 0, 0, 1]],
  ["half a GUID", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ["another magic byte", [2, 0, 0, 0, 1]],
])("%s is no frame", (_title, bytes) => {
  expect(thrownBy(() => readFrame(Uint8Array.from(bytes))).code).toBe("filter-failed");
});

test.each<[string, number[]]>([
  ["nothing", []],
  ["a negative number of indexes", [1]],
  ["fewer indexes than said", [4, 2]],
  ["a negative index", [2, 1]],
  ["more indexes than there are levels", [0x42, ...Array(33).fill(2)]],
  ["a number that does not end", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80]],
  ["a number of more than 32 bits", [0xff, 0xff, 0xff, 0xff, 0x1f]],
])("%s is no message index", (_title, bytes) => {
  expect(thrownBy(() => readMessageIndex(Uint8Array.from(bytes), 0)).code).toBe("filter-failed");
});

test("the last of several headers counts, and one without value does not", () => {
  const header = (name: string, value: string | null) => ({ name, value: value === null ? null : Buffer.from(value) });
  const [a, b] = [header("x", "1"), header("x", "2")];
  expect(schemaIdHeader([a, b, header("y", "3")], "x")).toBe(b);
  expect(schemaIdHeader([a, header("x", null)], "x")).toBeNull();
  expect(schemaIdHeader([], "x")).toBeNull();
});
