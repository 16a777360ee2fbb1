/** `strait audit ...` */

import { resolve } from "node:path";
import type { Command } from "commander";
import { type AuditEntry, type AuditVerification, verifyAuditLog } from "../control/audit-log.ts";
import type { ApiClient } from "./api-client.ts";
import type { CommandContext, Json } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { wholeNumber } from "./whole-number.ts";

type AuditCommandContext = Pick<CommandContext, "client" | "print" | "table"> & {
  readonly setExitCode: (code: number) => void;
};

/** The most that one answer has. */
const PAGE = 1000;

export function addAuditCommands(program: Command, { client, print, table, setExitCode }: AuditCommandContext): void {
  const audit = program.command("audit").description("the audit log: who changed what, and when");
  const list = audit
    .command("ls")
    .description("list changes, oldest first")
    .option("--after <sequence>", "only those with a higher number", wholeNumber("--after"), 0)
    .option("--last <count>", "only the last so many", wholeNumber("--last"))
    .option("--json", "as JSON, with what was before and after")
    .action(async ({ after, last, json }: { after: number; last?: number } & Json) => {
      const entries =
        last === undefined ? await entriesAfter(client(), after) : await lastEntries(client(), after, last);
      const rows = entries.map((each) => [each.sequence, each.at, each.token, each.via, each.action, each.resource]);
      print(json ? JSON.stringify({ entries }) : table(["SEQUENCE", "AT", "TOKEN", "VIA", "ACTION", "RESOURCE"], rows));
    });
  addExamples(
    list,
    ["strait audit ls", "all there is"],
    ["strait audit ls --last 20", "the last twenty changes"],
    ["strait audit ls --after 100 --json", "from entry 101 on, with what was before and after"],
  );
  const verify = audit
    .command("verify")
    .description("check that no entry was changed or removed; exit 1, naming the first that is wrong, if one was")
    .option("--state <directory>", "of this state directory, instead of asking a running strait")
    .option("--json", "as JSON")
    .action(async ({ state, json }: { state?: string } & Json) => {
      const found =
        state === undefined
          ? ((await client().request("GET", "/v1/audit/verify")) as AuditVerification)
          : await verifyAuditLog(resolve(state));
      print(json ? JSON.stringify(found) : inWords(found));
      setExitCode(found.problem === null ? 0 : 1);
    });
  addExamples(
    verify,
    ["strait audit verify", "of the strait that runs"],
    ["strait audit verify --state .strait", "of a directory, whether a strait runs on it or not"],
  );
}

async function entriesAfter(client: ApiClient, after: number): Promise<AuditEntry[]> {
  const all: AuditEntry[] = [];
  while (true) {
    const entries = await entriesOf(client, `after=${all.at(-1)?.sequence ?? after}&limit=${PAGE}`);
    all.push(...entries);
    if (entries.length < PAGE) return all;
  }
}

/** Oldest first. */
async function lastEntries(client: ApiClient, after: number, count: number): Promise<AuditEntry[]> {
  const all: AuditEntry[] = [];
  while (all.length < count) {
    const limit = Math.min(PAGE, count - all.length);
    const before = all.length === 0 ? "" : `&before=${all.at(-1)?.sequence}`;
    const entries = await entriesOf(client, `order=newest&after=${after}&limit=${limit}${before}`);
    all.push(...entries);
    if (entries.length < limit) break;
  }
  return all.reverse();
}

async function entriesOf(client: ApiClient, query: string): Promise<AuditEntry[]> {
  const { entries } = (await client.request("GET", `/v1/audit?${query}`)) as { entries: AuditEntry[] };
  return entries;
}

function inWords({ entries, lastHash, problem }: AuditVerification): string {
  if (problem === null) return `${entries} entries, the chain is whole; the last has hash ${lastHash}`;
  return `the audit log is not whole: ${problem}; ${entries} entries before it are`;
}
