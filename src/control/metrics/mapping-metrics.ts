/** What was copied, how fast, and what filters did with it, by mapping. */

import type { Link } from "../../config/resources.ts";
import { type Evidence, LATENCY_BUCKETS_SECONDS } from "../../model/status.ts";
import type { Control } from "../control.ts";
import { reportedPartitions } from "../reported-partitions.ts";
import type { CountedEvidence } from "./counted-evidence.ts";
import type { Exposition, Histogram, Metric, Sample } from "./exposition.ts";

const counter = (name: string, help: string, ...labels: readonly string[]): Metric => {
  return { name, type: "counter", help, labels: ["link", "mapping", ...labels] };
};

const RECORDS = counter("strait_records_total", "Records acknowledged at the destination, since strait started.");
const BYTES = counter("strait_bytes_total", "Bytes of key and value acknowledged, since strait started.");
const QUARANTINED = counter("strait_quarantined_total", "Records set aside at the source, since the first copy.");
const EXPIRED = counter("strait_expired_total", "Offsets that expired before they were copied, since the first copy.");
const REDACTIONS = counter(
  "strait_redactions_total",
  "How many times filters changed each configured path, since the first copy.",
  "filter",
  "path",
);
const DROPPED = counter("strait_dropped_total", "Records that filters dropped, since the first copy.", "filter");
const MONITORED = counter(
  "strait_monitored_total",
  "What filters that only look on would have done, by path, drop or fail, since the first copy.",
  "filter",
  "path",
);
const LATENCY: Metric = {
  name: "strait_latency_seconds",
  type: "histogram",
  help: "Age of records when they were acknowledged at the destination, since the runner started.",
  labels: ["link", "mapping"],
};
const RANGE_AGE: Metric = {
  name: "strait_evidence_range_age_seconds",
  type: "gauge",
  help: "Age of the oldest range of evidence that is not closed; absent without a chain.",
  labels: ["link", "mapping"],
};

type Labels = readonly [link: string, mapping: string];

export function addMappings(
  exposition: Exposition,
  { configuration, lag, supervisor }: Control,
  counted: CountedEvidence,
): void {
  const { links } = configuration.state;
  const totals = links.flatMap(({ name, mappings }) =>
    mappings.map((mapping) => [[name, mapping.name], lag.throughput.totals(name, mapping.name)] as const),
  );
  exposition.add(
    RECORDS,
    totals.map(([labels, { records }]) => [labels, records]),
  );
  exposition.add(
    BYTES,
    totals.map(([labels, { bytes }]) => [labels, bytes]),
  );
  addEvidence(
    exposition,
    links.flatMap((link) => evidenceOf(link, counted.of(lag.lastEvidence(link)))),
  );
  const snapshots = supervisor.snapshots();
  const latencies = snapshots.flatMap(({ link, status }) =>
    Object.entries(status?.latency ?? {}).map(([mapping, { counts, sumSeconds }]): Sample<Histogram> => {
      return [[link.name, mapping], { counts, sum: sumSeconds }];
    }),
  );
  exposition.addHistogram(LATENCY, LATENCY_BUCKETS_SECONDS, latencies);
  const now = Date.now();
  const ages = snapshots.flatMap(({ link, status }) =>
    link.mappings.flatMap(({ name }): Sample[] => {
      const chains = [...reportedPartitions(status, name).values()].flatMap(({ chain }) => chain ?? []);
      const oldest = Math.min(...chains.map(({ since }) => Date.parse(since)));
      return chains.length === 0 ? [] : [[[link.name, name], Math.max(0, now - oldest) / 1_000]];
    }),
  );
  exposition.add(RANGE_AGE, ages);
}

/** A filter file should name what is configured, but might name what it finds: without a bound, a series for each. */
const MOST_PATHS = 100;

/** By name; what is beyond the bound as one. */
function boundedPaths(paths: Readonly<Record<string, number>>): (readonly [path: string, count: number])[] {
  const all = Object.entries(paths);
  if (all.length <= MOST_PATHS) return all;
  const sorted = all.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const others = sorted.slice(MOST_PATHS).reduce((sum, [, count]) => sum + count, 0);
  return [...sorted.slice(0, MOST_PATHS), ["(others)", others]];
}

function evidenceOf({ name }: Link, evidence: ReadonlyMap<string, Evidence>): (readonly [Labels, Evidence])[] {
  return [...evidence].map(([mapping, counts]) => [[name, mapping], counts]);
}

function addEvidence(exposition: Exposition, evidence: readonly (readonly [Labels, Evidence])[]): void {
  const byPath = (read: (counts: Evidence) => Evidence["changed"]): Sample[] =>
    evidence.flatMap(([labels, counts]) =>
      Object.entries(read(counts)).flatMap(([filter, paths]) =>
        boundedPaths(paths).map(([path, count]): Sample => [[...labels, filter, path], count]),
      ),
    );
  exposition.add(
    QUARANTINED,
    evidence.map(([labels, { quarantined }]) => [labels, quarantined]),
  );
  exposition.add(
    EXPIRED,
    evidence.map(([labels, { expired }]) => [labels, expired]),
  );
  exposition.add(
    REDACTIONS,
    byPath(({ changed }) => changed),
  );
  exposition.add(
    DROPPED,
    evidence.flatMap(([labels, { dropped }]) =>
      Object.entries(dropped).map(([filter, count]): Sample => [[...labels, filter], count]),
    ),
  );
  exposition.add(
    MONITORED,
    byPath(({ monitored }) => monitored),
  );
}
