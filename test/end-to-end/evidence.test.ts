/** The chain of evidence of a link while its filters change and its runner dies. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../src/cli/program.ts";
import type { LinkEvidence } from "../../src/control/evidence.ts";
import type { EvidenceChain } from "../../src/control/evidence-chain.ts";
import { ClusterClient } from "../../src/wire/cluster-client.ts";
import { BROKER_TEST_MS, type TestClusters } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { type Strait, straitBetweenClusters, until } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

const dropping = (path: string) => ({ use: "redact", options: { fields: [{ path, action: "drop" }] } });

async function produceOrders(topic: string, count: number): Promise<void> {
  const value = JSON.stringify({ id: 1, name: "Ada", email: "ada@example.com" });
  await produce(
    brokers.east,
    topic,
    Array.from({ length: count }, () => ({ partition: 0, key: "a", value })),
  );
}

const caughtUp = (link: string, end: number) =>
  strait.lagUntil(link, ({ partitions: [only] }) => only?.nextOffset === end && only.state === "running");

/** The chain of the only partition, once everything up to an offset is noted. */
async function chainOf(link: string, end: number) {
  const answer = () => strait.send<EvidenceChain>("GET", `/links/${link}/evidence/chain`);
  const noted = ({ mappings }: EvidenceChain) => mappings[0]?.partitions[0]?.open?.to === end;
  const { filterSets, mappings } = await until(answer, noted, 30_000, `the evidence of ${link} up to ${end}`);
  const [chain] = mappings[0]?.partitions ?? [];
  if (chain === undefined) throw new Error("there is no chain");
  return { ...chain, filterSets };
}

/** The page that the command line writes. */
async function reportOf(link: string, exitCode = 0): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "strait-report-"));
  try {
    const file = join(directory, "report.html");
    const output: string[] = [];
    const write = (text: string) => output.push(text);
    const args = ["--url", strait.control.url, "evidence", link, "--html", file];
    expect([await runCli(args, { out: write, err: write }), output]).toEqual([exitCode, [`wrote ${file}\n`]]);
    return await readFile(file, "utf8");
  } finally {
    await rm(directory, { recursive: true });
  }
}

test.each(["mirror", "append"] as const)(
  "in mode %s each range has the filters it went through, and the chain is whole over changes and crashes",
  async (mode) => {
    const topic = await createTopic(brokers.east, "evidence", { partitions: 1 });
    const link = uniqueName("evidence");
    await produceOrders(topic, 100);
    const mappings = [{ source: topic, name: "orders", mode, filters: [dropping("$.name")] }];
    await strait.send("POST", "/links", { name: link, source: "east", destination: "west", mappings });
    await caughtUp(link, 100);

    await strait.send("PATCH", `/links/${link}/mappings/orders`, { filters: [dropping("$.email")] });
    await produceOrders(topic, 50);
    await caughtUp(link, 150);
    strait.killRunner(link);
    await strait.send("PATCH", `/links/${link}/mappings/orders`, { filters: [] });
    await produceOrders(topic, 7);
    await caughtUp(link, 157);

    const { ranges, open, problem, filterSets } = await chainOf(link, 157);
    expect(problem).toBeNull();
    const filtersOf = (digest: string | undefined) => filterSets.find((set) => set.digest === digest)?.filters;
    const facts = [...ranges, ...(open === null ? [] : [open])].map((range) => ({
      from: range.from,
      to: range.to,
      filters: filtersOf(range.filterDigest)?.map(({ use, options }) => ({ use, options })),
      // Of a mirror, what was copied last before the crash may not have been counted.
      accounted: range.evidence.read + ("uncounted" in range ? range.uncounted : 0),
      changed: Object.keys(range.evidence.changed["redact"] ?? {}),
    }));
    expect(facts).toEqual([
      { from: 0, to: 100, filters: [dropping("$.name")], accounted: 100, changed: ["$.name"] },
      {
        from: 100,
        to: 150,
        filters: [dropping("$.email")],
        accounted: 50,
        changed: mode === "append" ? ["$.email"] : expect.anything(),
      },
      { from: 150, to: 157, filters: [], accounted: 7, changed: [] },
    ]);
    expect(ranges.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(open?.head).toBe(ranges[1]?.hash ?? "");

    const evidence = await strait.send<LinkEvidence>("GET", `/links/${link}/evidence`);
    expect(evidence.mappings[0]?.partitions[0]?.filtersFrom).toBe(150);

    const page = await reportOf(link);
    expect(page).toContain("The chain of evidence of every partition is whole.");
    for (const { hash } of ranges) expect(page).toContain(hash);
    expect(page).toContain('fields changed, by redact: $.name</td><td class="number">100</td>');
    expect(page).toContain("Removes $.name.");
    expect(page).not.toContain("Ada");
    await strait.send("DELETE", `/links/${link}`);
  },
);

test("a report shows names for what they are, and a chain that is not whole", async () => {
  const topic = await createTopic(brokers.east, "evidence", { partitions: 1 });
  const link = uniqueName("evidence");
  await produceOrders(topic, 3);
  const filters = [dropping("$['<script>alert(1)</script>']")];
  const mappings = [{ source: topic, name: "orders", filters }];
  await strait.send("POST", "/links", { name: link, source: "east", destination: "west", mappings });
  await caughtUp(link, 3);
  await strait.send("PATCH", `/links/${link}/mappings/orders`, { filters: [] });
  await produceOrders(topic, 1);
  await caughtUp(link, 4);
  await chainOf(link, 4);
  const page = await reportOf(link);
  expect(page).toContain("&lt;script&gt;alert(1)");
  expect(page).not.toContain("<script>");

  const client = new ClusterClient({
    name: "west",
    region: "us",
    properties: { "bootstrap.servers": brokers.west.bootstrap },
  });
  try {
    const kept = (await client.logEndOffsets(`strait.${link}.evidence`, [0])).get(0) ?? 0;
    await client.deleteRecords(`strait.${link}.evidence`, 0, kept);
  } finally {
    await client.close();
  }
  const { problem } = await chainOf(link, 4);
  expect(problem).toMatch(/^the last range is missing \(hash [0-9a-f]{64}\)$/);
  expect(await reportOf(link, 1)).toContain(problem ?? "");
  await strait.send("DELETE", `/links/${link}`);
});

test("a mapping that no filter looks at keeps no chain", async () => {
  const topic = await createTopic(brokers.east, "evidence", { partitions: 1 });
  const link = uniqueName("evidence");
  await produceOrders(topic, 10);
  const mappings = [{ source: topic, name: "orders" }];
  await strait.send("POST", "/links", { name: link, source: "east", destination: "west", mappings });
  await caughtUp(link, 10);
  const { mappings: chains, filterSets } = await strait.send<EvidenceChain>("GET", `/links/${link}/evidence/chain`);
  expect(chains).toEqual([
    { mapping: "orders", partitions: [{ topic, partition: 0, ranges: [], omitted: 0, open: null, problem: null }] },
  ]);
  expect(filterSets).toEqual([]);
  await strait.send("DELETE", `/links/${link}`);
});
