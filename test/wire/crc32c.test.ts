import { expect, test } from "bun:test";
import fc from "fast-check";
import { crc32c, patchedCrc32c } from "../../src/wire/crc32c.ts";

test("the CRC is CRC32C", () => {
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283); // the check value of CRC-32/ISCSI
});

test("nothing has the CRC 0", () => {
  expect(crc32c(Buffer.alloc(0))).toBe(0);
});

test("a patched CRC is that of the changed data, whatever changes and however much follows", () => {
  const pair = fc
    .nat({ max: 64 })
    .chain((length) =>
      fc.tuple(
        fc.uint8Array({ minLength: length, maxLength: length }),
        fc.uint8Array({ minLength: length, maxLength: length }),
      ),
    );
  fc.assert(
    fc.property(pair, fc.oneof(fc.nat({ max: 70 }), fc.nat({ max: 100_000 })), ([before, after], behind) => {
      const rest = Buffer.alloc(behind, "strait");
      const patched = patchedCrc32c(
        crc32c(Buffer.concat([before, rest])),
        Buffer.from(before),
        Buffer.from(after),
        behind,
      );
      expect(patched).toBe(crc32c(Buffer.concat([after, rest])));
    }),
    { numRuns: 500 },
  );
});

test("a patch reaches across 100 MB", () => {
  const data = Buffer.alloc(100_000_040, 7);
  const [crc, before] = [crc32c(data), Buffer.from(data.subarray(0, 40))];
  data.fill(9, 0, 40);
  expect(patchedCrc32c(crc, before, data.subarray(0, 40), 100_000_000)).toBe(crc32c(data));
});
