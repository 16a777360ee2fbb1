/** Compares what a mirrored partition should hold with what it holds, record by record. */

import type { Difference, PartitionVerification } from "../model/verification.ts";
import { decodeBody, type RawRecord, type RecordContent } from "../wire/decode-records.ts";
import { Differences } from "./differences.ts";
import { differingParts } from "./differing-parts.ts";
import { MissingKeys } from "./missing-keys.ts";
import { RecordCursor } from "./record-cursor.ts";
import { RecordDigest } from "./record-digest.ts";

/** A record of the source as it should be at the destination, or of the destination as it is. */
export type ComparedRecord = RawRecord & {
  /** The filters keep it from crossing, so the destination must not have it. Its content is the source's own. */
  readonly withheld?: true;
};

/** One side of the comparison. */
export interface ComparedSide {
  /** The offset behind the last record that was there when the comparison began. */
  readonly end: number;
  /** Committed records of a range in order of their offsets, in lists of any length. May be called again. */
  read(from: number, to: number): AsyncIterable<readonly ComparedRecord[]>;
}

export interface ComparisonOptions {
  readonly from: number;
  readonly to: number;
  /** Whether either side is compacted, which takes records away at its own time. */
  readonly compacted: boolean;
  /** Keys of which records are missing that are remembered at a time. Default 250,000, about 85 MB for each side. */
  readonly maxMissingKeys?: number;
  /** Called with the offset reached, about once for each list that was read. */
  readonly reached?: (offset: number) => void;
}

export type Comparison = Pick<
  PartitionVerification,
  "records" | "differences" | "firstDifferences" | "compacted" | "sourceDigest" | "destinationDigest"
>;

const MAX_MISSING_KEYS = 250_000;

/**
 * Reads both sides of the range once, and of a compacted topic also what follows it where that decides whether compaction
 * explains a missing record: a later record of its key on that side, or a tombstone, which compaction takes away too, with
 * all that its key had before. What is remembered for that is bounded: when it is full, the rest is read ahead to decide
 * what is there, and forgotten.
 */
export async function comparePartition(
  source: ComparedSide,
  destination: ComparedSide,
  options: ComparisonOptions,
): Promise<Comparison> {
  const { from, to, maxMissingKeys = MAX_MISSING_KEYS, reached = () => {} } = options;
  const pair = new ComparedPair(source, destination, options.compacted);
  const ours = new RecordCursor(source.read(from, to));
  const theirs = new RecordCursor(destination.read(from, to));
  try {
    await Promise.all([ours.load(), theirs.load()]);
    while (ours.current !== null || theirs.current !== null) {
      const offset = Math.min(ours.current?.offset ?? Infinity, theirs.current?.offset ?? Infinity);
      const expected = ours.current?.offset === offset ? ours.current : null;
      const found = theirs.current?.offset === offset ? theirs.current : null;
      pair.compare(expected, found);
      if (pair.missingKeys >= maxMissingKeys) await pair.settle(offset + 1);
      const oursRead = expected !== null && !ours.step();
      const theirsRead = found !== null && !theirs.step();
      if (!oursRead && !theirsRead) continue;
      reached(offset + 1);
      await Promise.all([oursRead ? ours.load() : null, theirsRead ? theirs.load() : null]);
    }
    await pair.settle(to);
    return pair.result();
  } finally {
    await Promise.all([ours.close(), theirs.close()]);
  }
}

/** What two sides turn out to be, one offset after the other. */
class ComparedPair {
  readonly #source: ComparedSide;
  readonly #destination: ComparedSide;
  readonly #compacted: boolean;
  readonly #differences = new Differences();
  readonly #sourceDigest = new RecordDigest();
  readonly #destinationDigest = new RecordDigest();
  readonly #missingAtSource = new MissingKeys();
  readonly #missingAtDestination = new MissingKeys();
  #records = 0;
  #explained = 0;

  constructor(source: ComparedSide, destination: ComparedSide, compacted: boolean) {
    this.#source = source;
    this.#destination = destination;
    this.#compacted = compacted;
  }

