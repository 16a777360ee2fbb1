/** Texts made to be slow: four times the length must not take much more than four times as long. */

import { expect, test } from "bun:test";
import { builtInDetectors } from "../../../filters/detectors/built-in.ts";
import { matchFinder } from "../../../filters/detectors/find-matches.ts";

const UNITS = [
  ...["1", "0", "a", "@", ":", ".", "-", "+", "(", " ", "é", "電", "\ud800"],
  ...[
    "a@",
    "@a.bc",
    "a@b.co@c.co",
    "a.",
    "a-",
    "._",
    "1:",
    "::",
    "1::",
    "f:",
    "1: ",
    "1:b ",
    "::f ",
    "1.",
    "1.1.1.",
    "+1",
    "(0",
    "0)",
  ],
  ...["1 ", "11 ", "4111 ", "4111-", "4111 1111 1111 1111 ", "DE89 ", "DE89 3704 0044 0532 0130 00 ", "0 0"],
  ...[
    "030 12 34 ",
    "+49 170 1234567 ",
    "612 345 678 ",
    "1 2 3 4 5 6 7 8 9 ",
    "RSS MRA ",
    "AB 12 34 56 ",
    "12.345.678-",
  ],
];
const SHORT = 256 * 1024;
const TIMES = 4;
/** What differs by less is noise. */
const FLOOR_MS = 30;
const ALLOWED = 3;

const finder = matchFinder(builtInDetectors);

function milliseconds(text: string): number {
  const start = performance.now();
  finder.find(text);
  return performance.now() - start;
}

test.each(UNITS)(
  "a megabyte of %j takes time proportional to its length",
  (unit) => {
    const text = unit.repeat(Math.ceil((SHORT * TIMES) / unit.length));
    const short = milliseconds(text.slice(0, SHORT));
    const long = milliseconds(text);
    expect(long).toBeLessThan(Math.max(short, FLOOR_MS) * TIMES * ALLOWED);
  },
  60_000,
);
