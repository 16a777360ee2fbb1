/** Apache Kafka of one node. */

import type { TestCluster } from "../test-cluster.ts";
import { freePort } from "./free-port.ts";
import { makeNode, newClusterId } from "./kafka-node.ts";

export interface KafkaOptions {
  /** More lines for server.properties; they win over the defaults. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Listeners beside the plain one: name to security protocol, for example `{ SASL: "SASL_PLAINTEXT" }`. */
  readonly listeners?: Readonly<Record<string, "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL">>;
  /** Ports that clients are told instead of the true ones, by the listener's name: where a proxy for it listens. */
  readonly advertisedPorts?: Readonly<Record<string, number>>;
  /** Users to create: `SCRAM-SHA-512=[name=alice,password=secret]`. */
  readonly scramUsers?: readonly string[];
  /** Whether it is to be fast once it runs, rather than soon there. Default false. */
  readonly lasting?: boolean;
}

export interface KafkaCluster extends TestCluster {
  readonly control: NonNullable<TestCluster["control"]>;
  /** `host:port` of a listener named in the options. */
  address(listener: string): string;
}

/** Starts a broker with fresh data. It is gone after `close()`, and at the latest with this process. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const { properties = {}, listeners = {}, advertisedPorts = {}, scramUsers = [], lasting = false } = options;
  const node = await makeNode({
    id: 1,
    clusterId: newClusterId(),
    controllerPorts: new Map([[1, await freePort()]]),
    heapMegabytes: 384,
    properties,
    listeners,
    advertisedPorts,
    scramUsers,
    lasting,
  });
  await node.control.start();
  const { address, control, close } = node;
  return { bootstrap: address("PLAIN"), address, control, close };
}
