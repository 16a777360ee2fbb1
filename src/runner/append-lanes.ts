/** Mode append: records and the source position go into one transaction, or the position follows behind. */

import type { Mapping } from "../config/resources.ts";
import type { FilteredBatch, RecordBatch } from "../model/batch.ts";
import { StraitError } from "../model/errors.ts";
import { NO_EVIDENCE } from "../model/evidence.ts";
import { decodeNote, encodeNote, groupOf, offsetTopicOf } from "../model/progress.ts";
import type { Evidence } from "../model/status.ts";
import type { Destination } from "../rdkafka/producer.ts";
import { appendSink } from "../sinks/append-sink.ts";
import { appendSinkPlain } from "../sinks/append-sink-plain.ts";
import { RecordSource } from "../sources/record-source.ts";
import type { ClusterClient } from "../wire/cluster-client.ts";
import { linkProgress } from "../wire/link-progress.ts";
import type { OpenLedger } from "./evidence-ledger.ts";
import { createLane, type Lane, type Lanes } from "./lane.ts";
import type { LinkConnections } from "./link-connections.ts";
import { once } from "./once.ts";
import { resolvePosition } from "./position.ts";
import { requireSameCopy } from "./same-copy.ts";

/** How long a destination may take to name the one writer of a partition. */
const INIT_TIMEOUT_MS = 30_000;
/** What a record takes up beside its key and value, so that empty ones count too (measured with librdkafka 2.15). */
const RECORD_OVERHEAD_BYTES = 100;
const WINDOW_BYTES = 4 << 20;

/** What the destination of a mapping looks like. */
interface AppendTarget {
  readonly sourcePartitions: number;
  readonly destination: Destination;
  /** The topic that carries the offsets, see model/progress.ts. */
  readonly offsetTopic: string;
}

export interface LanesOptions {
  readonly connections: LinkConnections;
  readonly link: string;
  readonly mapping: Mapping;
  readonly filter: (batch: RecordBatch) => Promise<FilteredBatch>;
  readonly openLedger: OpenLedger;
}

export class AppendLanes implements Lanes {
  readonly problem = null;
  readonly #options: LanesOptions;
  #target: () => Promise<AppendTarget>;

  constructor(options: LanesOptions) {
    this.#options = options;
    this.#target = once(() => prepareTarget(options));
  }

  async open(partition: number): Promise<Lane> {
    return openAppendLane(this.#options, await this.#targetFor(partition), partition);
  }

  async follow(): Promise<void> {}

  /** The target, looked up anew when the source has got more partitions since. */
  async #targetFor(partition: number): Promise<AppendTarget> {
    const target = await this.#target();
    if (partition < target.sourcePartitions) return target;
    this.#target = once(() => prepareTarget(this.#options));
    return this.#target();
  }
}

/**
 * Makes sure there is a destination topic to write to and to keep offsets by. A missing one is created with the source's
 * partition count. Rejects with `unknown-topic`, retriable, while the source topic is missing.
 */
async function prepareTarget({ connections, mapping }: LanesOptions): Promise<AppendTarget> {
  const { source, destination } = connections;
  const sourcePartitions = await source.partitionCount(mapping.source);
  if (sourcePartitions === null) {
    throw new StraitError("unknown-topic", `the source has no topic ${mapping.source} (yet)`, {
      topic: mapping.source,
      retriable: true,
    });
  }
  let count = await destination.partitionCount(mapping.destination);
  if (count === null) {
    await destination.createTopic(mapping.destination, { partitions: sourcePartitions });
    count = (await destination.partitionCount(mapping.destination)) ?? sourcePartitions;
  }
  const helper = offsetTopicOf(mapping.destination);
  const helperPartitions = await destination.partitionCount(helper);
  if (helperPartitions === null && count < sourcePartitions) {
    await destination.createTopic(helper, { partitions: sourcePartitions });
  }
  const helped = helperPartitions !== null || count < sourcePartitions;
  return {
    sourcePartitions,
    destination: { topic: mapping.destination, hashedOver: count < sourcePartitions ? count : null },
    offsetTopic: helped ? helper : mapping.destination,
  };
}

/**
 * Opens a partition. With transactions, taking the partition's transactional id comes before looking where to go on: from
 * then on nobody else can move it. Rejects with what keeps it from being copied.
 */
async function openAppendLane(
  { connections, link, mapping, filter, openLedger }: LanesOptions,
  target: AppendTarget,
  partition: number,
): Promise<Lane> {
  const transactional = mapping.transaction === "on";
  const producer = transactional
    ? connections.transactionalProducer(`strait.${link}.${mapping.destination}.${partition}`)
    : null;
  try {
    await producer?.initTransactions(INIT_TIMEOUT_MS);
    const progress = await linkProgress(connections.destination, link, mapping.destination, [partition]);
    const committed = progress.get(partition) ?? null;
    const note = committed && decodeNote(committed.metadata);
    if (note) requireSameCopy(link, mapping, note);
    const position = await resolvePosition(connections.source, mapping, partition, committed?.offset ?? null);
    const counted = note?.evidence ?? NO_EVIDENCE;
    const evidence = { ...counted, expired: counted.expired + position.expired };
    const { offset } = position;
    const start = { known: note?.chain ?? null, counted: offset, totals: evidence, next: offset };
    const ledger = await openLedger(partition, start);
    const fixed = { mode: "append", source: mapping.source, sourceId: null, start: null } as const;
    const describe = (sum: Evidence) => encodeNote({ ...fixed, evidence: sum, chain: ledger?.state ?? null });
    const group = groupOf(link);
    const offsetTopic = await offsetTopicFor(connections.destination, group, mapping.destination, partition, target);
    const at = { topic: offsetTopic, partition, offset: position.offset, metadata: describe(evidence) };
    if (committed?.offset !== position.offset || ledger?.changed) {
      // Written down before the first record: "latest" must mean the same moment after a crash.
      if (producer) {
        producer.beginTransaction();
        await producer.sendOffsets(group, [at], INIT_TIMEOUT_MS);
        await producer.commitTransaction(INIT_TIMEOUT_MS);
      } else {
        await connections.destination.commitOffsets(group, [at]);
      }
    }
    const { destination } = target;
    const sink = producer
      ? appendSink({ producer, destination, group, offsetTopic, partition, evidence, describe })
      : appendSinkPlain({
          producer: connections.sharedProducer(),
          destination,
          evidence,
          describe,
          commit: (offset, metadata) =>
            connections.destination.commitOffsets(group, [{ topic: offsetTopic, partition, offset, metadata }]),
        });
    const source = new RecordSource(connections.reader, { topic: mapping.source, partition }, position.offset);
    return createLane({
      source,
      filter,
      sink,
      ledger,
      nextOffset: position.offset,
      evidence,
      recordOverheadBytes: RECORD_OVERHEAD_BYTES,
      windowBytes: WINDOW_BYTES,
      close: () => {
        source.close();
        producer?.close();
      },
    });
  } catch (error) {
    producer?.close();
    throw error;
  }
}

/**
 * The topic a partition's offsets go on in. Once they are in the helper topic they are read from there only, and another
 * runner may have begun with it after this one looked at the target.
 */
async function offsetTopicFor(
  cluster: ClusterClient,
  group: string,
  destination: string,
  partition: number,
  target: AppendTarget,
): Promise<string> {
  const helper = offsetTopicOf(destination);
  if (target.offsetTopic === helper) return helper;
  const committed = await cluster.committedOffsets(group, new Map([[helper, [partition]]]));
  return (committed.get(helper)?.get(partition) ?? null) === null ? target.offsetTopic : helper;
}
