/**
 * What the built-in filters cost by themselves, without brokers: redaction of 3 of 8 fields in each format beside what one
 * would do with a library, and detection. Microseconds of CPU a record of one thread; rounds alternate; the content is checked.
 *
 *   bun run bench:filters [--rounds 9]
 */

import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { avroContest } from "./surgery/avro.ts";
import { hold, row } from "./surgery/contest.ts";
import { detecting } from "./surgery/detect.ts";
import { json } from "./surgery/json.ts";
import { protobuf } from "./surgery/protobuf.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });
const rounds = Number(values.rounds);

// Bun/1.4.5 or Deno/2.9.6; both have it.
console.log(`machine: ${availableParallelism()} x ${cpus()[0]?.model}; ${navigator.userAgent}; ${rounds} rounds\n`);
console.log("| | bytes | us CPU a record | a library | filter / library |\n|---|---|---|---|---|");
const contests = [
  json,
  () => avroContest("reduce"),
  () => avroContest("blank"),
  protobuf,
  () => detecting(true),
  () => detecting(false),
];
for (const make of contests) {
  const contest = await make();
  console.log(row(contest, hold(contest, rounds)));
}
