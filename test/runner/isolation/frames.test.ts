import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Replace } from "../../../src/model/filter.ts";
import type { KafkaRecord } from "../../../src/model/record.ts";
import { FRAME_HEAD_BYTES, FrameReader } from "../../../src/runner/isolation/frame-reader.ts";
import { AnswerWriter, decodeAnswer, type HostOutcome } from "../../../src/runner/isolation/host-answer.ts";
import { encodeRequest, ReceivedRequest, type SharedBytes } from "../../../src/runner/isolation/host-request.ts";
import { Tally } from "../../../src/runner/tally.ts";

const content = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null });
const headers = fc.array(fc.record({ name: fc.string({ unit: "binary" }), value: content }), { maxLength: 3 });
const path = fc.string({ maxLength: 5 });
const record = fc.record({
  topic: fc.constant("orders"),
  partition: fc.constant(7),
  offset: fc.maxSafeNat(),
  timestamp: fc.integer({ min: -1, max: 2 ** 45 }),
  key: content,
  value: content,
  headers,
});
const edit: fc.Arbitrary<Replace> = fc
  .record(
    { key: content, value: content, headers, changed: fc.array(path, { maxLength: 3 }) },
    { requiredKeys: ["changed"] },
  )
  .map((parts) => ({ verb: "replace", ...parts }));
const reason = fc.record({ message: fc.string(), words: fc.string(), retriable: fc.boolean() });
const outcome: fc.Arbitrary<HostOutcome> = fc.oneof(
  fc.constant({ verb: "keep" } as const),
  fc.constant({ verb: "drop" } as const),
  edit,
  fc.record({ verb: fc.constant("fail" as const), step: fc.nat(40), reason }),
  fc.record({ verb: fc.constant("late" as const), step: fc.nat(40), edit: fc.option(edit, { nil: null }) }),
);

/** Plain arrays, so that a view of a buffer equals what it was made of. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? [...each] : each)));
// A Buffer has a toJSON of its own, which is called before the function above.
const bytesOf = (bytes: Uint8Array | null | undefined) => (bytes ? Array.from(bytes) : bytes);

function withoutBuffers({ headers: list, ...parts }: Partial<KafkaRecord> | Replace) {
  const { key, value } = parts;
  const named = list?.map((header) => ({ name: header.name, value: bytesOf(header.value) }));
  return plain({ ...parts, key: bytesOf(key), value: bytesOf(value), headers: named });
}

function comparable(each: HostOutcome): unknown {
  if (each.verb === "replace") return withoutBuffers(each);
  if (each.verb === "late") return { ...each, edit: each.edit && withoutBuffers(each.edit) };
  return each;
}

test("a request tells a host every record as it is", () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), fc.boolean(), (records, stopsAtFailure) => {
      const frame = encodeRequest({ id: 9, from: 1, to: 3, stopsAtFailure, records });
      expect(frame.readUInt32LE(0)).toBe(frame.length - FRAME_HEAD_BYTES);
      const request = new ReceivedRequest(frame.subarray(FRAME_HEAD_BYTES));
      expect(request).toMatchObject({ id: 9, from: 1, to: 3, stopsAtFailure, count: records.length });
      const shown = (bytes: SharedBytes | null) => bytes?.shown ?? null;
      for (const expected of records) {
        const { key, value, headers: list, ...place } = request.next();
        const named = list.map((header) => ({ name: header.name, value: shown(header.value) }));
        // What UTF-8 has no way to write, as half a pair, is written as brokers have it.
        const wellFormed = expected.headers.map((header) => ({ ...header, name: header.name.toWellFormed() }));
        expect(withoutBuffers({ ...place, key: shown(key), value: shown(value), headers: named })).toEqual(
          withoutBuffers({ ...expected, headers: wellFormed }),
        );
      }
    }),
  );
});

describe("an answer", () => {
  const written = (outcomes: readonly HostOutcome[], tally = new Tally()) => {
    const writer = new AnswerWriter(5, 0);
    for (const each of outcomes) writer.add(each);
    return writer.finish(tally);
  };

  test("tells the runner every outcome as it is", () => {
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 8 }), (outcomes) => {
        const tally = new Tally();
        tally.change("a", ["$.x"]);
        tally.monitor("b", ["fail"]);
        const answer = decodeAnswer(written(outcomes, tally).subarray(FRAME_HEAD_BYTES));
        expect(answer.id).toBe(5);
        expect(answer.counts).toEqual({ changed: { a: { "$.x": 1 } }, dropped: {}, monitored: { b: { fail: 1 } } });
        const expected = outcomes.map(comparable);
        expect(plain(answer.outcomes.map(comparable))).toEqual(plain(wellFormed(expected)));
      }),
    );
  });

  test("that is cut off is none", () => {
    const whole = written([{ verb: "replace", value: new Uint8Array(9), changed: ["$"] }, { verb: "keep" }]);
    for (let length = FRAME_HEAD_BYTES; length < whole.length; length++) {
      expect(() => decodeAnswer(whole.subarray(FRAME_HEAD_BYTES, length))).toThrow();
    }
  });
});

/** With the texts as UTF-8 has them. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, wellFormed(each)]));
}

describe("a stream of frames", () => {
  test("gives each of them, however it is cut", () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (all, cuts) => {
        const stream = Buffer.concat(
          all.flatMap((frame) => {
            const head = Buffer.alloc(FRAME_HEAD_BYTES);
            head.writeUInt32LE(frame.length);
            return [head, frame];
          }),
        );
        const reader = new FrameReader();
        const read: number[][] = [];
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const next = at + (cuts[cut % cuts.length] ?? 1);
          for (const frame of reader.push(stream.subarray(at, next))) read.push([...frame]);
          at = next;
        }
        expect(read).toEqual(all.map((frame) => [...frame]));
      }),
    );
  });

  test("that says a length no frame has is not waited for", () => {
    expect(() => [...new FrameReader().push(Buffer.alloc(8, 255))]).toThrow(RangeError);
  });
});
