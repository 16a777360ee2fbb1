/** What operators do in these tests, and what they are told. */

import { deleteTopicsV4 } from "@platformatic/kafka";
import { clientOf } from "../../support/cluster-client.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { withBroker } from "../../support/wire.ts";
import { type PartitionLag, type Strait, until } from "../strait.ts";

/** Deletes a topic and waits until nobody knows it any more. */
export async function deleteTopic(cluster: TestCluster, topic: string): Promise<void> {
  await withBroker(cluster, (connection) => deleteTopicsV4.api.async(connection, [{ name: topic }], 10_000));
  await using client = clientOf(cluster.bootstrap);
  await until(
    () => client.partitionCount(topic),
    (count) => count === null,
    10_000,
    `topic ${topic} to be deleted`,
  );
}

/** Deletes what is before an offset of a partition. */
export async function deleteRecords(
  cluster: TestCluster,
  topic: string,
  partition: number,
  before: number,
): Promise<void> {
  await using client = clientOf(cluster.bootstrap);
  await client.deleteRecords(topic, partition, before);
}

/** Changes settings of a topic; `null`: the broker's. */
export async function configure(
  cluster: TestCluster,
  topic: string,
  settings: Readonly<Record<string, string | null>>,
): Promise<void> {
  await using client = clientOf(cluster.bootstrap);
  await client.alterTopicConfigs(topic, new Map(Object.entries(settings)));
}

/** Pauses a mapping and waits until nothing of it runs. */
export async function pause(strait: Strait, link: string, topic: string, mapping = "mirrored"): Promise<void> {
  await strait.send("POST", `/links/${link}/mappings/${mapping}/pause`);
  await strait.lagUntil(link, ({ partitions }) =>
    partitions.filter((each) => each.topic === topic).every(({ state }) => state === "paused"),
  );
}

export async function resume(strait: Strait, link: string, mapping = "mirrored"): Promise<void> {
  await strait.send("POST", `/links/${link}/mappings/${mapping}/resume`);
}

/**
 * The remedy that reasons name: pause the mapping, delete the topic at the destination, resume. Then waits until all
 * partitions run again: before, what is said of them is of the mirror that is gone.
 */
export async function copyAnew(
  strait: Strait,
  link: string,
  destination: TestCluster,
  topic: string,
  mapping = "mirrored",
): Promise<void> {
  await pause(strait, link, topic, mapping);
  await deleteTopic(destination, topic);
  await resume(strait, link, mapping);
  await strait.lagUntil(link, ({ partitions }) =>
    partitions.filter((each) => each.topic === topic).every(({ state }) => state === "running"),
  );
}

/** Waits until what is said of one partition fits, and returns it. */
export async function partitionUntil(
  strait: Strait,
  link: string,
  topic: string,
  partition: number,
  fits: (partition: PartitionLag) => boolean,
  timeoutMs = 60_000,
): Promise<PartitionLag> {
  const mine = (each: PartitionLag) => each.topic === topic && each.partition === partition;
  const { partitions } = await strait.lagUntil(
    link,
    (lag) => lag.partitions.some((p) => mine(p) && fits(p)),
    timeoutMs,
  );
  return partitions.find(mine) as PartitionLag;
}

/** Ends the runner without warning and waits until the next one reports. */
export async function restartRunner(strait: Strait, link: string): Promise<void> {
  const before = strait.control.supervisor.snapshot(link)?.pid;
  strait.killRunner(link);
  await until(
    async () => strait.control.supervisor.snapshot(link) ?? null,
    (snapshot) => snapshot !== null && snapshot.pid !== before && snapshot.statusPid === snapshot.pid,
    30_000,
    `the next runner of ${link}`,
  );
}
