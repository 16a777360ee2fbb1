/** Writes the evidence of a link to a topic at the destination, where its progress is kept too. */

import { type EvidenceEntry, encodeEvidence, evidenceTopicOf } from "../model/evidence-topic.ts";
import type { ClusterClient } from "../wire/cluster-client.ts";
import { produceRecords } from "../wire/produce-records.ts";
import type { EvidenceStore } from "./evidence-ledger.ts";
import type { BatchConnections } from "./mirror-connections.ts";
import { once } from "./once.ts";

/** The store of all partitions of a link; the topic is made when it is first needed. */
export function evidenceTopic(link: string, cluster: ClusterClient, connections: BatchConnections): EvidenceStore {
  const topic = evidenceTopicOf(link);
  const configs = { "cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1" };
  // Asked for first: who may not create topics may have been given this one.
  const ensured = once(async () => {
    if ((await cluster.partitionCount(topic)) === null) await cluster.createTopic(topic, { partitions: 1, configs });
  });
  const add = async (entry: EvidenceEntry) => {
    await ensured();
    const record = { ...encodeEvidence(entry), timestamp: Date.now(), headers: [] };
    await produceRecords(connections.connections, connections.leaders, { topic, partition: 0, records: [record] });
  };
  return {
    addFilters: (filters) => add({ kind: "filters", ...filters }),
    addRange: (range) => add({ kind: "range", ...range }),
  };
}
