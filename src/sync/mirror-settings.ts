/** Which settings of a topic its mirror takes over, and which every mirror needs. */

import type { SettingChanges, TopicSettings } from "../wire/topic-configs.ts";

/**
 * What the mirror has as its source has it (names: org.apache.kafka.common.config.TopicConfig of Kafka 4.1): how long
 * records stay, and how the log is cut and compacted. Not what belongs to the cluster a topic is on: replicas and their
 * quorum, placement, throttles, flushing, preallocation, tiered storage.
 */
const FOLLOWED = [
  "cleanup.policy",
  "retention.ms",
  "retention.bytes",
  "segment.bytes",
  "segment.ms",
  "segment.jitter.ms",
  "segment.index.bytes",
  "index.interval.bytes",
  "min.cleanable.dirty.ratio",
  "min.compaction.lag.ms",
  "max.compaction.lag.ms",
  "delete.retention.ms",
  "file.delete.delay.ms",
] as const;

/** Long.MAX_VALUE: no limit. */
const NO_LIMIT = "9223372036854775807";

/** What a mirror needs whatever the source has, for it is given old batches as they are. */
const NEEDED: SettingChanges = new Map([
  // With LogAppendTime a broker refuses batches that carry the source's append times (error 32).
  ["message.timestamp.type", "CreateTime"],
  // Otherwise the broker compresses each batch again.
  ["compression.type", "producer"],
  // Kafka 4.0 refuses what is more than an hour ahead by default (KIP-1030).
  ["message.timestamp.before.max.ms", NO_LIMIT],
  ["message.timestamp.after.max.ms", NO_LIMIT],
]);

/** Of Kafka before 4.0; unknown to later ones, where it would keep a topic from being created. */
const NEEDED_BEFORE_4: SettingChanges = new Map([["message.timestamp.difference.max.ms", NO_LIMIT]]);

/**
 * What a mirror has while a prefix is cut: a compacted topic refuses DeleteRecords and records without key, and retention
 * must not move the log's start meanwhile.
 */
const WHILE_CUTTING: SettingChanges = new Map([
  ["cleanup.policy", "delete"],
  ["retention.ms", "-1"],
  ["retention.bytes", "-1"],
]);

/** What brokers of every version know and what must hold from the first record on. */
const FROM_THE_START: readonly string[] = ["message.timestamp.type", "compression.type", ...WHILE_CUTTING.keys()];

const BATCH_LIMIT = "max.message.bytes";

/** The settings a mirror shall have, `null` for those of the broker. `source` is null where it could not be asked. */
export function wantedSettings(source: TopicSettings | null, cutting: boolean): SettingChanges {
  const wanted = new Map<string, string | null>();
  if (source !== null) {
    for (const name of FOLLOWED) {
      const setting = source.get(name);
      wanted.set(name, setting?.own === true ? setting.value : null);
    }
  }
  for (const [name, value] of [...NEEDED, ...NEEDED_BEFORE_4, ...(cutting ? WHILE_CUTTING : [])])
    wanted.set(name, value);
  return wanted;
}

/** The settings to create a mirror with; with `sure`, only those that brokers of every version take. */
export function settingsToCreateWith(
  source: TopicSettings | null,
  options: { readonly cutting: boolean; readonly sure: boolean },
): Record<string, string> {
  const wanted = new Map(wantedSettings(source, options.cutting));
  for (const name of NEEDED_BEFORE_4.keys()) wanted.delete(name);
  const limit = batchLimit(source);
  if (limit !== null && source?.get(BATCH_LIMIT)?.own === true) wanted.set(BATCH_LIMIT, String(limit));
  const set = [...wanted].filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(options.sure ? set.filter(([name]) => FROM_THE_START.includes(name)) : set);
}

export interface Difference {
  readonly changes: SettingChanges;
  /** What is set at the source and the mirror's brokers have no such setting. */
  readonly unknown: readonly string[];
}

/** What to change at a mirror. Settings that are neither followed nor needed are left alone. */
export function settingsToChange(source: TopicSettings | null, cutting: boolean, mirror: TopicSettings): Difference {
  const changes = new Map<string, string | null>();
  const unknown: string[] = [];
  for (const [name, value] of wantedSettings(source, cutting)) {
    const now = mirror.get(name);
    if (now === undefined) {
      if (value !== null && source?.get(name)?.own === true) unknown.push(name);
    } else if (value === null) {
      if (now.own) changes.set(name, null);
    } else if (!sameValue(value, now.value)) {
      // What holds is compared, not where it is set: Redpanda shows a value that equals its default as its default.
      changes.set(name, value);
    }
  }
  // Only ever raised: the source's log may hold batches from when its limit was higher.
  const limit = batchLimit(source);
  const limitNow = batchLimit(mirror);
  if (limit !== null && limitNow !== null && limit > limitNow) changes.set(BATCH_LIMIT, String(limit));
  return { changes, unknown };
}

/** The largest batch a topic takes, bytes; `null` where it is not known. */
export function batchLimit(settings: TopicSettings | null): number | null {
  const limit = Number(settings?.get(BATCH_LIMIT)?.value ?? Number.NaN);
  return Number.isSafeInteger(limit) ? limit : null;
}

/** `compact,delete` is `delete,compact`. */
function sameValue(a: string, b: string | null): boolean {
  const sorted = (list: string) => list.split(",").toSorted().join();
  return b !== null && sorted(a) === sorted(b);
}
