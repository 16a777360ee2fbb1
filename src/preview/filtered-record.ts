/** What a mapping's filters make of one record, as it is shown. */

import type { RecordBatch } from "../model/batch.ts";
import type { KafkaRecord } from "../model/record.ts";
import { replaced } from "../runner/filter-answer.ts";
import type { FilterChain } from "../runner/filter-chain.ts";
import type { FilterFailure } from "../runner/filter-failure.ts";
import { showContent } from "./content.ts";
import type { PreviewedRecord, PreviewRequest } from "./protocol.ts";

/** Nothing is set aside: a record that a filter fails on is told as such. */
export async function filteredRecord(
  filters: FilterChain,
  record: KafkaRecord,
  { shown, ownWords }: Pick<PreviewRequest, "shown" | "ownWords">,
): Promise<PreviewedRecord> {
  let failure: FilterFailure | null = null as FilterFailure | null;
  const { edits, evidence } = await filters.apply(batchOf(record), async (failed) => {
    failure = failed;
  });
  const edit = edits?.[0] ?? null;
  const crossing = edit === null ? record : edit.verb === "replace" ? replaced(record, edit) : null;
  const reason = ownWords ? failure?.words : failure?.error.message;
  return {
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp === -1 ? null : record.timestamp,
    outcome: failure === null ? (edit?.verb ?? "keep") : "fail",
    filter: failure?.filter ?? Object.keys(evidence.dropped)[0] ?? null,
    reason: reason ?? null,
    changed: namesOf(evidence.changed),
    monitored: namesOf(evidence.monitored),
    before: showContent(record, shown),
    after: crossing === null ? null : showContent(crossing, shown),
  };
}

function namesOf(counts: Readonly<Record<string, Readonly<Record<string, number>>>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(counts).map(([filter, byName]) => [filter, Object.keys(byName)]));
}

function batchOf(record: KafkaRecord): RecordBatch {
  const { topic, partition, offset, timestamp, key, value } = record;
  return {
    topic,
    partition,
    count: 1,
    bytes: (key?.byteLength ?? 0) + (value?.byteLength ?? 0),
    nextOffset: offset + 1,
    firstTimestamp: timestamp,
    timestamp: () => timestamp,
    offset: () => offset,
    record: () => record,
    release: () => {},
  };
}
