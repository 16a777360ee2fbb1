/**
 * MirrorMaker 2 in dedicated mode, with the JVM options of its own start script. Its clusters get aliases of their own in
 * each run, and with them its internal topics, its offsets and the copied topic (DefaultReplicationPolicy: `alias.topic`).
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrokerProcess } from "../../test/support/kafka/broker-process.ts";
import { mirrormakerJars } from "../mirrormaker/jars.ts";
import type { CopyJob, Lane, RunningLane } from "./lane.ts";

type Properties = Readonly<Record<string, string>>;

/** Settings beyond the ones without which it does not run on clusters of one broker. */
type Tuning = (source: string, target: string, job: CopyJob) => Properties;

export const mirrormakerLanes: readonly Lane[] = [
  mirrormakerLane("mm2", "MirrorMaker 2 as it comes", () => ({})),
  mirrormakerLane("mm2-tuned", "MirrorMaker 2 tuned", tuning),
];

/** kafka-run-class.sh (KAFKA_JVM_PERFORMANCE_OPTS) and connect-mirror-maker.sh (KAFKA_HEAP_OPTS). */
const JVM_OPTIONS = [
  "-server",
  "-XX:+UseG1GC",
  "-XX:MaxGCPauseMillis=20",
  "-XX:InitiatingHeapOccupancyPercent=35",
  "-XX:+ExplicitGCInvokesConcurrent",
  "-XX:MaxInlineLevel=15",
  "-Djava.awt.headless=true",
  "-Xms256M",
  "-Xmx2G",
];

/** How often its process is looked at, to see whether it still runs. */
const WATCH_MS = 100;

function mirrormakerLane(name: string, label: string, tuning: Tuning): Lane {
  return {
    name,
    label,
    transactional: false,
    redacts: false,
    keepsOffsets: false,
    makesTopic: true,
    start: (job) => startMirrorMaker(job, tuning),
  };
}

function tuning(source: string, target: string, { compression }: CopyJob): Properties {
  return {
    "tasks.max": "2",
    [`${target}.producer.batch.size`]: String(256 << 10),
    [`${target}.producer.linger.ms`]: "20",
    [`${target}.producer.buffer.memory`]: String(64 << 20),
    [`${target}.producer.compression.type`]: compression,
    [`${source}.consumer.max.poll.records`]: "5000",
    [`${source}.consumer.max.partition.fetch.bytes`]: String(4 << 20),
    [`${source}.consumer.fetch.max.bytes`]: String(64 << 20),
    [`${source}.consumer.receive.buffer.bytes`]: String(1 << 20),
    "offset.lag.max": "10000",
    "emit.heartbeats.enabled": "false",
  };
}

function propertiesOf(job: CopyJob, source: string, target: string): Properties {
  const replication = ["", "checkpoints.topic.", "heartbeats.topic.", "offset-syncs.topic."];
  const storage = ["offset.storage.", "status.storage.", "config.storage."];
  const topics = [...replication, ...storage].map((prefix) => [`${prefix}replication.factor`, "1"]);
  return {
    clusters: `${source}, ${target}`,
    [`${source}.bootstrap.servers`]: job.source,
    [`${target}.bootstrap.servers`]: job.destination,
    [`${source}->${target}.enabled`]: "true",
    [`${source}->${target}.topics`]: job.topic,
    ...Object.fromEntries(topics),
  };
}

async function startMirrorMaker(job: CopyJob, tuning: Tuning): Promise<RunningLane> {
  const jars = await mirrormakerJars();
  const [source, target] = [`${job.id}east`, `${job.id}west`];
  const folder = await mkdtemp(join(tmpdir(), "strait-mirrormaker-"));
  const config = join(folder, "mm2.properties");
  const properties = { ...propertiesOf(job, source, target), ...tuning(source, target, job) };
  const lines = Object.entries(properties).map(([name, value]) => `${name} = ${value}\n`);
  await writeFile(config, lines.join(""));
  const java = ["java", ...JVM_OPTIONS, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", `${jars}/*`];
  const started = new BrokerProcess(folder, [...java, "org.apache.kafka.connect.mirror.MirrorMaker", config]);
  await started.start();
  let stopping = false;
  const failed = new Promise<never>((_, reject) => {
    const timer = setInterval(() => {
      if (started.running) return;
      clearInterval(timer);
      if (!stopping) reject(new Error(`ended: ${started.output().trim().slice(-400)}`));
    }, WATCH_MS);
  });
  failed.catch(() => {}); // whoever awaits it gets it
  return {
    pid: Number(await readFile(`${folder}/pid`, "utf8")),
    destinationTopic: `${source}.${job.topic}`,
    failed,
    stop: async () => {
      stopping = true;
      await started.end("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
