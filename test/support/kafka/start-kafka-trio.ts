/** Apache Kafka of three nodes: every topic on all three, and two must have what is acknowledged. */

import { metadataV8 } from "@platformatic/kafka";
import type { TestCluster } from "../test-cluster.ts";
import { brokerAnswers, leaders, withBroker } from "../wire.ts";
import { freePort } from "./free-port.ts";
import { type KafkaNode, makeNode, newClusterId } from "./kafka-node.ts";

export interface KafkaTrio extends TestCluster {
  readonly control: null;
  readonly nodes: readonly KafkaNode[];
  /** The node that leads a partition now. */
  leaderOf(topic: string, partition: number): Promise<KafkaNode>;
  /** Whether all partitions of a topic have all their replicas in sync. */
  inSync(topic: string): Promise<boolean>;
}

const NODES = 3;

/** Starts the nodes with fresh data. One of them may be down at a time. */
export async function startKafkaTrio(properties: Readonly<Record<string, string>> = {}): Promise<KafkaTrio> {
  const controllerPorts = new Map<number, number>();
  for (let id = 1; id <= NODES; id++) controllerPorts.set(id, await freePort());
  const clusterId = newClusterId();
  const making = [...controllerPorts.keys()].map((id) =>
    makeNode({
      id,
      clusterId,
      controllerPorts,
      heapMegabytes: 256,
      properties: { ...REPLICATED, ...properties },
      listeners: {},
      advertisedPorts: {},
      scramUsers: [],
      lasting: false,
    }),
  );
  const nodes = await Promise.all(making);
  const addressOf = (node: KafkaNode) => node.address("PLAIN");
  await Promise.all(nodes.map(({ control }) => control.start()));
  for (const node of nodes) while (!(await brokerAnswers(addressOf(node), NODES)));
  const bootstrap = nodes.map(addressOf).join();
  const trio = { bootstrap, control: null, nodes, close: async () => {} };
  return {
    ...trio,
    leaderOf: async (topic, partition) => {
      const led = [...(await leaders(trio, topic))].find(([, partitions]) => partitions.includes(partition));
      const node = nodes.find((each) => addressOf(each) === led?.[0]);
      if (node === undefined) throw new Error(`nobody leads ${topic}/${partition}`);
      return node;
    },
    inSync: async (topic) => {
      const { topics } = await withBroker(trio, (connection) => metadataV8.api.async(connection, [topic], false));
      return topics[0]?.partitions.every(({ isrNodes }) => isrNodes.length === NODES) ?? false;
    },
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}

const REPLICATED: Readonly<Record<string, string>> = {
  "default.replication.factor": "3",
  "min.insync.replicas": "2",
  "offsets.topic.replication.factor": "3",
  "transaction.state.log.replication.factor": "3",
  "transaction.state.log.min.isr": "2",
  // A third of the defaults: leaders that are gone are replaced sooner.
  "broker.session.timeout.ms": "3000",
  "broker.heartbeat.interval.ms": "500",
};
