/** The two clusters of a test run, started on first use and shared by all test files. */

import { kafkaJars } from "./kafka/jars.ts";
import { startKafka } from "./kafka/start-kafka.ts";
import { dockerAnswers, startRedpanda } from "./redpanda.ts";
import type { TestCluster } from "./test-cluster.ts";

export interface TestClusters {
  readonly east: TestCluster;
  readonly west: TestCluster;
}

/**
 * For `setDefaultTimeout` at the top of a file whose tests need brokers: whichever test is first also starts them, on a
 * new machine after a download. Bun 1.4.5 knows no such setting for all files but the command line's.
 */
export const BROKER_TEST_MS = 180_000;

/** One for the whole process, however often this module is loaded into it. */
const shared = globalThis as { straitTestClusters?: Promise<TestClusters> };

/**
 * East and west. STRAIT_TEST_BROKERS_EAST and STRAIT_TEST_BROKERS_WEST name clusters to use; without them Redpanda is
 * started where a Docker engine answers, and Apache Kafka from Maven Central jars elsewhere. Never stop or freeze these:
 * other tests use them too; `startKafka()` gives a broker to be rough with.
 */
export function clusters(): Promise<TestClusters> {
  shared.straitTestClusters ??= given() ?? started();
  return shared.straitTestClusters;
}

/** Stops what `clusters()` started. */
export async function closeClusters(): Promise<void> {
  if (shared.straitTestClusters === undefined) return;
  const { east, west } = await shared.straitTestClusters;
  delete shared.straitTestClusters;
  await Promise.all([east.close(), west.close()]);
}

function given(): Promise<TestClusters> | null {
  const east = process.env["STRAIT_TEST_BROKERS_EAST"];
  const west = process.env["STRAIT_TEST_BROKERS_WEST"];
  if (!east && !west) return null;
  if (!east || !west) {
    return Promise.reject(new Error("set both STRAIT_TEST_BROKERS_EAST and STRAIT_TEST_BROKERS_WEST, or neither"));
  }
  const existing = (bootstrap: string): TestCluster => ({ bootstrap, control: null, close: async () => {} });
  return Promise.resolve({ east: existing(east), west: existing(west) });
}

async function started(): Promise<TestClusters> {
  const docker = await dockerAnswers();
  if (!docker) await kafkaJars(); // one download rather than one per broker
  const start = docker ? startRedpanda : () => startKafka({ lasting: true });
  const [east, west] = await Promise.all([start(), start()]);
  return { east, west };
}
