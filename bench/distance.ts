/**
 * `bun run bench` with one of the clusters far away:
 *
 *   bun run bench:distance source|destination MILLISECONDS [options of bun run bench]
 *
 * MILLISECONDS is a round trip. Whoever asks that cluster for something waits so long; bandwidth has no limit.
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { startFarKafka } from "../test/support/kafka/far-kafka.ts";
import { startKafka } from "../test/support/kafka/start-kafka.ts";

const [which, milliseconds, ...options] = process.argv.slice(2);
const roundTripMs = Number(milliseconds);
if ((which !== "source" && which !== "destination") || !(roundTripMs > 0)) {
  process.stderr.write("usage: bun run bench:distance source|destination MILLISECONDS [options of bun run bench]\n");
  process.exit(2);
}

const [near, far] = await Promise.all([startKafka({ lasting: true }), startFarKafka(roundTripMs, { lasting: true })]);
const [east, west] = which === "source" ? [far, near] : [near, far];
const bench = spawn(process.execPath, [join(import.meta.dirname, "side-by-side.ts"), ...options], {
  stdio: "inherit",
  env: { ...process.env, STRAIT_TEST_BROKERS_EAST: east.bootstrap, STRAIT_TEST_BROKERS_WEST: west.bootstrap },
});
const code = await new Promise<number>((resolve) => bench.once("exit", (status) => resolve(status ?? 1)));
await Promise.all([near.close(), far.close()]);
process.exit(code);
