/** What tests of mirrors share: a link with one mapping, waiting for it, and the two proofs that a mirror is one. */

import { expect } from "bun:test";
import { metadataV8 } from "@platformatic/kafka";
import type { KafkaRecord } from "../../../src/model/record.ts";
import type { Evidence } from "../../../src/model/status.ts";
import { readTopic } from "../../support/consume.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { leaders, listOffset, withAddress, withBroker } from "../../support/wire.ts";
import { type Lag, type Strait, until } from "../strait.ts";

export interface LogRange {
  readonly start: number;
  readonly end: number;
}

/** Adds a link from east to west that mirrors one topic. */
export async function addMirror(
  strait: Strait,
  link: string,
  source: string,
  mapping: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const mappings = [{ source, name: "mirrored", ...mapping }];
  await strait.send("POST", "/links", { name: link, source: "east", destination: "west", mappings });
}

/** The end of each partition for committed readers, asked of the brokers. */
export async function committedEnds(cluster: TestCluster, topic: string): Promise<ReadonlyMap<number, number>> {
  const ends: [number, number][] = [];
  for (const [address, partitions] of await leaders(cluster, topic)) {
    await withAddress(address, async (connection) => {
      for (const partition of partitions)
        ends.push([partition, await listOffset(connection, topic, partition, 1, -1n)]);
    });
  }
  return new Map(ends);
}

/** Where the log of each partition begins and ends; empty while there is no such topic. */
export async function logRanges(cluster: TestCluster, topic: string): Promise<ReadonlyMap<number, LogRange>> {
  const ranges: [number, LogRange][] = [];
  const there = await withBroker(cluster, (connection) => metadataV8.api.async(connection, null, false));
  if (!there.topics.some(({ name }) => name === topic)) return new Map();
  for (const [address, partitions] of await leaders(cluster, topic)) {
    await withAddress(address, async (connection) => {
      for (const partition of partitions) {
        const start = await listOffset(connection, topic, partition, 0, -2n);
        ranges.push([partition, { start, end: await listOffset(connection, topic, partition, 0, -1n) }]);
      }
    });
  }
  return new Map(ranges);
}

/** Waits until all that is committed at the source is at the destination by the word of strait. */
export async function mirrored(
  strait: Strait,
  link: string,
  source: TestCluster,
  topic: string,
  timeoutMs = 120_000,
): Promise<Lag> {
  const ends = await committedEnds(source, topic);
  return await strait.lagUntil(
    link,
    ({ partitions }) => {
      const mine = partitions.filter((each) => each.topic === topic);
      return mine.length === ends.size && mine.every(({ partition, nextOffset }) => nextOffset === ends.get(partition));
    },
    timeoutMs,
  );
}

/** Kills the link's runner, once there is one. */
export async function killed(strait: Strait, link: string): Promise<void> {
  const kill = async () => strait.killRunner(link);
  await until(kill, (done) => done, 30_000, `the runner of ${link}`);
}

/** What is compared of a record: all there is. */
const comparable = ({ offset, timestamp, key, value, headers }: KafkaRecord) => [
  offset,
  timestamp,
  key === null ? null : Buffer.from(key).toString("latin1"),
  value === null ? null : Buffer.from(value).toString("latin1"),
  headers.map((header) => [header.name, header.value === null ? null : Buffer.from(header.value).toString("latin1")]),
];

function sameRecord(a: KafkaRecord, b: KafkaRecord | undefined): boolean {
  if (a.offset !== b?.offset || a.timestamp !== b.timestamp || a.headers.length !== b.headers.length) return false;
  if (!sameBytes(a.key, b.key) || !sameBytes(a.value, b.value)) return false;
  return a.headers.every(({ name, value }, i) => {
    const other = b.headers[i];
    return other !== undefined && name === other.name && sameBytes(value, other.value);
  });
}

const sameBytes = (a: Uint8Array | null, b: Uint8Array | null) =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0;

/**
 * The independent proof, by a plain reader: every committed record of the source, as `transform` makes it (null: dropped),
 * and nothing else, at its offset, for readers of either isolation.
 */
export async function expectSameRecords(
  brokers: { readonly east: TestCluster; readonly west: TestCluster },
  topic: string,
  options: {
    readonly destination?: string;
    readonly transform?: (record: KafkaRecord) => KafkaRecord | null;
    /** The first offset of the source to compare from, by partition. Default: all it has. */
    readonly from?: number;
  } = {},
): Promise<number> {
  const { destination = topic, transform = (record) => record, from } = options;
  const reading = from === undefined ? {} : { from };
  const source = await readTopic(brokers.east, topic, reading);
  let count = 0;
  for (const isolation of ["read_committed", "read_uncommitted"] as const) {
    const copied = await readTopic(brokers.west, destination, { isolation, ...reading });
    expect([...copied.keys()]).toEqual([...source.keys()]);
    for (const [partition, records] of source) {
      const expected = records.flatMap((record) => transform(record) ?? []);
      const found = copied.get(partition) ?? [];
      // One matcher for each record would take longer than the copy.
      const differs = expected.findIndex((record, i) => !sameRecord(record, found[i]));
      if (differs >= 0) {
        const other = found[differs];
        expect([partition, isolation, other && comparable(other)]).toEqual([
          partition,
          isolation,
          comparable(expected[differs] as KafkaRecord),
        ]);
      }
      expect([partition, isolation, found.length]).toEqual([partition, isolation, expected.length]);
      count += expected.length;
    }
  }
  return count / 2;
}

/**
 * What was counted, once that is the word of a runner that has the partitions open: of one that was just killed, what is
 * told is what was seen last of the committed counts.
 */
export async function counted(strait: Strait, link: string, read: number): Promise<Evidence | null> {
  const all = (evidence: Evidence | null) => evidence?.read === read;
  return await until(() => strait.evidence(link), all, 30_000, `the evidence of ${link}`);
}

interface Verification {
  readonly id: string;
  readonly state: "running" | "done" | "failed";
  readonly reason?: string | null;
  readonly report?: { readonly clean: boolean } | null;
}

/** strait's own proof: `verify` finds no difference, in all that both sides have or from an offset on. */
export async function expectVerified(strait: Strait, link: string, from?: number): Promise<void> {
  const narrowing = from === undefined ? undefined : { from };
  const started = await strait.send<Verification>("POST", `/links/${link}/verify`, narrowing);
  const done = await until(
    () => strait.send<Verification>("GET", `/links/${link}/verify/${started.id}`),
    ({ state }) => state !== "running",
    120_000,
    `the verification of ${link}`,
  );
  expect(done).toMatchObject({ state: "done", clean: true });
}
