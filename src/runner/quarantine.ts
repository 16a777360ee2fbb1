/** Where records go that a filter cannot handle: a topic beside the source topic, so that they never leave the region. */

import { drop, replace } from "../model/filter.ts";
import type { RecordHeader } from "../model/record.ts";
import type { MessageBatch } from "../rdkafka/message-batch.ts";
import type { SharedProducer } from "../sinks/shared-producer.ts";
import type { ClusterClient } from "../wire/cluster-client.ts";
import type { FilterFailure, Quarantine } from "./filter-chain.ts";
import { once } from "./once.ts";

export const quarantineTopic = (topic: string) => `${topic}.strait-quarantine`;

export interface QuarantineOptions {
  readonly link: string;
  readonly mapping: string;
  /** Both on the source cluster. */
  readonly producer: SharedProducer;
  readonly cluster: ClusterClient;
  readonly topic: string;
}

/**
 * Makes the quarantine of a mapping. The record is written as it is, with headers added that say where it is from and why;
 * it resolves when the brokers have acknowledged it. After a crash a record may be there twice.
 */
export function createQuarantine({ link, mapping, producer, cluster, topic }: QuarantineOptions): Quarantine {
  const destination = quarantineTopic(topic);
  const ensured = once(() => ensureTopic(cluster, topic, destination));
  return async (failure) => {
    await ensured();
    const edits = new Array(failure.batch.count).fill(drop);
    edits[failure.index] = replace({ headers: [...failure.record.headers, ...describe(link, mapping, failure)] });
    await producer.send(failure.batch as MessageBatch, edits, { topic: destination, hashedOver: null });
  };
}

/** As many partitions as the source: a record keeps its partition's number. */
async function ensureTopic(cluster: ClusterClient, source: string, name: string): Promise<void> {
  const partitions = (await cluster.partitionCount(source)) ?? 1;
  await cluster.createTopic(name, { partitions });
}

function describe(link: string, mapping: string, { filter, words, record }: FilterFailure): RecordHeader[] {
  const text = new TextEncoder();
  const facts = {
    "strait.link": link,
    "strait.mapping": mapping,
    "strait.filter": filter,
    "strait.error": words,
    "strait.partition": String(record.partition),
    "strait.offset": String(record.offset),
  };
  return Object.entries(facts).map(([name, value]) => ({ name, value: text.encode(value) }));
}
