/** What a runner says of a partition, for tests that care about a part of it. */

import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import type { PartitionStatus } from "../../src/model/status.ts";

/** Of a partition of `orders` that runs and has copied nothing yet, but for the given changes. */
export function partitionStatus(changes: Partial<PartitionStatus> = {}): PartitionStatus {
  return {
    mapping: "orders",
    topic: "orders",
    partition: 0,
    destinationTopic: "orders",
    state: "running",
    reason: null,
    nextOffset: 0,
    oldestPendingTimestamp: null,
    records: 0,
    bytes: 0,
    evidence: NO_EVIDENCE,
    chain: null,
    ...changes,
  };
}
