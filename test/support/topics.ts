/** Topics for tests: each test makes its own and leaves it behind. */

import { createTopicsV4 } from "@platformatic/kafka";
import type { TestCluster } from "./test-cluster.ts";
import { leaders, listOffset, withAddress, withBroker } from "./wire.ts";

export interface TopicOptions {
  /** Default 1. */
  readonly partitions?: number;
  /** Topic settings such as `cleanup.policy`. */
  readonly configs?: Readonly<Record<string, string>>;
}

/** A name no other test has. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${crypto.randomUUID().slice(0, 13)}`;
}

/** Creates a topic with a name of its own, which starts with `prefix`, and returns the name. It can be written to at once. */
export async function createTopic(cluster: TestCluster, prefix: string, options: TopicOptions = {}): Promise<string> {
  const name = uniqueName(prefix);
  await createNamedTopic(cluster, name, options);
  return name;
}

/** Creates a topic. It can be written to at once. */
export async function createNamedTopic(cluster: TestCluster, name: string, options: TopicOptions = {}): Promise<void> {
  const { partitions = 1, configs = {} } = options;
  const settings = Object.entries(configs).map(([name, value]) => ({ name, value }));
  const topic = { name, numPartitions: partitions, replicationFactor: -1, assignments: [], configs: settings };
  await withBroker(cluster, (connection) => createTopicsV4.api.async(connection, [topic], 30_000, false));
  const deadline = Date.now() + 30_000;
  while (!(await writable(cluster, name, partitions))) {
    if (Date.now() > deadline) throw new Error(`topic ${name} has no leaders 30 s after it was created`);
  }
}

/** Asks the leaders themselves: what metadata says of a new topic is ahead of what they know. */
async function writable(cluster: TestCluster, name: string, partitions: number): Promise<boolean> {
  try {
    const byLeader = [...(await leaders(cluster, name))];
    const led = byLeader.map(([address, theirs]) =>
      withAddress(address, async (connection) => {
        for (const partition of theirs) await listOffset(connection, name, partition, 0, -1n);
        return theirs.length;
      }),
    );
    return (await Promise.all(led)).reduce((sum, count) => sum + count, 0) === partitions;
  } catch {
    return false; // the library throws what a broker answers as an error, here "not yet"
  }
}
