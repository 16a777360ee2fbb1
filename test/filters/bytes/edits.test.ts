import { describe, expect, test } from "bun:test";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { Edits } from "../../../filters/bytes/edits.ts";

/** A source, and what stands in the place of some of its parts; `gap` bytes before each part stay. */
const cases = fc.record({
  parts: fc.array(
    fc.record({
      gap: fc.uint8Array({ maxLength: 80 }),
      old: fc.uint8Array({ maxLength: 80 }),
      replacement: fc.uint8Array({ maxLength: 80 }),
    }),
    { maxLength: 6 },
  ),
  rest: fc.uint8Array({ maxLength: 80 }),
});

describe("edits", () => {
  test("give the source with the parts replaced, and leave the source as it was", () => {
    const edits = new Edits();
    fc.assert(
      fc.property(cases, fc.boolean(), ({ parts, rest }, isBuffer) => {
        const before = Buffer.concat([...parts.flatMap(({ gap, old }) => [gap, old]), rest]);
        const source = isBuffer ? Buffer.from(before) : new Uint8Array(before);
        edits.clear();
        let at = 0;
        for (const { gap, old, replacement } of parts) {
          const from = edits.patch.length;
          edits.patch.append(replacement);
          edits.replace(at + gap.length, at + gap.length + old.length, from, edits.patch.length);
          at += gap.length + old.length;
        }
        const after = edits.apply(source);
        expect(Buffer.from(after)).toEqual(
          Buffer.concat([...parts.flatMap(({ gap, replacement }) => [gap, replacement]), rest]),
        );
        expect(Buffer.compare(source, before)).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test("give memory of its own to each result, whatever the source is a part of", () => {
    const edits = new Edits();
    const memory = Buffer.from("before|the source itself, long enough to be copied at once|after");
    const source = memory.subarray(7, -6);
    edits.remove(0, 4);
    const [first, second] = [edits.apply(source), edits.apply(source)];
    memory.fill(0);
    first.fill(1);
    expect(first.buffer.byteLength).toBe(first.length);
    expect(Buffer.from(second).toString()).toBe("source itself, long enough to be copied at once");
  });

  test("that were forgotten leave no trace", () => {
    const edits = new Edits();
    edits.remove(0, 1);
    const mark = edits.mark();
    edits.remove(2, 3);
    edits.rewind(mark);
    expect(Buffer.from(edits.apply(Buffer.from("abc"))).toString()).toBe("bc");
  });
});
