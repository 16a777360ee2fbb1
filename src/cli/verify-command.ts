/** `strait verify` */

import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import type { Verification } from "../control/verification-view.ts";
import type { ApiClient } from "./api-client.ts";
import type { CommandContext } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { wholeNumber } from "./whole-number.ts";

export interface VerifyContext extends Pick<CommandContext, "client" | "print" | "table"> {
  /** Writes on the terminal the progress is drawn on; null where there is none. */
  readonly draw: ((text: string) => void) | null;
  readonly setExitCode: (code: number) => void;
}

interface VerifyOptions {
  readonly mapping?: string;
  readonly partition?: number;
  readonly from?: number;
  readonly to?: number;
  readonly json?: true;
}

const POLL_INTERVAL_MS = 200;
const BAR_WIDTH = 30;
/** Of the digest, in the table; the JSON has all of it. */
const DIGEST_LETTERS = 12;

export function addVerifyCommand(program: Command, context: VerifyContext): void {
  const { client, print, draw, setExitCode } = context;
  const command = program
    .command("verify <link>")
    .description("compare the mirrors of a link with their sources, record by record; exit 1 if anything differs")
    .option("--mapping <mapping>", "only this mapping")
    .option("--partition <number>", "only this partition", wholeNumber("--partition"))
    .option("--from <offset>", "not the offsets before", wholeNumber("--from"))
    .option("--to <offset>", "not this offset, nor those behind", wholeNumber("--to"))
    .option("--json", "as JSON")
    .action(async (link: string, { json, ...narrowing }: VerifyOptions) => {
      const verification = await verify(client(), link, narrowing, draw);
      print(json ? JSON.stringify(verification) : reportOf(verification, context));
      setExitCode(verification.clean ? 0 : 1);
    });
  addExamples(
    command,
    ["strait verify eu-to-us", "all mirrors of a link, every record"],
    ["strait verify eu-to-us --mapping orders --partition 3 --from 1000000", "what was copied lately"],
  );
}

/** Resolves when it is over, one way or the other. */
async function verify(
  client: ApiClient,
  link: string,
  narrowing: Omit<VerifyOptions, "json">,
  draw: VerifyContext["draw"],
): Promise<Verification> {
  const path = `/v1/links/${encodeURIComponent(link)}/verify`;
  let verification = (await client.request("POST", path, narrowing)) as Verification;
  try {
    while (verification.state === "running") {
      draw?.(`\r${progressLine(verification)}`);
      await delay(POLL_INTERVAL_MS);
      verification = (await client.request("GET", `${path}/${verification.id}`)) as Verification;
    }
  } finally {
    draw?.("\r\x1b[K"); // what stood on the line is gone (ECMA-48, EL)
  }
  return verification;
}

/** One line, never shorter than the one before: numbers only grow. */
function progressLine({ progress: { offsets, of } }: Verification): string {
  const share = of === 0 ? 0 : offsets / of;
  const full = Math.floor(share * BAR_WIDTH);
  const bar = "#".repeat(full) + "-".repeat(BAR_WIDTH - full);
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${offsets} of ${of} offsets`;
}

function reportOf({ state, reason, partitions, skipped }: Verification, { table }: VerifyContext): string {
  const rows = partitions.map((each) => [
    each.mapping,
    each.topic,
    each.partition,
    each.from,
    each.to,
    each.records,
    each.differences,
    each.compacted,
    each.destinationDigest.slice(0, DIGEST_LETTERS),
  ]);
  const head = ["MAPPING", "TOPIC", "PARTITION", "FROM", "TO", "RECORDS", "DIFFERENCES", "COMPACTED", "DIGEST"];
  const differences = partitions.flatMap((each) => [
    ...each.firstDifferences.map(
      ({ offset, kind }) => `${each.topic}/${each.partition} offset ${offset}: ${WORDS[kind]}`,
    ),
    ...moreOf(each),
  ]);
  const left = skipped.length === 0 ? [] : [`not verified, because of mode append: ${skipped.join(", ")}`];
  const all = partitions.reduce((sum, each) => sum + each.differences, 0);
  const records = partitions.reduce((sum, each) => sum + each.records, 0);
  const end = state === "failed" ? `failed: ${reason}` : all === 0 ? `clean: ${records} records` : `${all} differences`;
  return [...(rows.length === 0 ? [] : [table(head, rows)]), ...differences, ...left, end].join("\n");
}

function moreOf({ topic, partition, differences, firstDifferences }: Verification["partitions"][number]): string[] {
  const more = differences - firstDifferences.length;
  return more === 0 ? [] : [`${topic}/${partition}: and ${more} more`];
}

const WORDS: Readonly<Record<Verification["partitions"][number]["firstDifferences"][number]["kind"], string>> = {
  missing: "missing at the destination",
  unexpected: "not expected at the destination",
  key: "the key differs",
  value: "the value differs",
  headers: "the headers differ",
  timestamp: "the timestamp differs",
};
