/** Links and mappings for people. */

import type { LinkLag, PartitionLag } from "../control/lag.ts";
import type { LinkView } from "../control/link-view.ts";
import type { MappingView } from "../control/mapping-view.ts";
import type { CommandContext } from "./command-context.ts";
import { copiedShare, sum } from "./lag/copied-share.ts";
import { inkOfState } from "./paint.ts";
import { printable } from "./printable.ts";
import { count, duration } from "./quantity.ts";

type Context = Pick<CommandContext, "table" | "terminal">;

export function linkTable(links: readonly LinkView[], { table, terminal }: Context): string {
  const rows = links.map(({ name, source, destination, mappings, state, reason }) => [
    name,
    source,
    destination,
    mappings.length,
    { text: state, ink: inkOfState(terminal.paint, state) },
    reason,
  ]);
  return table(["LINK", "SOURCE", "DESTINATION", "MAPPINGS", "STATE", "REASON"], rows);
}

export function mappingTable(mappings: readonly MappingView[], { table }: Context): string {
  const rows = mappings.map((mapping) => [
    mapping.name,
    mapping.source,
    mapping.destination,
    mapping.mode,
    filtersOf(mapping),
    mapping.paused ? "yes" : "no",
  ]);
  return table(["MAPPING", "SOURCE", "DESTINATION", "MODE", "FILTERS", "PAUSED"], rows);
}

/** A link with its mappings, how far each is, and every reason there is. */
export function linkText(link: LinkView, lag: LinkLag | null, context: Context): string {
  const refusals = link.mappings.flatMap(({ name, refusal }) => (refusal === null ? [] : [`${name}: ${refusal}`]));
  const partitions = lag?.partitions ?? [];
  const reasons = reasonsOf(partitions.filter(({ reason }) => reason !== null && reason !== link.reason));
  const restarts = link.restarts === 0 ? [] : [`its runner ended unasked ${link.restarts} times since strait started`];
  return [
    linkTable([link], context),
    "",
    mappingTable(link.mappings, context),
    ...(partitions.length === 0 ? [] : ["", progressTable(link.mappings, partitions, context)]),
    ...[...refusals, ...restarts, ...(lag?.reason == null ? [] : [lag.reason]), ...reasons].map(
      (each) => `\n${printable(each)}`,
    ),
  ].join("\n");
}

/** Partitions that stand for all of theirs, in a line. */
const MOST_NAMED = 3;

/** A line for each state and reason, whoever has them. */
function reasonsOf(partitions: readonly PartitionLag[]): string[] {
  const grouped = Map.groupBy(partitions, ({ state, reason }) => `${state}: ${reason}`);
  return [...grouped].map(([why, all]) => {
    const named = all.slice(0, MOST_NAMED).map(({ topic, partition }) => `${topic}/${partition}`);
    const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : "";
    return `${named.join(", ")}${more} ${all.length === 1 ? "is" : "are"} ${why}`;
  });
}

function filtersOf({ policyFilters, filters }: MappingView): string | null {
  const put = policyFilters.map(({ policy, use }) => `${use} (${policy})`);
  const own = filters.map(({ use, monitor }) => (monitor ? `${use} (only looks on)` : use));
  return [...put, ...own].join(", ") || null;
}

function progressTable(
  mappings: readonly MappingView[],
  all: readonly PartitionLag[],
  { table, terminal }: Context,
): string {
  const rows = mappings.map(({ name }) => {
    const partitions = all.filter(({ mapping }) => mapping === name);
    const states = [...new Set(partitions.map(({ state }) => state))];
    const ink = inkOfState(terminal.paint, states.find((state) => state !== "running") ?? "running");
    const records = sum(partitions.map(({ lagRecords }) => lagRecords));
    const age = partitions.map(({ lagMs }) => lagMs);
    return [
      name,
      partitions.length,
      partitions.length === 0 ? null : { text: states.join(", "), ink },
      copiedShare(partitions),
      records === null || partitions.length === 0 ? null : count(records),
      age.includes(null) || age.length === 0 ? null : duration(Math.max(...age.map((each) => each ?? 0))),
    ];
  });
  return table(["MAPPING", "PARTITIONS", "STATES", "COPIED", "LAG", "AGE"], rows);
}
