/** A control process that looks after many links, with runners in this process that report as real ones do. */

import type { ConfigurationFile } from "../../src/config/resource-inputs.ts";
import type { ClusterConnection } from "../../src/control/cluster-connection.ts";
import type { Runner, RunnerProcessOptions, StartRunner } from "../../src/control/runner-process.ts";
import { FIRST_HASH } from "../../src/model/evidence-chain.ts";
import type { LinkPlan } from "../../src/model/runner-protocol.ts";
import { type Evidence, LATENCY_BUCKETS_SECONDS, type RunnerStatus } from "../../src/model/status.ts";
import { partitionStatus } from "../support/partition-status.ts";
import { type ControlUnderTest, controlUnderTest, standInCluster } from "./control-under-test.ts";
import { until } from "./until.ts";

export interface Amounts {
  readonly links: number;
  readonly mappings: number;
  /** Of each topic. */
  readonly partitions: number;
}

/** As many as real runners send. */
const REPORT_MS = 500;

/** Every link runs and has reported, and the lag of all is known. */
export async function manyLinks(amounts: Amounts): Promise<ControlUnderTest> {
  const subject = await controlUnderTest({
    file: fileWith(amounts),
    connect: () => clusterWith(amounts.partitions),
    supervisor: { startRunner: reportingRunners(amounts.partitions) },
  });
  await until("the lag of all links", async () => {
    const { body } = await subject.call("GET", "/v1/lag");
    return (body["total"] as { lagMs: number | null }).lagMs !== null;
  });
  return subject;
}

/** Runners in this process that report of every mapping so many partitions, in addition with this evidence. */
export function reportingRunners(partitions: number, evidence: Partial<Evidence> = {}): StartRunner {
  return (options) => new ReportingRunner(options, partitions, evidence);
}

/** Links in both directions between four clusters, each with topics of its own. */
function fileWith({ links, mappings }: Amounts): ConfigurationFile {
  const names = ["east", "west", "north", "south"];
  const clusters = names.map((name) => [
    name,
    { region: name.startsWith("e") ? "eu" : "us", properties: { "bootstrap.servers": `${name}:9092` } },
  ]);
  const linked = Array.from({ length: links }, (_, link) => [
    `link-${link}`,
    {
      source: names[link % 4] ?? "",
      destination: names[(link + 1 + (Math.floor(link / 4) % 3)) % 4] ?? "",
      mappings: Array.from({ length: mappings }, (_, mapping) => ({
        source: `topic-${link}-${mapping}`,
        filters: [{ use: "redact", options: { fields: [{ path: "$.email", action: "drop" }] } }],
      })),
    },
  ]);
  return { clusters: Object.fromEntries(clusters), links: Object.fromEntries(linked) };
}

function clusterWith(partitions: number): ClusterConnection {
  const ranges = () => new Map(Array.from({ length: partitions }, (_, each) => [each, { start: 0, end: 1_000_000 }]));
  return {
    ...standInCluster("any:1"),
    partitionCount: async () => partitions,
    partitionOffsets: async (wanted) => new Map([...wanted.keys()].map((topic) => [topic, ranges()])),
  };
}

/** Reports at once and twice a second, in messages that are parsed as those of a process are. */
class ReportingRunner implements Runner {
  static #last = 1_000_000;
  readonly startedAt = Date.now();
  readonly pid = ++ReportingRunner.#last;
  readonly ended: Promise<string>;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #end: (why: string) => void;
  #plan: LinkPlan | null = null;
  #reports = 0;

  constructor({ onMessage }: RunnerProcessOptions, partitions: number, evidence: Partial<Evidence>) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    this.#end = resolve;
    const report = (): void => {
      if (this.#plan === null) return;
      this.#reports++;
      const status = statusOf(this.#plan, partitions, this.#reports, evidence);
      onMessage(JSON.parse(JSON.stringify({ type: "status", status })));
    };
    this.#timer = setInterval(report, REPORT_MS);
    queueMicrotask(() => {
      onMessage({ type: "ready" });
      report();
    });
  }

  send(command: Parameters<Runner["send"]>[0]): void {
    if (command.type === "apply") this.#plan = command.plan;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#end("stopped");
  }
}

function statusOf({ link }: LinkPlan, partitions: number, reports: number, more: Partial<Evidence>): RunnerStatus {
  const records = reports * 500;
  const evidence: Evidence = {
    read: records,
    kept: 0,
    replaced: records,
    changed: { redact: { "$.email": records } },
    dropped: { "drop-records": reports },
    monitored: { detect: { "$.note": reports } },
    quarantined: 0,
    expired: 0,
    ...more,
  };
  return {
    at: Date.now(),
    waitingFor: null,
    partitions: link.mappings.flatMap((mapping) =>
      Array.from({ length: partitions }, (_, partition) =>
        partitionStatus({
          mapping: mapping.name,
          topic: mapping.source,
          partition,
          destinationTopic: mapping.destination,
          nextOffset: 900_000 + records,
          oldestPendingTimestamp: Date.now() - 40,
          records,
          bytes: records * 300,
          evidence,
          chain: {
            sequence: 1,
            from: 0,
            since: new Date(Date.now() - 60_000).toISOString(),
            filterDigest: "d1",
            filtersFrom: 0,
            head: FIRST_HASH,
          },
        }),
      ),
    ),
    latency: Object.fromEntries(
      link.mappings.map(({ name }) => [
        name,
        { counts: [...LATENCY_BUCKETS_SECONDS, 0].map(() => records), sumSeconds: records },
      ]),
    ),
    filterDigests: Object.fromEntries(link.mappings.map(({ name }) => [name, "d1"])),
    residentBytes: 120_000_000,
  };
}
