/** Chains of the filters that tests have, and what they make of values. */

import { join } from "node:path";
import { completeMapping } from "../../../src/config/complete-mapping.ts";
import type { Cluster, FilterUse } from "../../../src/config/resources.ts";
import type { FilteredBatch } from "../../../src/model/batch.ts";
import { FilterChain, type FilterFailure } from "../../../src/runner/filter-chain.ts";
import type { HostLimits } from "../../../src/runner/isolation/host-limits.ts";

export const FILTERS = join(import.meta.dirname, "..", "filters");

export const ROOT = join(import.meta.dirname, "..", "..", "..");

/** The command that runs a script by Deno, from `ROOT`. */
export const DENO = [
  join(ROOT, "node_modules", ".bin", "deno"),
  ...["run", "--quiet", "--no-prompt", "--no-lock", "--cached-only", "--node-modules-dir=manual", "--allow-all"],
];

const text = new TextDecoder();

export interface ChainUnderTest {
  readonly filters: readonly FilterUse[];
  readonly limits?: Partial<HostLimits>;
  readonly directory?: string;
  readonly source?: Pick<Cluster, "schemaRegistry">;
}

/** Times are short, as tests wait for them; a machine at its limits may need more for an honest answer. */
const LIMITS: Partial<HostLimits> = { stuckMs: 1000, answerMs: 1000 };

export async function makeChain({
  filters,
  limits,
  directory = FILTERS,
  source = {},
}: ChainUnderTest): Promise<FilterChain> {
  const mapping = completeMapping({ source: "orders", filters: [...filters] });
  return FilterChain.create({
    link: "eu-to-us",
    mapping,
    filters: mapping.filters.map((filter) => ({ ...filter, policy: null })),
    source,
    destination: {},
    directories: [directory],
    limits: { ...LIMITS, ...limits },
  });
}

export const unruly = (options: Readonly<Record<string, unknown>> = {}, monitor = false): FilterUse => ({
  use: "./unruly.ts",
  options,
  monitor,
});

/** What became of each record: its value where it crosses, null where it does not. */
export function values({ batch, edits }: FilteredBatch): (string | null)[] {
  return Array.from({ length: batch.count }, (_, index) => {
    const edit = edits?.[index] ?? null;
    if (edit?.verb === "drop") return null;
    const value = edit?.value === undefined ? batch.record(index).value : edit.value;
    return value === null ? "" : text.decode(value);
  });
}

/** A quarantine that remembers. */
export function remember() {
  const failures: FilterFailure[] = [];
  const take = async (failure: FilterFailure) => {
    failures.push(failure);
  };
  return { failures, take };
}
