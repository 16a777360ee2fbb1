import fc from "fast-check";

/** Copies of one of the originals with some bytes replaced, cut off at the end now and then. */
export function mutated(originals: readonly Buffer[]): fc.Arbitrary<Buffer> {
  return fc
    .record({
      original: fc.constantFrom(...originals),
      edits: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2, 127, 128, 255)), { maxLength: 8 }),
      keep: fc.oneof(
        { weight: 3, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
      ),
    })
    .map(({ original, edits, keep }) => {
      const copy = Buffer.from(original.subarray(0, Math.ceil(original.length * keep)));
      for (const [at, byte] of edits) if (copy.length > 0) copy[at % copy.length] = byte;
      return copy;
    });
}
