/** Where records go that a filter cannot handle: a topic beside the source topic, so that they never leave the region. */

import type { RecordHeader } from "../model/record.ts";
import type { BrokerConnections } from "../wire/broker-connections.ts";
import type { ClusterClient } from "../wire/cluster-client.ts";
import type { PartitionLeaders } from "../wire/partition-leaders.ts";
import { produceRecords } from "../wire/produce-records.ts";
import type { FilterFailure, Quarantine } from "./filter-chain.ts";
import { once } from "./once.ts";

export const quarantineTopic = (topic: string) => `${topic}.strait-quarantine`;

export interface QuarantineOptions {
  readonly link: string;
  readonly mapping: string;
  /** All of the source cluster. */
  readonly cluster: ClusterClient;
  readonly connections: BrokerConnections;
  readonly leaders: PartitionLeaders;
  readonly topic: string;
}

/**
 * Makes the quarantine of a mapping. The record is written as it is, with headers added that say where it is from and why;
 * it resolves when the brokers have acknowledged it. After a crash a record may be there twice.
 */
export function createQuarantine({ link, mapping, topic, ...source }: QuarantineOptions): Quarantine {
  const destination = quarantineTopic(topic);
  const ensured = once(() => ensureTopic(source.cluster, topic, destination));
  return async (failure) => {
    await ensured();
    const { partition, timestamp, key, value, headers } = failure.record;
    const described = { timestamp, key, value, headers: [...headers, ...describe(link, mapping, failure)] };
    const records = { topic: destination, partition, records: [described] };
    await produceRecords(source.connections, source.leaders, records);
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
