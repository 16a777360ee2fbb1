/** Which member of a consumer group has which partitions. */

import { describeGroupsV5 } from "@platformatic/kafka";
import type { BrokerConnections } from "./broker-connections.ts";
import { ByteReader } from "./byte-reader.ts";
import { coordinatorOf } from "./coordinator.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

export interface GroupHolder {
  /** The member's own name (group.instance.id); null for one without. */
  readonly instance: string | null;
  /** Where the coordinator sees it. */
  readonly host: string;
}

/** By topic, then partition. */
export type GroupHolders = ReadonlyMap<string, ReadonlyMap<number, GroupHolder>>;

/** A topic's name and a count of partitions, both with nothing in them. */
const LEAST_TOPIC_BYTES = 6;
const PARTITION_BYTES = 4;

/**
 * Empty where there is no such group, while it is being rebalanced, and for groups of another protocol than the classic one.
 * Rejects with `authorization-failed` without the right to DESCRIBE the group, which READ brings along.
 */
export async function groupHolders(connections: BrokerConnections, group: string): Promise<GroupHolders> {
  const coordinator = await coordinatorOf(connections, "group", group);
  const [found] = (await coordinator.request(describeGroupsV5.api, [group], false)).groups;
  const holders = new Map<string, Map<number, GroupHolder>>();
  const errorCode = found?.errorCode ?? KAFKA_CODES.none;
  if (errorCode === KAFKA_CODES.groupIdNotFound) return holders;
  if (errorCode !== KAFKA_CODES.none) throw kafkaError(errorCode, `cannot look up the members of group ${group}`);
  for (const { groupInstanceId, clientHost, memberAssignment } of found?.members ?? []) {
    const holder = { instance: groupInstanceId ?? null, host: clientHost.replace(/^\//, "") };
    for (const { topic, partitions } of assignment(memberAssignment)) {
      const ofTopic = holders.get(topic) ?? new Map<number, GroupHolder>();
      holders.set(topic, ofTopic);
      for (const partition of partitions) ofTopic.set(partition, holder);
    }
  }
  return holders;
}

/** What a member was given (ConsumerProtocolAssignment): nothing while the group has not settled. */
function assignment(bytes: Buffer): readonly { readonly topic: string; readonly partitions: readonly number[] }[] {
  if (bytes.length === 0) return [];
  const reader = new ByteReader(bytes, "the assignment of a group's member");
  reader.skip(2); // its version; later ones only add what comes behind
  return reader.list(LEAST_TOPIC_BYTES, (each) => ({
    topic: each.text() ?? "",
    partitions: each.list(PARTITION_BYTES, (number) => number.int32()),
  }));
}
