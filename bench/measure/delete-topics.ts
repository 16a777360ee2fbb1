/** Deletes what a run left on a cluster, so that disk and memory do not fill up. */

import { deleteTopicsV6, metadataV8 } from "@platformatic/kafka";
import type { TestCluster } from "../../test/support/test-cluster.ts";
import { withBroker } from "../../test/support/wire.ts";

/** Deletes the topics whose names contain `part`; the broker removes their files a minute later. */
export async function deleteTopics(cluster: TestCluster, part: string): Promise<void> {
  await withBroker(cluster, async (connection) => {
    const { topics } = await metadataV8.api.async(connection, null, false);
    const names = topics.flatMap(({ name }) => (name?.includes(part) ? [{ name }] : []));
    if (names.length > 0) await deleteTopicsV6.api.async(connection, names, 30_000);
  });
}