  get missingKeys(): number {
    return Math.max(this.#missingAtSource.size, this.#missingAtDestination.size);
  }

  /** Takes what both sides have at an offset; one of them has something. */
  compare(expected: ComparedRecord | null, found: ComparedRecord | null): void {
    this.#explain(expected, found);
    if (expected?.withheld === true) {
      if (found === null) return;
      this.#differences.add(found.offset, "unexpected");
      this.#destinationDigest.add(found);
    } else if (expected !== null && found !== null) {
      this.#records++;
      this.#sourceDigest.add(expected);
      this.#destinationDigest.add(found);
      for (const kind of differingParts(expected, found)) this.#differences.add(expected.offset, kind);
    } else if (expected !== null) {
      const compacted = this.#compacted && expected.offset < this.#destination.end;
      const missing = compacted ? this.#missingAtDestination : null;
      this.#onlyOne(expected, "missing", missing, this.#sourceDigest);
    } else if (found !== null) {
      const compacted = this.#compacted && found.offset < this.#source.end;
      this.#onlyOne(found, "unexpected", compacted ? this.#missingAtSource : null, this.#destinationDigest);
    }
  }

  /** Reads on from an offset to find out what explains the missing records; what nothing does are differences. */
  async settle(from: number): Promise<void> {
    await this.#readOn(this.#source, from, (record) => this.#explain(record, null));
    await this.#readOn(this.#destination, from, (record) => this.#explain(null, record));
    for (const { offsets, count } of this.#missingAtDestination.take()) {
      this.#differences.addMany(offsets, count, "missing");
      this.#sourceDigest.addUnmatched(offsets[0] ?? 0, count);
    }
    for (const { offsets, count } of this.#missingAtSource.take()) {
      this.#differences.addMany(offsets, count, "unexpected");
      this.#destinationDigest.addUnmatched(offsets[0] ?? 0, count);
    }
  }

  result(): Comparison {
    return {
      records: this.#records,
      differences: this.#differences.count,
      firstDifferences: this.#differences.first,
      compacted: this.#explained,
      sourceDigest: this.#sourceDigest.finish(),
      destinationDigest: this.#destinationDigest.finish(),
    };
  }

  /** `missing` is null where compaction cannot be why. */
  #onlyOne(record: RawRecord, kind: Difference["kind"], missing: MissingKeys | null, digest: RecordDigest): void {
    const { key, value } = missing === null ? NOTHING : decodeBody(record.body);
    if (missing === null || key === null) {
      this.#differences.add(record.offset, kind);
      digest.add(record);
    } else if (value === null) {
      this.#explained++;
    } else {
      missing.add(key, record.offset);
    }
  }

  /** A record explains why its side lacks earlier ones of its key; a tombstone also why the other side does. */
  #explain(expected: ComparedRecord | null, found: ComparedRecord | null): void {
    if (this.missingKeys === 0) return;
    const atSource = expected === null ? NOTHING : decodeBody(expected.body);
    const atDestination = found === null ? NOTHING : decodeBody(found.body);
    this.#explained +=
      this.#missingAtSource.explain(atSource.key) + this.#missingAtDestination.explain(atDestination.key);
    const crosses = expected !== null && expected.withheld !== true && expected.offset < this.#destination.end;
    if (crosses && atSource.value === null) this.#explained += this.#missingAtDestination.explain(atSource.key);
    if (found !== null && atDestination.value === null && found.offset < this.#source.end) {
      this.#explained += this.#missingAtSource.explain(atDestination.key);
    }
  }

  async #readOn(side: ComparedSide, from: number, explain: (record: ComparedRecord) => void): Promise<void> {
    if (this.missingKeys === 0 || from >= side.end) return;
    for await (const records of side.read(from, side.end)) {
      for (const record of records) explain(record);
      if (this.missingKeys === 0) return;
    }
  }
}

const NOTHING: RecordContent = { key: null, value: null, headers: [] };
