/** The paths filters take: RFC 9535 without filter expressions, slices, unions and negative indexes. */

import { StraitError } from "../../src/mod.ts";

/** One step of a path. */
export interface Segment {
  /** Whether it may be taken at any depth below the value reached so far (`..`). */
  readonly descend: boolean;
  /** A member's decoded name, an element's index, or `null` for every member or element (`*`). */
  readonly selector: string | number | null;
}

/** Steps from the root; empty for `$`. */
export type JsonPath = readonly Segment[];

/**
 * Reads a path. Throws `StraitError` with code `filter-invalid`, whose message says what is wrong and at which character.
 */
export function parsePath(text: string): JsonPath {
  if (!text.isWellFormed()) refuse(0, "the path holds half a surrogate pair");
  if (!text.startsWith("$")) refuse(0, "a path starts with $");
  const segments: Segment[] = [];
  let at = 1;
  while (at < text.length) {
    const next = readSegment(text, skipBlank(text, at));
    segments.push(next.segment);
    at = next.at;
  }
  return segments;
}

/** A spelling of a segment that is the same for `.a` and `['a']`, and different for different segments. */
export function segmentKey({ descend, selector }: Segment): string {
  return `${descend ? ".." : "."}${JSON.stringify(selector)}`;
}

interface Read<T> {
  readonly value: T;
  /** Where reading goes on. */
  readonly at: number;
}

/** The names RFC 9535 (member-name-shorthand) lets stand after a dot. */
const SHORTHAND = /[A-Za-z_\u0080-\u{10FFFF}][A-Za-z0-9_\u0080-\u{10FFFF}]*/uy;

/** No leading zeros, RFC 9535 `int` without its sign. */
const INDEX = /(?:0|[1-9][0-9]*)/y;

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", "/": "/", "\\": "\\" };

function readSegment(text: string, at: number): { segment: Segment; at: number } {
  const descend = text.startsWith("..", at);
  const dotted = descend || text[at] === ".";
  const after = at + (descend ? 2 : dotted ? 1 : 0);
  if (text[after] === "[" && (descend || !dotted)) {
    const { value, at: end } = readBracket(text, after);
    return { segment: { descend, selector: value }, at: end };
  }
  if (!dotted) return refuse(at, at < text.length ? "expected . or [" : "the path ends with white space");
  if (text[after] === "*") return { segment: { descend, selector: null }, at: after + 1 };
  const name = matchAt(SHORTHAND, text, after);
  if (name === null) return refuse(after, "expected a name or *; other names are written in brackets, as ['a-b']");
  const end = after + name.length;
  if (end < text.length && !".[ \t\n\r".includes(text.charAt(end)))
    refuse(end, "this character cannot stand in a name after a dot; write the name in brackets, as ['a-b']");
  return { segment: { descend, selector: name }, at: end };
}

function readBracket(text: string, open: number): Read<string | number | null> {
  const at = skipBlank(text, open + 1);
  const { value, at: end } = readSelector(text, at);
  const close = skipBlank(text, end);
  if (text[close] === ",") refuse(close, "several selectors in one bracket are not supported; list a path for each");
  if (text[close] === ":") refuse(close, "slices are not supported; use [*] or an index");
  if (text[close] !== "]") refuse(close, "expected ]");
  return { value, at: close + 1 };
}

function readSelector(text: string, at: number): Read<string | number | null> {
  const first = text[at];
  if (first === "*") return { value: null, at: at + 1 };
  if (first === '"' || first === "'") return readQuoted(text, at, first);
  if (first === "?") return refuse(at, "filter expressions are not supported");
  if (first === ":") return refuse(at, "slices are not supported; use [*] or an index");
  if (first === "-") return refuse(at, "negative indexes are not supported; count from the start");
  const digits = matchAt(INDEX, text, at);
  if (digits === null) return refuse(at, "expected a name in quotes, an index or *");
  if (!Number.isSafeInteger(Number(digits))) refuse(at, "the index is too large");
  return { value: Number(digits), at: at + digits.length };
}

function readQuoted(text: string, open: number, quote: string): Read<string> {
  let name = "";
  let at = open + 1;
  for (;;) {
    const char = text[at];
    if (char === undefined) return refuse(open, "the quote is not closed");
    if (char === quote) return { value: name, at: at + 1 };
    if (char < " ") return refuse(at, "control characters are written as escapes");
    if (char !== "\\") {
      name += char;
      at++;
      continue;
    }
    const { value, at: end } = readEscape(text, at, quote);
    name += value;
    at = end;
  }
}

function readEscape(text: string, at: number, quote: string): Read<string> {
  const letter = text[at + 1] ?? "";
  if (letter === quote) return { value: quote, at: at + 2 };
  const simple = ESCAPES[letter];
  if (simple !== undefined) return { value: simple, at: at + 2 };
  // A pair of surrogates is one character; half a pair is none.
  const unicode = matchAt(/(?:\\u[0-9a-fA-F]{4}){1,2}/y, text, at);
  if (unicode === null) return refuse(at, "unknown escape");
  const first = String.fromCharCode(Number.parseInt(unicode.slice(2, 6), 16));
  if (first.isWellFormed()) return { value: first, at: at + 6 };
  const pair = first + String.fromCharCode(Number.parseInt(unicode.slice(8), 16));
  if (unicode.length < 12 || !pair.isWellFormed()) refuse(at, "the escape is half a surrogate pair");
  return { value: pair, at: at + 12 };
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? null;
}

function skipBlank(text: string, start: number): number {
  let at = start;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at++;
  return at;
}

function refuse(at: number, what: string): never {
  throw new StraitError("filter-invalid", `${what} (character ${at + 1} of the path)`);
}
