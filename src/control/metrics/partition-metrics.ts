/** How far partitions are, and in which states. */

import type { LinkLag, PartitionLag } from "../lag.ts";
import type { Exposition, Metric, Sample } from "./exposition.ts";

const BY_PARTITION = ["link", "mapping", "topic", "partition"] as const;

const RECORDS: Metric = {
  name: "strait_lag_records",
  type: "gauge",
  help: "Records between the end of the source partition and what is acknowledged at the destination; absent while unknown.",
  labels: BY_PARTITION,
};
const SECONDS: Metric = {
  name: "strait_lag_seconds",
  type: "gauge",
  help: "Age of the oldest record not yet acknowledged at the destination, in seconds; absent while unknown.",
  labels: BY_PARTITION,
};
const STATES: Metric = {
  name: "strait_partitions",
  type: "gauge",
  help: "Partitions of a mapping by the state they are in; absent for states that none is in.",
  labels: ["link", "mapping", "state"],
};

/** What is not known is not there: a gap says more than a zero that is wrong. */
export function addPartitions(exposition: Exposition, lags: readonly LinkLag[]): void {
  const known = (read: (lag: PartitionLag) => number | null): Sample[] =>
    lags.flatMap(({ link, partitions }) =>
      partitions.flatMap((each): Sample[] => {
        const value = read(each);
        return value === null ? [] : [[[link, each.mapping, each.topic, String(each.partition)], value]];
      }),
    );
  exposition.add(
    RECORDS,
    known(({ lagRecords }) => lagRecords),
  );
  exposition.add(
    SECONDS,
    known(({ lagMs }) => (lagMs === null ? null : lagMs / 1_000)),
  );
  exposition.add(STATES, lags.flatMap(statesOf));
}

function statesOf({ link, partitions }: LinkLag): Sample[] {
  const counts = new Map<string, { readonly labels: readonly string[]; count: number }>();
  for (const { mapping, state } of partitions) {
    const key = `${mapping}/${state}`;
    const counted = counts.get(key) ?? { labels: [link, mapping, state], count: 0 };
    counted.count++;
    counts.set(key, counted);
  }
  return [...counts.values()].map(({ labels, count }) => [labels, count]);
}
