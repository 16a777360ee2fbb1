/** A record as it is shown to a filter, and whether the filter left it as it was. */

import type { Replace } from "../../model/filter.ts";
import type { KafkaRecord, RecordHeader } from "../../model/record.ts";
import { type SharedBytes, type SharedHeader, type SharedRecord, shownHeader } from "./host-request.ts";

/** A record given to one filter. */
export interface ShownRecord {
  readonly record: KafkaRecord;
  /** The headers it was given, in a list of our own. */
  readonly headers: readonly RecordHeader[];
}

const NO_HEADERS: readonly RecordHeader[] = [];

/** The record as an object of its own: a filter may write to it. */
export function show({ topic, partition, offset, timestamp, key, value, headers }: SharedRecord): ShownRecord {
  const shown = headers.length === 0 ? NO_HEADERS : headers.map(shownHeader);
  const parts = { key: key?.shown ?? null, value: value?.shown ?? null, headers: [...shown] };
  return { record: { topic, partition, offset, timestamp, ...parts }, headers: shown };
}

/** Which part of a record a filter has written to, in words; null if none. */
export function spoiltPart({ record, headers }: ShownRecord, shared: SharedRecord): string | null {
  if (record.key !== (shared.key?.shown ?? null) || !isIntact(shared.key)) return "key";
  if (record.value !== (shared.value?.shown ?? null) || !isIntact(shared.value)) return "value";
  if (!sameHeaders(record.headers, headers, shared.headers)) return "headers";
  const { topic, partition, offset, timestamp } = shared;
  const same =
    record.topic === topic &&
    record.partition === partition &&
    record.offset === offset &&
    record.timestamp === timestamp;
  return same ? null : "topic, partition, offset or timestamp";
}

/** Makes the bytes that filters are shown what they were. */
export function restore({ key, value, headers }: SharedRecord): void {
  for (const bytes of [key, value, ...headers.map((header) => header.value)]) {
    if (bytes !== null && !isIntact(bytes)) bytes.shown.set(bytes.original.subarray(bytes.start, bytes.end));
  }
}

/** The record as the next filter sees it. What was changed is copied: the filter that gave it may go on writing to it. */
export function changedBy(shared: SharedRecord, { key, value, headers }: Replace): SharedRecord {
  return {
    ...shared,
    ...(key === undefined ? {} : { key: copied(key) }),
    ...(value === undefined ? {} : { value: copied(value) }),
    ...(headers === undefined
      ? {}
      : { headers: headers.map(({ name, value }): SharedHeader => ({ name, value: copied(value) })) }),
  };
}

/** The edit with bytes that no filter has. */
export function keptEdit({ key, value, headers, changed }: Replace, shared: SharedRecord): Replace {
  return {
    verb: "replace",
    changed,
    ...(key === undefined ? {} : { key: originalOf(shared.key) }),
    ...(value === undefined ? {} : { value: originalOf(shared.value) }),
    ...(headers === undefined
      ? {}
      : { headers: shared.headers.map(({ name, value }) => ({ name, value: originalOf(value) })) }),
  };
}

function copied(bytes: Uint8Array | null): SharedBytes | null {
  if (bytes === null) return null;
  return { shown: new Uint8Array(bytes), original: Buffer.from(bytes), start: 0, end: bytes.length };
}

function originalOf(bytes: SharedBytes | null): Uint8Array | null {
  return bytes === null ? null : bytes.original.subarray(bytes.start, bytes.end);
}

function isIntact(bytes: SharedBytes | null): boolean {
  if (bytes === null) return true;
  const { shown, original, start, end } = bytes;
  // A filter may have given its memory away, and then it has no length.
  return shown.length === end - start && original.compare(shown, 0, shown.length, start, end) === 0;
}

function sameHeaders(
  list: readonly RecordHeader[],
  given: readonly RecordHeader[],
  shared: readonly SharedHeader[],
): boolean {
  if (!Array.isArray(list) || list.length !== given.length) return false;
  return given.every((header, i) => {
    const expected = shared[i] as SharedHeader;
    const same =
      list[i] === header && header.name === expected.name && header.value === (expected.value?.shown ?? null);
    return same && isIntact(expected.value);
  });
}
