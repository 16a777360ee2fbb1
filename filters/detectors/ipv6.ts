/** IPv6 addresses in the three forms of RFC 4291, 2.2: whole, shortened by `::`, and with an IPv4 address at the end. */

import { isAlphanumeric, isDigit, isInsideAfter, isInsideBefore } from "./characters.ts";
import type { Found, TextDetector } from "./detector.ts";
import { ipv4End } from "./ipv4.ts";

const COLON = 0x3a;
const DOT = 0x2e;
const PARTS = 8;
/** Eight parts of four digits, or six and an IPv4 address; with room for parts that turn out to be words. */
const LONGEST = 64;

export const ipv6: TextDetector = {
  kind: "text",
  name: "ipv6",
  description:
    "IPv6 addresses in all forms of RFC 4291, without prefix length and zone; the last part may be an IPv4 address. :: alone and addresses without any decimal digit (cafe::babe) do not count.",
  needs: { length: 3, digits: 1, sign: ":" },
  find(text, found) {
    let from = 0;
    for (let colon = text.indexOf(":"); colon >= 0; colon = text.indexOf(":", from)) {
      let start = colon;
      while (start > from && isPart(text.charCodeAt(start - 1))) start--;
      let end = colon + 1;
      while (isPart(text.charCodeAt(end))) end++;
      findIn(text, start, end, found);
      from = end;
    }
  },
};

/** Looks for the one address in the run of hex digits, colons and dots from `start` to `end`. */
function findIn(text: string, start: number, end: number, found: Found): void {
  let from = start;
  // What begins before the run, or at a dot or one colon, is a word or the end of a sentence: `host:2001:db8::1`.
  if (isInsideBefore(text, from)) from = pastFirstColon(text, from, end);
  if (from < end && text.charCodeAt(from) === COLON && text.charCodeAt(from + 1) !== COLON) from++;
  let to = end;
  if (isInsideAfter(text, to)) while (to > from && isAlphanumeric(text.charCodeAt(to - 1))) to--;
  while (to > from && text.charCodeAt(to - 1) === DOT) to--;
  if (to > from && text.charCodeAt(to - 1) === COLON && text.charCodeAt(to - 2) !== COLON) to--;
  if (to - from > LONGEST || isInsideBefore(text, from) || isInsideAfter(text, to)) return;
  if (isAddress(text, from, to)) found(from, to);
  else {
    // `fe80::1.Next`: a point with no digit behind it ends a sentence.
    const dot = firstDot(text, from, to);
    if (dot < to && !isDigit(text.charCodeAt(dot + 1)) && isAddress(text, from, dot)) found(from, dot);
  }
}

function firstDot(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) !== DOT) at++;
  return at;
}

function pastFirstColon(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) !== COLON) at++;
  return Math.min(at + 1, end);
}

function isAddress(text: string, start: number, end: number): boolean {
  let parts = 0;
  let shortened = false;
  let someDigit = false;
  let at = start;
  if (text.startsWith("::", at)) {
    shortened = true;
    at += 2;
  }
  while (at < end) {
    const partEnd = hexEnd(text, at, end);
    if (text.charCodeAt(partEnd) === DOT && partEnd < end) {
      if (ipv4End(text, at) !== end) return false;
      parts += 2;
      someDigit = true;
      break;
    }
    if (partEnd === at || partEnd - at > 4) return false;
    for (let digit = at; digit < partEnd; digit++) if (isDigit(text.charCodeAt(digit))) someDigit = true;
    parts++;
    at = partEnd;
    if (at === end) break;
    if (text.charCodeAt(at + 1) === COLON && at + 1 < end) {
      if (shortened) return false;
      shortened = true;
      at += 2;
    } else {
      at++;
      if (at === end) return false;
    }
  }
  return someDigit && (shortened ? parts < PARTS : parts === PARTS);
}

function hexEnd(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isHexDigit(text.charCodeAt(at))) at++;
  return at;
}

function isHexDigit(unit: number): boolean {
  return isDigit(unit) || ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x66);
}

function isPart(unit: number): boolean {
  return isHexDigit(unit) || unit === COLON || unit === DOT;
}
