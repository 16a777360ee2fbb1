/** Mode mirror: every record goes to its source offset. Where to go on is the end of the mirror's log, nothing else. */

import type { Mapping } from "../config/resources.ts";
import { messageOf } from "../model/errors.ts";
import type { Evidence } from "../model/status.ts";
import type { MirrorBatch } from "../sinks/mirror-batch.ts";
import { mirrorSink } from "../sinks/mirror-sink.ts";
import type { RawBatch } from "../sources/raw-batch.ts";
import { ensureMirrorTopic, type MirrorTopic } from "../sync/mirror-topic.ts";
import { followLogStart } from "../sync/trim.ts";
import { CODECS, type Codec } from "../wire/compression.ts";
import type { OpenLedger } from "./evidence-ledger.ts";
import { requireKeptKeys } from "./kept-keys.ts";
import { createLane, type Lane, type Lanes, type Opening } from "./lane.ts";
import type { LinkConnections } from "./link-connections.ts";
import { hasPrefixToCut } from "./mirror-cut.ts";
import { requireSameSource } from "./mirror-source.ts";
import { once } from "./once.ts";
import { openMirror } from "./open-mirror.ts";

/**
 * How much of a partition is fetched at once, what a record takes beside its bytes, and the window: about two answers,
 * of which 1 MB is being written, all that a mirror has under way. Twice as much is no faster and takes 10 MB and a tenth more
 * CPU; a quarter less is slower.
 */
const RAW = { maxBytes: 1 << 20, recordOverheadBytes: 0, windowBytes: 2 << 20 } as const;
/** Batches may unpack to many times their size, all of it is in memory until it is packed again, and filters take turns. */
const UNPACKED = { maxBytes: 128 << 10, recordOverheadBytes: 250, windowBytes: 4 << 20 } as const;

export interface MirrorLanesOptions {
  readonly connections: LinkConnections;
  readonly link: string;
  readonly mapping: Mapping;
  /** Of the destination cluster. */
  readonly compression: string | undefined;
  /** Whether filters look into the batches: the mapping's own or those of policies. */
  readonly unpacks: boolean;
  /** Takes records from an offset on through the mapping's filters. */
  readonly filter: (batch: RawBatch, from: number) => Promise<MirrorBatch>;
  /** The filters that may give a record another key, by name. */
  readonly keyChangers: () => Promise<readonly string[]>;
  readonly openLedger: OpenLedger;
}

export class MirrorLanes implements Lanes {
  readonly #options: MirrorLanesOptions;
  readonly #codec: Codec | null;
  #topic: () => Promise<MirrorTopic>;
  #problem: string | null = null;
  /** Whether no partition of the mirror has a beginning left that must be deleted first. */
  #cut = false;
  /** Of the source topic that nothing in the mirror contradicts. */
  #sourceId: string | null = null;

  constructor(options: MirrorLanesOptions) {
    this.#options = options;
    this.#codec = CODECS.find((codec) => codec === options.compression) ?? null;
    this.#topic = once(() => this.#ensureTopic());
  }

  get problem(): string | null {
    return this.#problem;
  }

  async open(partition: number, opening: Opening): Promise<Lane> {
    const { connections, mapping, unpacks, filter } = this.#options;
    const { notes, mirrors } = connections;
    const { source: topic, destination } = mapping;
    const { signal } = opening;
    // What ends late is not to be said of a partition that is at something else by then.
    const progress = (text: string | null) => {
      if (!signal.aborted) opening.progress(text);
    };
    const forget = () => {
      notes.forget(destination, partition);
      // Whatever ended the lane, the next one asks anew who leads, and whether the topics are still those they were.
      mirrors.source.leaders.forget(topic);
      mirrors.destination.leaders.forget(destination);
      this.#cut = false;
      this.#topic = once(() => this.#ensureTopic());
    };
    try {
      const mirrored = await this.#topicFor(partition);
      const position = await openMirror({
        ...this.#options,
        topic: mirrored,
        partition,
        opening: { progress, signal },
      });
      const { log, from, evidence, ledger, describe } = position;
      const note = (offset: number, counted: Evidence) =>
        notes.set(destination, partition, { offset, describe: () => describe(counted) });
      note(from, evidence);
      const { maxBytes, recordOverheadBytes, windowBytes } = unpacks ? UNPACKED : RAW;
      const start = { topic, topicId: mirrored.sourceId, partition, offset: from, maxBytes };
      const source = await mirrors.reader.open(start);
      return createLane({
        source,
        filter: (batch: RawBatch) => filter(batch, from),
        sink: mirrorSink({
          log,
          maxBatchBytes: mirrored.maxMessageBytes,
          codec: this.#codec,
          evidence,
          note,
          flush: () => notes.flush(),
          progress,
        }),
        ledger,
        nextOffset: log.end,
        evidence,
        recordOverheadBytes,
        windowBytes: unpacks ? windowBytes : windowBytes * log.mostStretch,
        close: () => {
          source.close();
          forget();
        },
      });
    } catch (error) {
      forget();
      throw error;
    }
  }

  async follow(): Promise<void> {
    const ensured = await this.#ensureTopic();
    this.#topic = once(async () => ensured);
    const { connections, mapping } = this.#options;
    if (!mapping.trim) return;
    const partitions = Array.from({ length: ensured.partitions }, (_, partition) => partition);
    const starts = await connections.source.logStartOffsets(mapping.source, partitions);
    const { problem } = await followLogStart(connections.destination, mapping.destination, starts);
    this.#problem = [ensured.problem, problem].filter((each) => each !== null).join("; ") || null;
  }

  async #ensureTopic(): Promise<MirrorTopic> {
    const { connections, link, mapping } = this.#options;
    await this.#requireKeptKeys();
    const sourceId = await connections.source.topicId(mapping.source);
    if (sourceId !== this.#sourceId) await requireSameSource(connections, link, mapping, sourceId);
    this.#sourceId = sourceId;
    this.#cut ||= !(await hasPrefixToCut(connections, link, mapping));
    const ensured = await ensureMirrorTopic(connections.source, connections.destination, mapping, {
      cutting: !this.#cut,
    });
    this.#problem = ensured.problem;
    // The id that was looked at, and no later one.
    return { ...ensured, sourceId };
  }

  /** Said beside the copying too: a topic may become compacted at any time, and the mirror's settings then do not follow. */
  async #requireKeptKeys(): Promise<void> {
    const { connections, mapping, keyChangers } = this.#options;
    try {
      await requireKeptKeys(connections.source, mapping.source, await keyChangers());
    } catch (error) {
      this.#problem = messageOf(error);
      throw error;
    }
  }

  /** The topic, looked at anew when the source has got more partitions since. */
  async #topicFor(partition: number): Promise<MirrorTopic> {
    const topic = await this.#topic();
    if (partition < topic.partitions) return topic;
    this.#topic = once(() => this.#ensureTopic());
    return this.#topic();
  }
}
