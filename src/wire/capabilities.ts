/** What a cluster lets strait do, found by asking what it offers and trying what changes nothing. */

import {
  type API,
  addPartitionsToTxnV1,
  deleteRecordsV1,
  describeProducersV0,
  endTxnV1,
  initProducerIdV1,
  metadataV12,
} from "@platformatic/kafka";
import { StraitError } from "../model/errors.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import { KAFKA_CODES } from "./kafka-error.ts";
import { writeAbortMarkers } from "./markers.ts";

export interface Capability {
  readonly usable: boolean;
  /** Why it is not usable, or what is still to be known of it; `null` where there is nothing to add. */
  readonly reason: string | null;
}

export interface Capabilities {
  /** Writing transaction markers by themselves (WriteTxnMarkers): the fast way to fill holes of a mirror. */
  readonly markers: Capability;
  /** Transactions with ids that begin with `strait.`: append exactly once, and the slow way to fill holes. */
  readonly transactions: Capability;
  /** Moving the start of a log forward. */
  readonly deleteRecords: Capability;
  /** Ids that tell a topic made anew from the one that had its name before. */
  readonly topicIds: Capability;
  /** What a partition knows of its writers (DescribeProducers): where a mirror's sequence goes on. */
  readonly producerStates: Capability;
}

/** What tries are made with: a topic that nobody has, a transactional id that nobody uses, a producer id of strait's own. */
const PROBE = "strait.capability-probe";
const PROBE_PRODUCER_ID = 2n ** 62n;

/** Answers of org.apache.kafka.common.protocol.Errors. */
const NOT_LEADER_OR_FOLLOWER = 6;
const TRANSACTIONAL_ID_AUTHORIZATION_FAILED = 53;

/** Asks one broker. Nothing is written and no topic is made. Rejects where no broker answers. */
export async function clusterCapabilities(connections: BrokerConnections): Promise<Capabilities> {
  const broker = await connections.toAny();
  const [markers, transactions] = await Promise.all([tryMarkers(broker), tryTransactions(broker)]);
  return {
    markers,
    transactions,
    deleteRecords: offered(broker, [deleteRecordsV1.api], "needs the right DELETE on a topic, which was not tried"),
    topicIds: offered(broker, [metadataV12.api], null),
    producerStates: offered(broker, [describeProducersV0.api], "needs the right READ on a topic, which was not tried"),
  };
}

/**
 * Kafka looks at the right first and then for the topic (KafkaApis.handleWriteTxnMarkersRequest). Redpanda has no topic
 * that is unknown, only partitions it does not lead, and appends nothing (write_txn_markers.cc).
 */
async function tryMarkers(broker: BrokerConnection): Promise<Capability> {
  const marker = { producerId: PROBE_PRODUCER_ID, coordinatorEpoch: 0, count: 1 };
  try {
    await writeAbortMarkers(broker, { topic: `${PROBE}-${crypto.randomUUID()}`, partition: 0, ...marker });
    return unusable("the brokers take markers for a topic that does not exist, so nothing is appended");
  } catch (error) {
    if (!(error instanceof StraitError)) throw error;
    if (error.facts.kafkaCode === KAFKA_CODES.unknownTopicOrPartition) {
      return { usable: true, reason: "believed until the first hole, whose length the end of the log has to show" };
    }
    if (error.facts.kafkaCode === NOT_LEADER_OR_FOLLOWER) {
      return unusable("the brokers answer as Redpanda does, which takes markers and appends nothing");
    }
    if (error.code === "authorization-failed") return unusable("grant CLUSTER_ACTION on the cluster to write markers");
    if (error.retriable) throw error;
    return unusable(error.message);
  }
}

/**
 * The right is looked at first, so any broker can tell; every other answer says that this id has no transaction here
 * (KafkaApis.handleEndTxnRequest). Looking for its coordinator instead would make a topic on a cluster without transactions.
 */
async function tryTransactions(broker: BrokerConnection): Promise<Capability> {
  const possible = offered(broker, [initProducerIdV1.api, addPartitionsToTxnV1.api, endTxnV1.api], null);
  if (!possible.usable) return possible;
  const { errorCode } = await broker.request(endTxnV1.api, PROBE, PROBE_PRODUCER_ID, 0, false);
  if (errorCode !== TRANSACTIONAL_ID_AUTHORIZATION_FAILED) return possible;
  return unusable('grant WRITE and DESCRIBE on transactional ids that begin with "strait."');
}

/** Usable where every request is offered, with `reason`. */
function offered(
  broker: BrokerConnection,
  apis: readonly Pick<API<never, unknown>, "key" | "version">[],
  reason: string | null,
): Capability {
  const usable = apis.every((api) => broker.offers(api));
  return usable ? { usable, reason } : unusable("the brokers do not offer it");
}

function unusable(reason: string): Capability {
  return { usable: false, reason };
}
