/** strait's numbers for Prometheus, taken at the moment they are asked for. */

import { Counter, Gauge, Registry } from "prom-client";
import type { LinkState } from "../model/status.ts";
import { LATENCY_BUCKETS_SECONDS, type LatencyHistogram } from "../model/status.ts";
import type { Control } from "./control.ts";
import { sumEvidence } from "./evidence.ts";
import type { LinkSnapshot } from "./supervised-link.ts";

const LINK_STATES: readonly LinkState[] = ["starting", "running", "paused", "degraded", "failed", "stopped"];

export async function renderMetrics(control: Control): Promise<{ text: string; contentType: string }> {
  const registry = new Registry();
  addLag(registry, control);
  addCounters(registry, control);
  addLinkStates(registry, control.supervisor.snapshots());
  registry.registerMetric(latencyMetric(control.supervisor.snapshots()));
  return { text: await registry.metrics(), contentType: registry.contentType };
}

/** What is not known is not there: a gap says more than a zero that is wrong. */
function addLag(registry: Registry, { configuration, lag }: Control): void {
  const labelNames = ["link", "mapping", "topic", "partition"] as const;
  const registers = [registry];
  const help = "Records between the end of the source partition and what is acknowledged at the destination.";
  const records = new Gauge({ name: "strait_lag_records", help, labelNames, registers });
  const ageHelp = "Age of the oldest record not yet acknowledged at the destination, in seconds.";
  const seconds = new Gauge({ name: "strait_lag_seconds", help: ageHelp, labelNames, registers });
  for (const link of configuration.state.links) {
    for (const { mapping, topic, partition, lagRecords, lagMs } of lag.last(link).partitions) {
      const labels = { link: link.name, mapping, topic, partition: String(partition) };
      if (lagRecords !== null) records.set(labels, lagRecords);
      if (lagMs !== null) seconds.set(labels, lagMs / 1_000);
    }
  }
}

function addCounters(registry: Registry, { configuration, lag, supervisor }: Control): void {
  const registers = [registry];
  const labelNames = ["link", "mapping"] as const;
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const records = counter("strait_records_total", "Records acknowledged at the destination.");
  const bytes = counter("strait_bytes_total", "Bytes of key and value acknowledged at the destination.");
  const quarantined = counter("strait_quarantined_total", "Records set aside at the source.");
  const expired = counter("strait_expired_total", "Offsets that expired at the source before they were copied.");
  const redactions = new Counter({
    name: "strait_redactions_total",
    help: "How many times filters changed each configured path.",
    labelNames: ["link", "mapping", "filter", "path"],
    registers,
  });
  for (const { name: link, mappings } of configuration.state.links) {
    for (const { name: mapping } of mappings) {
      const totals = lag.throughput.totals(link, mapping);
      records.inc({ link, mapping }, totals.records);
      bytes.inc({ link, mapping }, totals.bytes);
      const partitions = supervisor.snapshot(link)?.status?.partitions.filter((each) => each.mapping === mapping) ?? [];
      const evidence = sumEvidence(partitions.map((each) => each.evidence));
      quarantined.inc({ link, mapping }, evidence.quarantined);
      expired.inc({ link, mapping }, evidence.expired);
      for (const [filter, paths] of Object.entries(evidence.changed)) {
        for (const [path, count] of Object.entries(paths)) redactions.inc({ link, mapping, filter, path }, count);
      }
    }
  }
}

function addLinkStates(registry: Registry, snapshots: readonly LinkSnapshot[]): void {
  const help = "1 for the state a link is in, 0 for the others.";
  const gauge = new Gauge({ name: "strait_link_state", help, labelNames: ["link", "state"], registers: [registry] });
  for (const { link, state } of snapshots) {
    for (const each of LINK_STATES) gauge.set({ link: link.name, state: each }, each === state ? 1 : 0);
  }
}

/** prom-client's own histogram counts observations one by one; the runners have counted theirs already. */
function latencyMetric(snapshots: readonly LinkSnapshot[]) {
  const name = "strait_latency_seconds";
  const values = snapshots.flatMap(({ link, status }) =>
    Object.entries(status?.latency ?? {}).flatMap(([mapping, histogram]) =>
      samples(name, { link: link.name, mapping }, histogram),
    ),
  );
  const help = "Age of records when they were acknowledged at the destination, since the runner started.";
  const metric = { name, help, type: "histogram", values, aggregator: "sum" };
  return { name, get: async () => metric, reset: () => undefined } as unknown as Gauge;
}

function samples(name: string, labels: Readonly<Record<string, string>>, { counts, sumSeconds }: LatencyHistogram) {
  let cumulative = 0;
  const buckets = counts.map((count, index) => {
    cumulative += count;
    const le = LATENCY_BUCKETS_SECONDS[index] ?? "+Inf";
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: cumulative };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumSeconds },
    { metricName: `${name}_count`, labels, value: cumulative },
  ];
}
