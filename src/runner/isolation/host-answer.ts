/** What a filter host answers: the outcome for each record, and what its filters did, counted. */

import { type Drop, drop, type Keep, keep, type Replace } from "../../model/filter.ts";
import type { RecordHeader } from "../../model/record.ts";
import type { FailureReason } from "../filter-failure.ts";
import type { FilterCounts, Tally } from "../tally.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { ByteWriter } from "./byte-writer.ts";
import { FRAME_HEAD_BYTES } from "./frame-reader.ts";

/** A record one of the filters failed on. */
export interface Failed {
  readonly verb: "fail";
  /** Which filter, by its number in the host. */
  readonly step: number;
  readonly reason: FailureReason;
}

/** A record one of the filters has not answered for in time. It may still be at it, so nothing more is asked of the host. */
export interface Late {
  readonly verb: "late";
  readonly step: number;
  /** What the filters before it changed. */
  readonly edit: Replace | null;
}

export type HostOutcome = Keep | Drop | Replace | Failed | Late;

export interface HostAnswer {
  readonly id: number;
  /** One for each record asked about, in order; fewer where the last one is a failure that stops, or late. */
  readonly outcomes: readonly HostOutcome[];
  readonly counts: FilterCounts;
}

const VERBS = { keep: 0, drop: 1, replace: 2, fail: 3, late: 4 } as const;
const KEY = 1;
const VALUE = 2;
const HEADERS = 4;

/** The answer to one request, written while its records are filtered. */
export class AnswerWriter {
  readonly #writer: ByteWriter;
  readonly #countAt: number;
  /** Paths of what was changed, each written once. */
  readonly #paths = new Map<string, number>();
  #count = 0;

  constructor(id: number, expectedBytes: number) {
    const writer = new ByteWriter(expectedBytes);
    this.#writer = writer;
    writer.uint32(0); // the length
    writer.uint32(id);
    this.#countAt = writer.position;
    writer.uint32(0);
  }

  add(outcome: HostOutcome): void {
    this.#count++;
    const writer = this.#writer;
    writer.uint8(VERBS[outcome.verb]);
    if (outcome.verb === "replace") this.#edit(outcome);
    else if (outcome.verb === "fail") {
      writer.uint32(outcome.step);
      writer.text(JSON.stringify(outcome.reason));
    } else if (outcome.verb === "late") {
      writer.uint32(outcome.step);
      writer.uint8(outcome.edit === null ? 0 : 1);
      if (outcome.edit !== null) this.#edit(outcome.edit);
    }
  }

  /** The answer as a frame. */
  finish(tally: Tally): Buffer {
    const writer = this.#writer;
    writer.text(JSON.stringify([...this.#paths.keys()]));
    writer.text(JSON.stringify(tally.counts()));
    writer.setUint32(this.#count, this.#countAt);
    writer.setUint32(writer.position - FRAME_HEAD_BYTES, 0);
    return writer.written();
  }

  #edit({ key, value, headers, changed }: Replace): void {
    const writer = this.#writer;
    const has = (part: unknown, bit: number) => (part === undefined ? 0 : bit);
    writer.uint8(has(key, KEY) | has(value, VALUE) | has(headers, HEADERS));
    if (key !== undefined) writer.content(key);
    if (value !== undefined) writer.content(value);
    if (headers !== undefined) {
      writer.uint32(headers.length);
      for (const header of headers) {
        writer.text(header.name);
        writer.content(header.value);
      }
    }
    writer.uint32(changed.length);
    for (const path of changed) writer.uint32(this.#numberOf(path));
  }

  #numberOf(path: string): number {
    let number = this.#paths.get(path);
    if (number === undefined) {
      number = this.#paths.size;
      this.#paths.set(path, number);
    }
    return number;
  }
}

/** The answer in a frame, its bytes as views. Throws for what no host has written. */
export function decodeAnswer(frame: Buffer): HostAnswer {
  const cursor = new ByteCursor(frame);
  const id = cursor.uint32();
  const count = cursor.uint32();
  // Paths come last, for the host knows them when it has written everything else.
  const numbered: { readonly changed: string[]; readonly numbers: readonly number[] }[] = [];
  const edit = (): Replace => {
    const changed: string[] = [];
    const replace: { -readonly [Part in keyof Replace]: Replace[Part] } = { verb: "replace", changed };
    const parts = cursor.uint8();
    if (parts & KEY) replace.key = cursor.content();
    if (parts & VALUE) replace.value = cursor.content();
    if (parts & HEADERS) replace.headers = readHeaders(cursor);
    const numbers: number[] = [];
    for (let left = cursor.uint32(); left > 0; left--) numbers.push(cursor.uint32());
    if (numbers.length > 0) numbered.push({ changed, numbers });
    return replace;
  };
  const outcome = (): HostOutcome => {
    switch (cursor.uint8()) {
      case VERBS.keep:
        return keep;
      case VERBS.drop:
        return drop;
      case VERBS.replace:
        return edit();
      case VERBS.fail:
        return { verb: "fail", step: cursor.uint32(), reason: readReason(cursor.text()) };
      case VERBS.late:
        return { verb: "late", step: cursor.uint32(), edit: cursor.uint8() === 1 ? edit() : null };
      default:
        throw new RangeError("no such outcome");
    }
  };
  const outcomes: HostOutcome[] = [];
  for (let left = count; left > 0; left--) outcomes.push(outcome());
  const paths = JSON.parse(cursor.text()) as string[];
  for (const { changed, numbers } of numbered) for (const number of numbers) changed.push(String(paths[number]));
  return { id, outcomes, counts: JSON.parse(cursor.text()) };
}

function readHeaders(cursor: ByteCursor): RecordHeader[] {
  const headers: RecordHeader[] = [];
  for (let left = cursor.uint32(); left > 0; left--) headers.push({ name: cursor.text(), value: cursor.content() });
  return headers;
}

function readReason(text: string): FailureReason {
  const { message, words, retriable } = JSON.parse(text) as FailureReason;
  return { message: String(message), words: String(words), retriable: retriable === true };
}
