/** What a runner's process finds in its environment. */

import { effectiveFilters, rulingOf } from "../config/policy-ruling.ts";
import type { LinkPlan } from "../model/runner-protocol.ts";

/**
 * Bun's collector goes by the memory of the machine and lets garbage lie for long where there is much, so it is told of less.
 * Raw batches leave little garbage, and a runner that copies them then stays at 200 MB at the same CPU a record. Filtered
 * records leave much: told of 192 MiB the collector is at work half of the time (see docs/design.md).
 */
const COLLECTED_AS_IF = { raw: 192 << 20, filtered: 448 << 20 } as const;

/**
 * All of ours, secrets included, as a runner resolves the references, and how its collector is to work. That is by what the
 * link has to do as the runner starts; filters that come later do as well, at more CPU. Deno does not read it.
 */
export function runnerEnvironment({ link, rulings }: Pick<LinkPlan, "link" | "rulings">): NodeJS.ProcessEnv {
  const filtered = link.mappings.some((mapping) => effectiveFilters(rulingOf(rulings, mapping), mapping).length > 0);
  return { BUN_JSC_forceRAMSize: String(COLLECTED_AS_IF[filtered ? "filtered" : "raw"]), ...process.env };
}
