/** A whole control process in this one, with stand-ins where other processes and brokers would be. */

import { pino } from "pino";
import type { ConfigurationFile } from "../../src/config/resource-inputs.ts";
import type { ClusterConnection } from "../../src/control/cluster-connection.ts";
import { type ControlOptions, type RunningControl, startControl } from "../../src/control/server.ts";
import { StraitError } from "../../src/model/errors.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

export interface ControlUnderTest extends AsyncDisposable {
  readonly control: RunningControl;
  readonly stateDirectory: string;
  /** Sends a request, a body as JSON, through the app without a network. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The same, with the status and the parsed answer. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Stops it and starts another on the same directory. */
  restart(file?: ConfigurationFile): Promise<void>;
}

/** Clusters that are reachable unless their brokers are called `down`; each topic has 2 partitions with 10 records. */
export function standInCluster(bootstrap: string): ClusterConnection {
  const offsets = () => new Map([0, 1].map((partition) => [partition, { start: 0, end: 10 }]));
  return {
    check: async () => {
      if (bootstrap.startsWith("down")) throw new StraitError("cluster-unreachable", "down:1: connection refused");
      if (bootstrap.startsWith("denied")) throw new StraitError("authentication-failed", "SASL: invalid credentials");
    },
    topics: async () => [
      { name: "orders", partitions: 2, internal: false },
      { name: "__consumer_offsets", partitions: 1, internal: true },
    ],
    partitionCount: async () => 2,
    partitionOffsets: async (wanted) => new Map([...wanted.keys()].map((topic) => [topic, offsets()])),
    committedOffsets: async (_group, wanted) =>
      new Map([...wanted].map(([topic, partitions]) => [topic, new Map(partitions.map((each) => [each, null]))])),
    groupHolders: async () => new Map(),
    timestampAt: async () => Date.now() - 1_000,
    readPartition: async function* () {},
    capabilities: async () => {
      const usable = { usable: true, reason: null };
      return {
        markers: { usable: false, reason: "grant CLUSTER_ACTION on the cluster to write markers" },
        transactions: usable,
        deleteRecords: usable,
        topicIds: usable,
        producerStates: usable,
      };
    },
    close: () => undefined,
  };
}

export async function controlUnderTest(options: Partial<ControlOptions> = {}): Promise<ControlUnderTest> {
  const directory = temporaryDirectory();
  const start = (file?: ConfigurationFile) =>
    startControl({
      listen: { host: "127.0.0.1", port: 0 },
      stateDirectory: directory.path,
      filterDirectories: [directory.path],
      log: pino({ level: "silent" }),
      supervisor: { runnerModule: new URL("./fixtures/steady-runner.ts", import.meta.url) },
      connect: (cluster) => standInCluster(cluster.properties["bootstrap.servers"] ?? ""),
      ...options,
      ...(file !== undefined && { file }),
    });
  let control = await start(options.file).catch((error) => {
    directory[Symbol.dispose]();
    throw error;
  });
  const request: ControlUnderTest["request"] = async (method, path, body, headers = {}) =>
    await control.app.request(path, {
      method,
      headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  return {
    get control() {
      return control;
    },
    stateDirectory: directory.path,
    request,
    call: async (method, path, body) => {
      const response = await request(method, path, body);
      const text = await response.text();
      return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
    },
    restart: async (file) => {
      await control.close();
      control = await start(file);
    },
    [Symbol.asyncDispose]: async () => {
      await control.close();
      directory[Symbol.dispose]();
    },
  };
}

/** Adds clusters east and west. */
export async function addClusters({ call }: ControlUnderTest): Promise<void> {
  for (const name of ["east", "west"]) {
    const { status } = await call("PUT", `/v1/clusters/${name}`, {
      region: "eu",
      properties: { "bootstrap.servers": `${name}:1` },
    });
    if (status !== 201) throw new Error(`adding ${name}: status ${status}`);
  }
}

/** Adds clusters and link `eu-to-us` with mapping `orders`. */
export async function addLink(subject: ControlUnderTest): Promise<void> {
  await addClusters(subject);
  const { status } = await subject.call("POST", "/v1/links", {
    name: "eu-to-us",
    source: "east",
    destination: "west",
    mappings: [{ source: "orders", mode: "append" }],
  });
  if (status !== 201) throw new Error(`adding the link: status ${status}`);
}
