/** Reads the sample records of `strait filter test`: one a line. */

import { END, ITEM, JsonTape, NAME_END, NEXT, START, STRIDE } from "../../../filters/json/tape.ts";
import { messageOf, StraitError } from "../../model/errors.ts";
import type { GivenRecord } from "../../preview/protocol.ts";
import { UsageError } from "../usage-error.ts";

export interface Sample {
  /** From 1. */
  readonly line: number;
  readonly record: GivenRecord;
}

const NO_JSON = '; a value that is no JSON is given as {"value":"..."} or {"value":{"base64":"..."}}';
/** Space, tab, carriage return. */
const BLANK = [0x20, 0x09, 0x0d];

/** The members that make a line a record instead of a value. */
const MEMBERS = ["key", "value", "headers", "timestamp", "partition", "offset"];

/**
 * The records of the lines that are not empty. A line is a JSON value, which is the record's value as it stands there, or
 * a record: an object that has `value` and no other members than {@link MEMBERS}. Throws {@link UsageError} naming the
 * line.
 */
export function parseSamples(content: Uint8Array, defaultKey: string | null): Sample[] {
  const samples: Sample[] = [];
  const tape = new JsonTape();
  for (const [index, bytes] of [...linesOf(content)].entries()) {
    const line = index + 1;
    if (bytes.every((byte) => BLANK.includes(byte))) continue;
    try {
      samples.push({ line, record: recordOf(bytes, tape, defaultKey, samples.length) });
    } catch (error) {
      const hint = error instanceof StraitError ? NO_JSON : "";
      throw new UsageError(`line ${line}: ${messageOf(error)}${hint}`, { cause: error });
    }
  }
  return samples;
}

function* linesOf(content: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let start = 0; start <= content.length; ) {
    const next = content.indexOf(0x0a, start);
    const end = next === -1 ? content.length : next;
    yield content.subarray(start, end > start && content[end - 1] === 0x0d ? end - 1 : end);
    start = end + 1;
  }
}

function recordOf(bytes: Uint8Array, tape: JsonTape, defaultKey: string | null, index: number): GivenRecord {
  tape.read(bytes);
  const members = membersOf(bytes, tape);
  const place = { partition: 0, offset: index, timestamp: 0 };
  const key = defaultKey === null ? null : base64(defaultKey);
  const value = members?.get("value");
  if (members === null || value === undefined || ![...members.keys()].every((name) => MEMBERS.includes(name))) {
    return { ...place, key, value: base64(bytes), headers: [] };
  }
  for (const member of ["partition", "offset", "timestamp"] as const) {
    const given = members.get(member);
    if (given !== undefined) place[member] = numberOf(given, member);
  }
  const ownKey = members.get("key");
  return {
    ...place,
    key: ownKey === undefined ? key : contentOf(ownKey, "key"),
    value: contentOf(value, "value"),
    headers: headersOf(members.get("headers")),
  };
}

/** Where the members of the object that was read lie, by name; null for what is no object. A later of a name counts. */
function membersOf(bytes: Uint8Array, tape: JsonTape): Map<string, Uint8Array> | null {
  const { cells } = tape;
  if (bytes[cells[START] ?? 0] !== 0x7b) return null;
  const members = new Map<string, Uint8Array>();
  for (let entry = STRIDE; entry < (cells[NEXT] ?? 0); entry = cells[entry + NEXT] ?? 0) {
    const nameEnd = cells[entry + NAME_END] ?? 0;
    const name = parsed(bytes.subarray(cells[entry + ITEM], nameEnd < 0 ? ~nameEnd : nameEnd)) as string;
    members.set(name, bytes.subarray(cells[entry + START], cells[entry + END]));
  }
  return members;
}

/** Null is no content, text is text, `{"text"}` and `{"base64"}` are what they hold, anything else is its JSON. */
function contentOf(json: Uint8Array, name: string): string | null {
  const value = parsed(json);
  if (value === null) return null;
  if (typeof value === "string") return base64(value);
  if (typeof value !== "object" || Array.isArray(value)) return base64(json);
  const { text, base64: encoded, ...others } = value as Record<string, unknown>;
  if ("truncatedFrom" in others) throw new Error(`\`${name}\` is only the beginning of what it was`);
  if (Object.keys(others).length > 0) return base64(json);
  if (typeof text === "string" && encoded === undefined) return base64(text);
  if (typeof encoded !== "string" || text !== undefined) return base64(json);
  if (Buffer.from(encoded, "base64").toString("base64") === encoded) return encoded;
  throw new Error(`\`${name}\` is no base64 (RFC 4648, with its padding)`);
}

function headersOf(json: Uint8Array | undefined): GivenRecord["headers"] {
  const headers = json === undefined ? [] : parsed(json);
  const wrong = new Error('`headers` must be a list of {"name":"...","value":...}');
  if (!Array.isArray(headers)) throw wrong;
  return headers.map((header: { name?: unknown; value?: unknown } | null) => {
    const { name, value = null, ...others } = header ?? {};
    if (typeof name !== "string" || Object.keys(others).length > 0) throw wrong;
    return { name, value: contentOf(new TextEncoder().encode(JSON.stringify(value)), `header ${name}`) };
  });
}

function numberOf(json: Uint8Array, name: string): number {
  const value = parsed(json);
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new Error(`\`${name}\` must be a whole number`);
}

function parsed(json: Uint8Array): unknown {
  return JSON.parse(Buffer.from(json).toString("utf8"));
}

function base64(content: string | Uint8Array): string {
  return Buffer.from(content as Uint8Array).toString("base64");
}
