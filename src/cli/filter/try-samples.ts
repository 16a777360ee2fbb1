/** Runs filters over sample records, in a process that can be ended. */

import { completeMapping } from "../../config/complete-mapping.ts";
import { PreviewProcess } from "../../control/preview-process.ts";
import { NO_LIMITS } from "../../preview/content.ts";
import type { FilteredRecord } from "../../preview/protocol.ts";
import type { NamedFilters } from "./chain-file.ts";
import type { Sample } from "./samples.ts";

export type TriedSample = { readonly line: number } & FilteredRecord;

export interface SampleTrial {
  /** In the order of the lines. */
  readonly records: readonly TriedSample[];
  /** Why it came to no end, with the line if there is one; null where it did. */
  readonly error: string | null;
}

export interface TrialOptions {
  /** How long a filter file may take for a record, milliseconds. */
  readonly timeoutMs: number;
  /** The schema registry of both sides; nothing is registered there. */
  readonly registryUrl?: string;
}

/** What making the filters may take, and the process of theirs to start. */
const MAKING_MS = 30_000;

/** Never rejects for what filters do. */
export async function trySamples(
  samples: readonly Sample[],
  { filters, directories }: NamedFilters,
  { timeoutMs, registryUrl }: TrialOptions,
): Promise<SampleTrial> {
  const records: TriedSample[] = [];
  const cluster = registryUrl === undefined ? {} : { schemaRegistry: { url: registryUrl } };
  const process = new PreviewProcess(
    {
      link: "test",
      mapping: completeMapping({ source: "samples", filters: [...filters] }),
      filters: filters.map((filter) => ({ ...filter, policy: null })),
      source: cluster,
      destination: cluster,
      filterDirectories: directories,
      records: { given: samples.map(({ record }) => record) },
      shown: NO_LIMITS,
      answerMs: timeoutMs,
      ownWords: true,
    },
    {
      timeoutMs: Infinity,
      silenceMs: timeoutMs + MAKING_MS,
      onRecord: ({ partition: _partition, offset: _offset, timestamp: _timestamp, ...record }) =>
        records.push({ line: samples[records.length]?.line ?? 0, ...record }),
    },
  );
  const failure = await process.ended;
  if (failure === null) return { records, error: null };
  const line = failure.at === null ? null : (samples[records.length]?.line ?? null);
  return { records, error: `${line === null ? "" : `line ${line}: `}${failure.message}` };
}
