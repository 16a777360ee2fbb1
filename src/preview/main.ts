/** The process of one preview: user's code and what it is shown are in here, and nothing is written anywhere. */

import process from "node:process";
import { StraitError } from "../model/errors.ts";
import { fatalMessage } from "../model/fatal-message.ts";
import type { KafkaRecord } from "../model/record.ts";
import { FilterChain } from "../runner/filter-chain.ts";
import { VerifiedCluster } from "../verify/verified-cluster.ts";
import { filteredRecord } from "./filtered-record.ts";
import { newestRecords } from "./newest-records.ts";
import type { GivenRecord, PreviewMessage, PreviewRequest } from "./protocol.ts";

export function main(): void {
  process.once("message", (request: PreviewRequest) => void preview(request).catch(fail));
  // Without its parent nobody would see what it shows. It writes nothing, so it may end at any moment.
  process.once("disconnect", () => process.exit(0));
  // The terminal sends Ctrl-C to the whole group; the parent decides what happens then.
  process.on("SIGINT", () => {});
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  void tell({ type: "ready" });
}

async function preview(request: PreviewRequest): Promise<void> {
  const { link, mapping, filters: chained, source, destination, filterDirectories: directories, answerMs } = request;
  // Filters first: where they cannot be made there is nothing to show.
  const filters = await FilterChain.create({
    link,
    mapping,
    filters: chained,
    source,
    destination,
    directories,
    readOnly: true,
    limits: { answerMs, stuckMs: answerMs },
  });
  try {
    await tell({ type: "made" });
    for (const record of await recordsOf(request)) {
      const { partition, offset } = record;
      // Only what is sent before a filter is in an endless loop is heard.
      await tell({ type: "filtering", partition, offset });
      await tell({ type: "record", record: await filteredRecord(filters, record, request) });
    }
  } finally {
    await filters.close();
  }
  await tell({ type: "done" });
}

async function recordsOf({ records, mapping, link }: PreviewRequest): Promise<readonly KafkaRecord[]> {
  if ("given" in records) return records.given.map((record) => kafkaRecord(record, mapping.source));
  const cluster = new VerifiedCluster(records.of, link, "preview");
  try {
    return await newestRecords(cluster, mapping.source, records.newest);
  } catch (error) {
    if (!(error instanceof StraitError) || error.code !== "offset-out-of-range") throw error;
    const message = `records of ${mapping.source} were deleted while they were read; ask again`;
    throw new StraitError("kafka", message, { retriable: true, cause: error });
  } finally {
    cluster.close();
  }
}

function kafkaRecord({ key, value, headers, ...place }: GivenRecord, topic: string): KafkaRecord {
  const all = headers.map((header) => ({ name: header.name, value: decoded(header.value) }));
  return { topic, ...place, key: decoded(key), value: decoded(value), headers: all };
}

function decoded(base64: string | null): Uint8Array | null {
  return base64 === null ? null : Buffer.from(base64, "base64");
}

/** Says why; the parent ends this process when it has heard it. */
function fail(error: unknown): void {
  void tell(fatalMessage(error));
}

/** Resolves when the message is on its way, whatever this process does then. */
function tell(message: PreviewMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || process.send === undefined) return resolve();
    process.send(message, () => resolve());
  });
}

if (import.meta.main) main();
