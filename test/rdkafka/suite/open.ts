/** Clients of the shared cluster that close themselves at the end of the block that holds them (`using`). */

import type { Properties } from "../../../src/rdkafka/client.ts";
import { Membership } from "../../../src/rdkafka/membership.ts";
import { Producer, type ProducerOptions } from "../../../src/rdkafka/producer.ts";
import { RecordReader } from "../../../src/rdkafka/reader.ts";
import type { BindingContext } from "./binding-case.ts";

export function openReader(context: BindingContext, properties: Properties = {}): RecordReader & Disposable {
  return disposable(new RecordReader(context.library, context.wakeup, onCluster(context, properties)));
}

export function openProducer(
  context: BindingContext,
  options: ProducerOptions = {},
  properties: Properties = {},
): Producer & Disposable {
  const { library, wakeup, blocking } = context;
  return disposable(new Producer(library, wakeup, blocking, onCluster(context, properties), options));
}

export function openMember(
  context: BindingContext,
  groupId: string,
  memberName: string,
  properties: Properties = {},
): Membership & Disposable {
  const { library, wakeup } = context;
  // Members hear of each other by heartbeats.
  const own = onCluster(context, { "heartbeat.interval.ms": "500", ...properties });
  return disposable(new Membership(library, wakeup, own, { groupId, memberName }));
}

const onCluster = ({ cluster }: BindingContext, properties: Properties): Properties => ({
  "bootstrap.servers": cluster.bootstrap,
  ...properties,
});

const disposable = <T extends { close(): void }>(client: T): T & Disposable =>
  Object.assign(client, { [Symbol.dispose]: () => client.close() });
