/**
 * `strait demo`: the main job on two clusters inside this process. Orders with personal data are made in "east" (region
 * eu) and copied to "west" (region us) without what must not leave, by the same control process and runner as in earnest.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Producer, stringSerializers } from "@platformatic/kafka";
import { pino } from "pino";
import { filter, firstValueFrom, startWith, timeout } from "rxjs";
import { parseListenAddress } from "../cli/listen-address.ts";
import type { ConfigurationFile } from "../config/resource-inputs.ts";
import { startControl } from "../control/server.ts";
import { evidenceTopicOf } from "../model/evidence-topic.ts";
import { openLibrary } from "../rdkafka/library.ts";
import { MockCluster } from "../rdkafka/mock-cluster.ts";
import { RecordReader } from "../rdkafka/reader.ts";
import { Wakeup } from "../rdkafka/wakeup.ts";
import { ORDER_REDACTION, order } from "./orders.ts";

const PARTITIONS = 4;
const ORDERS_PER_TICK = 5;
const TICK_MS = 100;
/** The first record has to go through a start, a group join and a transaction. */
const FIRST_RECORD_MS = 60_000;

/** Runs until SIGINT or SIGTERM. Resolves to the exit code. */
export async function runDemo(options: { readonly listen: string }): Promise<number> {
  const listen = parseListenAddress(options.listen);
  const stopped = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped.resolve());

  const library = await openLibrary();
  const wakeup = await Wakeup.open(library);
  const east = new MockCluster(library, wakeup);
  const west = new MockCluster(library, wakeup);
  for (const cluster of [east, west]) cluster.createTopic("orders", PARTITIONS);
  // This kind of cluster does not take requests for topics.
  west.createTopic(evidenceTopicOf("eu-to-us"), 1);
  const stateDirectory = mkdtempSync(join(tmpdir(), "strait-demo-"));
  const generator = startGenerator(east.bootstrap);
  try {
    const control = await startControl({
      listen,
      stateDirectory,
      filterDirectories: [process.cwd()],
      file: configuration(east.bootstrap, west.bootstrap),
      log: pino({ level: "warn" }, pino.destination({ fd: 2, sync: true })),
    });
    try {
      say(`strait demo: two clusters in this process, east (region eu) and west (region us).`);
      say(`Link eu-to-us copies the topic orders and keeps names, e-mail addresses and IBANs in east.\n`);
      say(`  dashboard                ${control.url}/`);
      say(`  lag of every partition   ${control.url}/v1/links/eu-to-us/lag`);
      say(`  the link and its state   ${control.url}/v1/links/eu-to-us`);
      say(`  what the filter did      ${control.url}/v1/links/eu-to-us/evidence`);
      say(`  metrics                  ${control.url}/metrics\n`);
      const first = (bootstrap: string) => {
        const reader = new RecordReader(library, wakeup, { "bootstrap.servers": bootstrap });
        return firstValue(reader).finally(() => reader.close());
      };
      const shown = Promise.all([first(east.bootstrap), first(west.bootstrap)]).then(([before, after]) => {
        say(`in east  ${before}`);
        say(`in west  ${after}\n`);
        say(`It goes on until Ctrl-C.`);
      });
      await Promise.race([shown, stopped.promise]);
      await stopped.promise;
    } finally {
      await control.close();
    }
  } finally {
    await generator.stop();
    rmSync(stateDirectory, { recursive: true, force: true });
    east.close();
    west.close();
    wakeup.close();
  }
  return 0;
}

function configuration(east: string, west: string): ConfigurationFile {
  return {
    clusters: {
      east: { region: "eu", properties: { "bootstrap.servers": east } },
      west: { region: "us", properties: { "bootstrap.servers": west } },
    },
    links: {
      "eu-to-us": {
        source: "east",
        destination: "west",
        mappings: [
          {
            source: "orders",
            mode: "append",
            filters: [ORDER_REDACTION],
          },
        ],
      },
    },
  };
}

/** Makes orders at a steady pace. */
function startGenerator(bootstrap: string): { stop(): Promise<void> } {
  const producer = new Producer({ clientId: "shop", bootstrapBrokers: [bootstrap], serializers: stringSerializers });
  let made = 0;
  let sending = Promise.resolve();
  const timer = setInterval(() => {
    const messages = Array.from({ length: ORDERS_PER_TICK }, () => {
      const id = ++made;
      return {
        topic: "orders",
        partition: id % PARTITIONS,
        key: String(id),
        value: JSON.stringify(order(id, new Date())),
      };
    });
    // One request at a time, so that a slow moment does not pile them up.
    sending = sending.then(async () => {
      await producer.send({ messages });
    });
    sending.catch((error) => say(`the generator of orders stopped: ${error}`));
  }, TICK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      // Its failure was said above.
      await sending.catch(() => {});
      await producer.close();
    },
  };
}

/** The value of the first record of partition 1, where order 1 goes. */
async function firstValue(reader: RecordReader): Promise<string> {
  const partition = reader.open({ topic: "orders", partition: 1 }, 0);
  let value: string | null = null;
  const read = () => {
    const batch = partition.read(1);
    if (batch !== null && batch.count > 0)
      value ??= new TextDecoder().decode(batch.record(0).value ?? new Uint8Array());
    batch?.release();
    return value !== null;
  };
  await firstValueFrom(partition.ready$.pipe(startWith(undefined), filter(read), timeout(FIRST_RECORD_MS)));
  return value ?? "";
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
