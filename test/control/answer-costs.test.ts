/** What is asked again and again costs in proportion to what there is: twice the links, twice the time, no more. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Amounts, manyLinks } from "./many-links.ts";

setDefaultTimeout(120_000);

const PATHS = ["/v1/links", "/v1/lag", "/v1/links/link-0/mappings", "/v1/links/link-0/lag", "/metrics"];

/** Four times as much costs four times as much, or sixteen times where something is looked for in a list each time. */
const TIMES = 4;
const MOST = 9;

/** Processor time, which others on the machine change less than the clock's, in microseconds: the least of many rounds. */
async function costs(amounts: Amounts): Promise<ReadonlyMap<string, number>> {
  await using subject = await manyLinks(amounts);
  const lowest = new Map<string, number>();
  for (let round = 0; round < 30; round++) {
    for (const path of PATHS) {
      const before = process.cpuUsage();
      await (await subject.request("GET", path)).arrayBuffer();
      const { user, system } = process.cpuUsage(before);
      lowest.set(path, Math.min(lowest.get(path) ?? Number.POSITIVE_INFINITY, user + system));
    }
  }
  return lowest;
}

describe.each<[string, Amounts, keyof Amounts]>([
  ["links", { links: 30, mappings: 2, partitions: 6 }, "links"],
  ["mappings of a link", { links: 1, mappings: 60, partitions: 6 }, "mappings"],
  ["partitions of a topic", { links: 1, mappings: 2, partitions: 200 }, "partitions"],
])("with four times the %s", (_what, amounts, more) => {
  test("no answer costs much more than four times as much", async () => {
    const few = await costs(amounts);
    const many = await costs({ ...amounts, [more]: amounts[more] * TIMES });
    const ratios = PATHS.map((path) => [path, (many.get(path) ?? 0) / (few.get(path) ?? 1)] as const);
    expect(ratios.filter(([, ratio]) => ratio > MOST)).toEqual([]);
  });
});
