/** What tests of sinks work with: a link's connections to the test clusters, and batches read through them. */

import { filter, firstValueFrom, type Observable, timeout } from "rxjs";
import type { FilteredBatch, RecordBatch } from "../../src/model/batch.ts";
import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import { encodeNote } from "../../src/model/progress.ts";
import type { Evidence } from "../../src/model/status.ts";
import { LinkConnections } from "../../src/runner/link-connections.ts";
import { RecordSource } from "../../src/sources/record-source.ts";
import type { TestClusters } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import type { TestRecord } from "../support/record-batch.ts";
import { uniqueName } from "../support/topics.ts";

/** The text a sink commits beside its positions. */
export const noteOf = (evidence: Evidence) =>
  encodeNote({ mode: "append", source: "orders", sourceId: null, start: null, evidence, chain: null });

/** Connections of a link of its own name, as a runner has them. */
export async function connect({ east, west }: TestClusters, link = uniqueName("sink")): Promise<LinkConnections> {
  const cluster = (name: string, bootstrap: string) => ({
    name,
    region: name,
    properties: { "bootstrap.servers": bootstrap },
  });
  return await LinkConnections.open({
    link: { name: link, source: "east", destination: "west", paused: false, mappings: [] },
    source: cluster("east", east.bootstrap),
    destination: cluster("west", west.bootstrap),
    nodeId: uniqueName("node"),
    filterDirectories: [],
    rulings: {},
  });
}

/** Writes these records to partition 0 of a topic, and reads them as one batch for each group. */
export async function batchesOf(
  { east }: TestClusters,
  connections: LinkConnections,
  topic: string,
  groups: readonly (readonly TestRecord[])[],
): Promise<RecordBatch[]> {
  const source = new RecordSource(connections.reader, { topic, partition: 0 }, 0);
  const batches: RecordBatch[] = [];
  try {
    for (const group of groups) {
      await produce(east, topic, group);
      batches.push(await nextOf(source));
    }
  } finally {
    source.close();
  }
  return batches;
}

/** A batch as filters hand it on that keep everything. */
export function kept(batch: RecordBatch): FilteredBatch {
  return { batch, edits: null, evidence: { ...NO_EVIDENCE, read: batch.count, kept: batch.count } };
}

/** The first value that fits, within half a minute. */
function firstOf<T>(values$: Observable<T>, fits: (value: T) => boolean = () => true): Promise<T> {
  return firstValueFrom(values$.pipe(filter(fits), timeout(30_000)));
}

async function nextOf(source: RecordSource): Promise<RecordBatch> {
  for (;;) {
    const batch = source.next();
    if (batch !== null && batch.count > 0) return batch;
    if (batch === null) await firstOf(source.ready$);
  }
}
