import { expect, test } from "bun:test";
import { offsetFromBigInt } from "../../src/model/offset.ts";

test("an offset of the wire becomes a number", () => {
  expect([offsetFromBigInt(-1n), offsetFromBigInt(0n), offsetFromBigInt(2n ** 53n - 1n)]).toEqual([-1, 0, 2 ** 53 - 1]);
});

test("an offset a number cannot hold exactly is refused rather than rounded", () => {
  expect(() => offsetFromBigInt(2n ** 53n)).toThrow("9007199254740992");
});
