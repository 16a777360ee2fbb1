/**
 * What the raw lane costs on the library's connections: batches fetched, stamped and produced as they are, without anything
 * of strait around it. Each round writes to a new topic and is checked offset by offset and, at its end, batch by batch.
 *
 *     bun bench/wire.ts
 *
 * RECORDS (2,000,000), BATCH_RECORDS (500 a batch), ROUNDS (3) and IN_FLIGHT (64 Produce requests) change the settings;
 * STRAIT_TEST_BROKERS_EAST and STRAIT_TEST_BROKERS_WEST name brokers to use instead of starting some.
 */

import { availableParallelism, cpus } from "node:os";
import { BrokerConnection } from "../src/wire/broker-connection.ts";
import { connectionSettings } from "../src/wire/connection-options.ts";
import { type FetchAnswer, fetchPartitions } from "../src/wire/fetch.ts";
import { logEnd } from "../src/wire/log-end.ts";
import { produceBatch } from "../src/wire/produce.ts";
import { type RecordBatch, stamp } from "../src/wire/record-batch.ts";
import { splitBatches } from "../src/wire/split-batches.ts";
import { closeClusters, clusters } from "../test/support/clusters.ts";
import { produce } from "../test/support/produce.ts";
import type { Compression, TestRecord } from "../test/support/record-batch.ts";
import type { TestCluster } from "../test/support/test-cluster.ts";
import { createTopic } from "../test/support/topics.ts";

const RECORDS = Number(process.env["RECORDS"] ?? 2_000_000);
const BATCH_RECORDS = Number(process.env["BATCH_RECORDS"] ?? 500);
const ROUNDS = Number(process.env["ROUNDS"] ?? 3);
const IN_FLIGHT = Number(process.env["IN_FLIGHT"] ?? 64);
const PARTITIONS = 4;
const FETCH_BYTES = 1 << 20;
const CODECS: readonly Compression[] = ["zstd", "none"];
const TIMEOUT_MS = 60_000;

interface Round {
  readonly recordsPerSecond: number;
  readonly megabytesPerSecond: number;
  readonly cpuMicroseconds: number;
}

async function main(): Promise<void> {
  const { east, west } = await clusters();
  console.log(`${cpus()[0]?.model}, ${availableParallelism()} cores, Bun ${Bun.version}`);
  console.log(
    `${RECORDS} records of 190 bytes, ${BATCH_RECORDS} a batch, ${PARTITIONS} partitions, ${IN_FLIGHT} in flight`,
  );
  const sources = new Map<Compression, string>();
  for (const codec of CODECS) sources.set(codec, await fill(east, codec));
  const rounds = new Map<Compression, Round[]>(CODECS.map((codec) => [codec, []]));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [codec, topic] of sources) {
      const result = await forward(east, west, topic, round === ROUNDS);
      rounds.get(codec)?.push(result);
      console.log(`round ${round} ${codec}: ${line(result)}`);
    }
  }
  for (const [codec, results] of rounds) {
    const median = (key: keyof Round) =>
      results.map((result) => result[key]).toSorted((a, b) => a - b)[results.length >> 1];
    const values = [median("recordsPerSecond"), median("megabytesPerSecond"), median("cpuMicroseconds")] as const;
    const [recordsPerSecond = 0, megabytesPerSecond = 0, cpuMicroseconds = 0] = values;
    console.log(`median  ${codec}: ${line({ recordsPerSecond, megabytesPerSecond, cpuMicroseconds })}`);
  }
  console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB, filling the topics included`);
}

function line({ recordsPerSecond, megabytesPerSecond, cpuMicroseconds }: Round): string {
  const rate = Math.round(recordsPerSecond).toLocaleString("en");
  return `${rate} records/s, ${megabytesPerSecond.toFixed(0)} MB/s, ${cpuMicroseconds.toFixed(3)} us CPU a record`;
}

/** Writes the records to copy, spread evenly over the partitions. */
async function fill(cluster: TestCluster, compression: Compression): Promise<string> {
  const topic = await createTopic(cluster, `wire-${compression}`, { partitions: PARTITIONS });
  const chunk = 100_000;
  for (let start = 0; start < RECORDS; start += chunk) {
    const length = Math.min(chunk, RECORDS - start);
    const records = Array.from(
      { length },
      (_, i): TestRecord => ({ partition: i % PARTITIONS, value: order(start + i) }),
    );
    await produce(cluster, topic, records, { compression, batchRecords: BATCH_RECORDS });
  }
  return topic;
}

/** 190 bytes of JSON. */
function order(id: number): string {
  const customer = { name: `customer ${(id * 7919) % 100_003}`, country: ["FR", "DE", "ES", "IT"][id % 4] };
  const text = JSON.stringify({
    id,
    at: 1_700_000_000_000 + id,
    customer,
    amount: ((id * 37) % 99_991) / 100,
    note: "",
  });
  return `${text.slice(0, -2)}${"x".repeat(190 - text.length)}"}`;
}

