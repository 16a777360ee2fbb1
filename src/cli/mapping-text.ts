/** A mapping for people. */

import type { MappingView } from "../control/mapping-view.ts";
import type { CommandContext } from "./command-context.ts";

export function mappingText(mapping: MappingView, { table, terminal: { paint } }: CommandContext): string {
  const { policyFilters, filters, refusal, ...fields } = mapping;
  const rows = Object.entries(fields).map(([field, value]) => [
    field,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  const chain = [
    ...policyFilters.map(({ policy, use, options }) => [use, `policy ${policy}`, JSON.stringify(options)]),
    ...filters.map(({ use, options, monitor }) => [
      use,
      monitor ? "the mapping, only looks on" : "the mapping",
      JSON.stringify(options),
    ]),
  ];
  return [
    table(["FIELD", "VALUE"], rows),
    "",
    chain.length === 0 ? "no filter: every record crosses as it is" : table(["FILTER", "FROM", "OPTIONS"], chain),
    ...(refusal === null ? [] : ["", paint.bad(refusal)]),
  ].join("\n");
}
