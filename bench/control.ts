/**
 * Measures how long the control process takes to answer what dashboards and scripts ask again and again, with many links
 * whose runners report twice a second. Clusters and runners are stand-ins in the process, so that nothing else is measured.
 *
 * Run: bun bench/control.ts [links] [partitions of each topic] [rounds]
 */

import type { ControlUnderTest } from "../test/control/control-under-test.ts";
import { manyLinks } from "../test/control/many-links.ts";
import { machine } from "./measure/environment.ts";
import { spreadOf } from "./measure/statistics.ts";

const [LINKS = 200, PARTITIONS = 6, ROUNDS = 15] = process.argv.slice(2).map(Number);
const MAPPINGS = 5;

const PATHS = ["/v1/links", "/v1/lag", "/v1/links/link-7/lag", "/v1/links/link-7", "/metrics"];

/** Reads the answer to its end; of events, which have none, until every link has told its lag. */
async function read(subject: ControlUnderTest, path: string): Promise<number> {
  const response = await subject.request("GET", path);
  if (response.status !== 200) throw new Error(`${path}: status ${response.status}`);
  if (path !== "/v1/events") return (await response.arrayBuffer()).byteLength;
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  const decoder = new TextDecoder();
  let bytes = 0;
  for (let told = 0; told < LINKS; ) {
    const { done, value } = await reader.read();
    if (done) throw new Error("the events ended");
    bytes += value.byteLength;
    told += decoder.decode(value, { stream: true }).split("event: lag").length - 1;
  }
  await reader.cancel();
  return bytes;
}

await using subject = await manyLinks({ links: LINKS, mappings: MAPPINGS, partitions: PARTITIONS });
console.log(machine());
console.log(
  `${LINKS} links with ${MAPPINGS} mappings of ${PARTITIONS} partitions, ${ROUNDS} rounds, Bun ${Bun.version}\n`,
);
const times = new Map<string, number[]>();
const sizes = new Map<string, number>();
for (let round = 0; round < ROUNDS; round++) {
  for (const path of [...PATHS, "/v1/events"]) {
    const startedAt = performance.now();
    sizes.set(path, await read(subject, path));
    times.set(path, [...(times.get(path) ?? []), performance.now() - startedAt]);
  }
}
console.log("| path | answer | median | lowest | highest |\n|---|---|---|---|---|");
for (const [path, ms] of times) {
  const { median, lowest, highest } = spreadOf(ms);
  const [size, ...spread] = [(sizes.get(path) ?? 0) / 1000, median, lowest, highest].map((each) => each.toFixed(0));
  console.log(`| GET ${path} | ${size} kB | ${spread.map((each) => `${each} ms`).join(" | ")} |`);
}