/** Copies a whole topic and checks where everything went. `compare` also reads it all again, outside of what is timed. */
async function forward(east: TestCluster, west: TestCluster, from: string, compare: boolean): Promise<Round> {
  const to = await createTopic(west, "wire", { partitions: PARTITIONS });
  const source = await connect(east);
  const destination = await connect(west);
  const next = new Array<number>(PARTITIONS).fill(0);
  let [records, bytes, inFlight] = [0, 0, 0];
  let failure: unknown = null;
  let wake = () => {};
  /** Waits until at most so many requests are in flight. Racing their promises would cost more than sending them. */
  const atMost = async (requests: number): Promise<void> => {
    while (inFlight > requests) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
    if (failure !== null) throw failure;
  };
  const produceOne = async (partition: number, batch: RecordBatch, expected: number): Promise<void> => {
    const { errorCode, baseOffset } = await produceBatch(destination, { topic: to, partition, batch });
    if (errorCode !== 0 || baseOffset !== expected)
      throw new Error(`error ${errorCode}, ${baseOffset} for ${expected}`);
  };
  const started = performance.now();
  const before = process.cpuUsage();
  let fetching = fetchFrom(source, from, next);
  while (records < RECORDS) {
    const work: [number, RecordBatch, number][] = [];
    for (const { partition, records: fetched } of (await fetching).partitions) {
      for (const batch of splitBatches(fetched)) {
        if (batch.magic !== 2 || !batch.forwardable) throw new Error("not a batch to forward");
        const { baseOffset, count, byteLength } = batch;
        stamp(batch, { producerId: 2n ** 62n + 1n, producerEpoch: 0, baseSequence: baseOffset });
        next[partition] = baseOffset + count;
        work.push([partition, batch, baseOffset]);
        records += count;
        bytes += byteLength;
      }
    }
    if (records < RECORDS) fetching = fetchFrom(source, from, next);
    for (const [partition, batch, expected] of work) {
      await atMost(IN_FLIGHT - 1);
      inFlight++;
      produceOne(partition, batch, expected)
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => {
          inFlight--;
          wake();
        });
    }
  }
  await atMost(0);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const end = await logEnd(destination, to, partition);
    if (end !== next[partition]) throw new Error(`${to}/${partition} ends at ${end} instead of ${next[partition]}`);
  }
  if (compare) await compareTopics(source, from, destination, to);
  source.close();
  destination.close();
  return {
    recordsPerSecond: records / seconds,
    megabytesPerSecond: bytes / 1e6 / seconds,
    cpuMicroseconds: (user + system) / records,
  };
}

async function compareTopics(
  source: BrokerConnection,
  from: string,
  destination: BrokerConnection,
  to: string,
): Promise<void> {
  const next = new Array<number>(PARTITIONS).fill(0);
  for (let compared = 0; compared < RECORDS; ) {
    const answers = [await fetchFrom(source, from, next), await fetchFrom(destination, to, next)] as const;
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const [left, right] = answers.map((answer) => batchesOf(answer, partition)) as [RecordBatch[], RecordBatch[]];
      for (const [i, batch] of left.slice(0, right.length).entries()) {
        const copy = right[i];
        const same = copy?.baseOffset === batch.baseOffset && copy.bytes.subarray(57).equals(batch.bytes.subarray(57));
        if (!same) throw new Error(`${to}/${partition} differs at offset ${batch.baseOffset}`);
        next[partition] = batch.lastOffset + 1;
        compared += batch.count;
      }
    }
  }
}

function batchesOf({ partitions }: FetchAnswer, wanted: number): RecordBatch[] {
  const bytes = partitions.find(({ partition }) => partition === wanted)?.records ?? Buffer.alloc(0);
  return [...splitBatches(bytes)].filter((batch) => batch.magic === 2);
}

function fetchFrom(broker: BrokerConnection, topic: string, next: readonly number[]): Promise<FetchAnswer> {
  const wanted = next.map((offset, partition) => ({ topic, partition, offset, maxBytes: FETCH_BYTES }));
  return fetchPartitions(broker, wanted, { maxWaitMs: 500 });
}

async function connect(cluster: TestCluster): Promise<BrokerConnection> {
  const settings = await connectionSettings({ "bootstrap.servers": cluster.bootstrap });
  const [broker] = settings.bootstrap;
  if (broker === undefined) throw new Error("no broker");
  const optionsFor = (host: string) => ({ ...settings.optionsFor(host), maxInflights: IN_FLIGHT });
  return await BrokerConnection.open(broker, cluster.bootstrap, { ...settings, optionsFor }, TIMEOUT_MS);
}

try {
  await main();
} finally {
  await closeClusters();
}
