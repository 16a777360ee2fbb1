/** One process of Apache Kafka (KRaft, broker and controller in one) from Maven Central jars, on loopback ports of its own. */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrokerControl } from "../test-cluster.ts";
import { brokerAnswers } from "../wire.ts";
import { BrokerProcess } from "./broker-process.ts";
import { freePort } from "./free-port.ts";
import { kafkaJars } from "./jars.ts";

type Protocol = "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";

export interface NodeOptions {
  /** From 1. */
  readonly id: number;
  readonly clusterId: string;
  /** The controller ports of all nodes of the cluster, by id. */
  readonly controllerPorts: ReadonlyMap<number, number>;
  readonly heapMegabytes: number;
  /** More lines for server.properties; they win over the defaults. */
  readonly properties: Readonly<Record<string, string>>;
  /** Listeners beside the plain one, by name. */
  readonly listeners: Readonly<Record<string, Protocol>>;
  /** The ports that clients are told instead, by the listener's name. */
  readonly advertisedPorts: Readonly<Record<string, number>>;
  readonly scramUsers: readonly string[];
  /** Whether it runs for so long and does so much that its code is worth the compiler's best, which costs 1.5 s of CPU. */
  readonly lasting: boolean;
}

export interface KafkaNode {
  readonly id: number;
  /** `host:port` of a listener: `PLAIN`, or one named in the options. */
  address(listener: string): string;
  readonly control: BrokerControl;
  /** Ends it and deletes its data. */
  close(): Promise<void>;
}

/** How long a broker may take to answer; a cold one on a busy machine needs about ten seconds. */
const READY_MS = 90_000;

const QUICK_START = "-XX:TieredStopAtLevel=1";

/** A new name for a cluster. */
export function newClusterId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
}

/** Makes a node with fresh data, not started yet. */
export async function makeNode(options: NodeOptions): Promise<KafkaNode> {
  const jars = await kafkaJars();
  const folder = await mkdtemp(join(tmpdir(), "strait-kafka-"));
  const ports: Record<string, number> = {
    PLAIN: await freePort(),
    CONTROLLER: options.controllerPorts.get(options.id) ?? (await freePort()),
  };
  for (const listener of Object.keys(options.listeners)) ports[listener] = await freePort();
  const address = (listener: string): string => {
    const port = ports[listener];
    if (port === undefined) throw new Error(`this broker has no listener ${listener}`);
    return `127.0.0.1:${port}`;
  };

  const properties = { ...defaults(folder, ports, options), ...options.properties };
  const config = join(folder, "server.properties");
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(config, lines.join(""));
  await format(jars, config, options);

  const heap = `${options.heapMegabytes}m`;
  const compiler = options.lasting ? [] : [QUICK_START];
  const command = java(jars, ...compiler, `-Xms${heap}`, `-Xmx${heap}`, "kafka.Kafka", config);
  const broker = new BrokerProcess(folder, command);
  const start = async (): Promise<void> => {
    await broker.start();
    const deadline = Date.now() + READY_MS;
    while (!(await brokerAnswers(address("PLAIN")))) {
      if (!broker.running) throw new Error(`Kafka ended while starting: ${broker.output()}`);
      if (Date.now() > deadline) throw new Error(`Kafka did not answer within ${READY_MS} ms: ${broker.output()}`);
    }
  };
  const stop = (): Promise<void> => broker.end("SIGTERM");
  const kill = (): Promise<void> => broker.end("SIGKILL");
  return {
    id: options.id,
    address,
    control: {
      start,
      stop,
      kill,
      restart: async () => {
        await stop();
        await start();
      },
      freeze: () => broker.freeze(),
      thaw: () => broker.signal("SIGCONT"),
    },
    close: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function defaults(
  folder: string,
  ports: Record<string, number>,
  { id, controllerPorts, listeners, advertisedPorts }: NodeOptions,
): Record<string, string> {
  const urlsOf = (all: Readonly<Record<string, number>>) =>
    Object.entries(all).map(([name, port]) => `${name}://127.0.0.1:${port}`);
  const { CONTROLLER: _, ...forClients } = ports;
  const protocols = { PLAIN: "PLAINTEXT", CONTROLLER: "PLAINTEXT", ...listeners };
  const voters = [...controllerPorts].map(([node, port]) => `${node}@127.0.0.1:${port}`);
  return {
    "process.roles": "broker,controller",
    "node.id": String(id),
    "controller.quorum.voters": voters.join(","),
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAIN",
    listeners: urlsOf(ports).join(","),
    "advertised.listeners": urlsOf({ ...forClients, ...advertisedPorts }).join(","),
    "listener.security.protocol.map": Object.entries(protocols)
      .map((entry) => entry.join(":"))
      .join(","),
    "log.dirs": join(folder, "log"),
    "num.partitions": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "transaction.max.timeout.ms": "900000",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "auto.create.topics.enable": "false",
  };
}

async function format(jars: string, config: string, { clusterId, scramUsers }: NodeOptions): Promise<void> {
  const users = scramUsers.flatMap((user) => ["--add-scram", user]);
  const [command, ...args] = java(
    jars,
    "-Xmx128m",
    QUICK_START,
    "kafka.tools.StorageTool",
    "format",
    `--cluster-id=${clusterId}`,
    "--config",
    config,
    ...users,
  );
  await promisify(execFile)(command as string, args);
}

function java(jars: string, ...args: string[]): string[] {
  return ["java", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", `${jars}/*`, ...args];
}
