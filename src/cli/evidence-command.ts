/** `strait evidence`: what happened to the records of a link, as a table, as JSON, or as a page for auditors. */

import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import type { LinkEvidence } from "../control/evidence.ts";
import type { EvidenceChain } from "../control/evidence-chain.ts";
import type { LinkView } from "../control/link-view.ts";
import { messageOf } from "../model/errors.ts";
import type { ApiClient } from "./api-client.ts";
import type { CommandContext } from "./command-context.ts";
import { addExamples } from "./help.ts";

/** All that is known of what happened to the records of a link. */
export interface EvidenceFacts {
  readonly link: LinkView;
  readonly evidence: LinkEvidence;
  readonly chain: EvidenceChain;
  /** The regions of the clusters, source first. */
  readonly regions: readonly [string, string];
}

interface EvidenceOptions {
  readonly html?: string;
  readonly json?: true;
}

export function addEvidenceCommand(
  program: Command,
  { client, print, table, setExitCode }: CommandContext & { readonly setExitCode: (code: number) => void },
): void {
  const command = program
    .command("evidence <link>")
    .description("what happened to the records of a link; exit 1 if its chain of evidence is not whole")
    .option("--html <file>", "write a page for auditors to this file")
    .option("--json", "as JSON")
    .action(async (link: string, { html, json }: EvidenceOptions) => {
      const facts = await evidenceOf(client(), link);
      if (html !== undefined) {
        const { evidenceReport } = await import("./evidence-report.ts");
        await writeReport(html, evidenceReport(facts));
        print(`wrote ${html}`);
      } else if (json) {
        print(JSON.stringify({ evidence: facts.evidence, chain: facts.chain }));
      } else {
        print(tableOf(facts, table));
      }
      setExitCode(problemsOf(facts).length === 0 ? 0 : 1);
    });
  addExamples(
    command,
    ["strait evidence eu-to-us", "how many records were read, kept, changed by field, dropped, set aside"],
    ["strait evidence eu-to-us --html evidence.html", "with the filters in words, for somebody who audits"],
  );
}

/** What is wrong with the chains of a link, in sentences. */
export function problemsOf({ chain }: EvidenceFacts): string[] {
  return chain.mappings.flatMap(({ mapping, partitions }) =>
    partitions.flatMap(({ topic, partition, problem }) =>
      problem === null ? [] : [`${mapping}, ${topic}/${partition}: ${problem}`],
    ),
  );
}

async function evidenceOf(client: ApiClient, name: string): Promise<EvidenceFacts> {
  const path = `/v1/links/${encodeURIComponent(name)}`;
  const [link, evidence, chain] = await Promise.all([
    client.request("GET", path) as Promise<LinkView>,
    client.request("GET", `${path}/evidence`) as Promise<LinkEvidence>,
    client.request("GET", `${path}/evidence/chain`) as Promise<EvidenceChain>,
  ]);
  const regionOf = async (cluster: string) =>
    ((await client.request("GET", `/v1/clusters/${encodeURIComponent(cluster)}`)) as { region: string }).region;
  return { link, evidence, chain, regions: [await regionOf(link.source), await regionOf(link.destination)] };
}

async function writeReport(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page);
  } catch (error) {
    throw new Error(`cannot write the report: ${messageOf(error)}`);
  }
}

function tableOf(facts: EvidenceFacts, table: CommandContext["table"]): string {
  const head = ["MAPPING", "READ", "KEPT", "REPLACED", "DROPPED", "QUARANTINED", "EXPIRED", "FILTERS"];
  const rows = facts.evidence.mappings.map(({ mapping, evidence, filterDigest }) => [
    mapping,
    evidence?.read ?? null,
    evidence?.kept ?? null,
    evidence?.replaced ?? null,
    evidence === null ? null : Object.values(evidence.dropped).reduce((sum, count) => sum + count, 0),
    evidence?.quarantined ?? null,
    evidence?.expired ?? null,
    filterDigest?.slice(0, 12) ?? null,
  ]);
  const changes = facts.evidence.mappings.flatMap(({ mapping, evidence }) =>
    [
      ...Object.entries(evidence?.changed ?? {}).map(([filter, counts]) => ({ filter, counts, did: "changed" })),
      ...Object.entries(evidence?.monitored ?? {}).map(([filter, counts]) => ({ filter, counts, did: "would change" })),
    ].flatMap(({ filter, counts, did }) =>
      Object.entries(counts).map(([path, count]) => [mapping, filter, did, path, count]),
    ),
  );
  const notes = facts.evidence.mappings.flatMap(({ mapping, note }) => (note === null ? [] : [`${mapping}: ${note}`]));
  return [
    table(head, rows),
    ...(changes.length === 0 ? [] : ["", table(["MAPPING", "FILTER", "DID", "FIELD", "TIMES"], changes)]),
    ...notes,
    ...problemsOf(facts),
  ].join("\n");
}
