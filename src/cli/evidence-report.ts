/** The evidence of a link as one HTML page that needs nothing else, for somebody who audits what left a region. */

import { html } from "hono/html";
import type { Static } from "typebox";
import type { EvidenceCounts } from "../control/evidence.ts";
import { type EvidenceFacts, problemsOf } from "./evidence-command.ts";
import { filterInWords } from "./filter-words.ts";

type Counts = Static<typeof EvidenceCounts>;
type MappingFacts = EvidenceFacts["link"]["mappings"][number];
type PartitionChain = EvidenceFacts["chain"]["mappings"][number]["partitions"][number];
/** A piece of the page: everything put into it is escaped by `html`. */
type Piece = ReturnType<typeof html>;

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #8884; padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; }
code { font-size: .85em; overflow-wrap: anywhere; }
.problem { border-left: .3rem solid #c33; padding-left: 1rem; }
.whole { border-left: .3rem solid #383; padding-left: 1rem; }
.scroll { overflow-x: auto; }
@media print { body { max-width: none; } }`;

/** The whole page. It holds names of fields and counts, never content of records. */
export function evidenceReport(facts: EvidenceFacts): string {
  const { link, evidence, chain, regions } = facts;
  const problems = problemsOf(facts);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evidence of link ${link.name}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Evidence of link ${link.name}</h1>
<p>From cluster ${link.source} in region ${regions[0]} to cluster ${link.destination} in region ${regions[1]}, as of ${evidence.at}.</p>
${
  problems.length === 0
    ? html`<p class="whole">The chain of evidence of every partition is whole.</p>`
    : html`<div class="problem"><p>Not all of the evidence is there:</p><ul>${problems.map((each) => html`<li>${each}</li>`)}</ul></div>`
}
${link.mappings.map((mapping) => mappingSection(mapping, facts))}
<h2>Filters by digest</h2>
<p>Each range names the filters it went through by a digest: SHA-256 over their code and options. Secrets are in it as references.</p>
${chain.filterSets.map(
  ({ digest, filters, policies }) =>
    html`<h3><code>${digest}</code></h3>${filterList(filters, "No filter.")}${policyList(policies)}`,
)}
<h2>How to check this page</h2>
<p>The ranges are records of topic <code>${chain.topic}</code> at cluster ${link.destination}. The hash of a range is SHA-256 over the
JSON of its record without the members <code>kind</code> and <code>hash</code>; <code>previousHash</code> is the hash of the range before.
The last hash of each partition stands in the text beside the offset that group <code>strait.${link.name}</code> has committed there.
Keep it elsewhere as well: with it, any later change to an earlier range shows.</p>
</body>
</html>
`;
  return String(page);
}

function mappingSection(mapping: MappingFacts, { link, evidence, chain }: EvidenceFacts): Piece {
  const found = evidence.mappings.find((each) => each.mapping === mapping.name);
  const partitions = chain.mappings.find((each) => each.mapping === mapping.name)?.partitions ?? [];
  const counts = found?.evidence ?? null;
  return html`<section>
<h2>Mapping ${mapping.name}</h2>
<p>Topic ${mapping.source} to topic ${mapping.destination}, mode ${mapping.mode}. A record that a filter cannot handle
${mapping.onFailure === "stop" ? "stops its partition" : `is set aside in topic ${mapping.source}.strait-quarantine at ${link.source}`}.</p>
<h3>Filters at work</h3>
${filterList([...mapping.policyFilters, ...mapping.filters], "None: every record crosses as it is.")}
${policyList(found?.policies ?? [])}
<h3>Since the first record</h3>
${counts === null ? html`<p>Not known: ${found?.note ?? "nothing was reported"}.</p>` : countsTable(counts)}
${partitions.some(({ open }) => open !== null) ? partitions.map(partitionTable) : html`<p>No chain: no filter has looked at this topic.</p>`}
</section>`;
}

function filterList(filters: readonly Parameters<typeof filterInWords>[0][], none: string): Piece {
  if (filters.length === 0) return html`<p>${none}</p>`;
  return html`<ol>${filters.map((filter) => {
    const { title, sentences } = filterInWords(filter);
    return html`<li><strong>${title}</strong><ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul></li>`;
  })}</ol>`;
}

function policyList(policies: EvidenceFacts["evidence"]["mappings"][number]["policies"]): Piece {
  if (policies.length === 0) return html`<p>No policy names this topic.</p>`;
  return html`<p>By policy:</p><ul>${policies.map(
    ({ name, version, digest }) => html`<li>${name}, version ${version} (<code>${digest}</code>)</li>`,
  )}</ul>`;
}

function countsTable(counts: Counts): Piece {
  const rows: [string, number][] = [
    ["read at the source", counts.read],
    ["copied as they were, to the byte", counts.kept],
    ["copied with changes", counts.replaced],
    ...Object.entries(counts.dropped).map(([filter, count]): [string, number] => [`not copied, by ${filter}`, count]),
    ["set aside at the source (quarantine)", counts.quarantined],
    ["expired at the source before they were copied", counts.expired],
    ...byPath(counts.changed, "fields changed"),
    ...byPath(counts.monitored, "would have been changed (only looked on)"),
  ];
  return html`<table><tbody>${rows.map(
    ([what, count]) => html`<tr><td>${what}</td><td class="number">${count}</td></tr>`,
  )}</tbody></table>`;
}

function byPath(counts: Counts["changed"], what: string): [string, number][] {
  return Object.entries(counts).flatMap(([filter, paths]) =>
    Object.entries(paths).map(([path, count]): [string, number] => [`${what}, by ${filter}: ${path}`, count]),
  );
}

function partitionTable({ topic, partition, ranges, omitted, open, problem }: PartitionChain): Piece {
  const columns = [
    "Range",
    "Offsets",
    "From",
    "Until",
    "Read",
    "Kept",
    "Changed",
    "Not copied",
    "Uncounted",
    "Filters",
    "Hash",
  ];
  const row = (range: PartitionChain["ranges"][number] | NonNullable<typeof open>, over: boolean) => {
    const { sequence, from, to, since, evidence, filterDigest } = range;
    const dropped = Object.values(evidence.dropped).reduce((sum, count) => sum + count, evidence.quarantined);
    const [until, hash] = over && "hash" in range ? [range.until, range.hash] : ["not over", "in no hash yet"];
    return html`<tr><td class="number">${sequence}</td><td>${from} to ${to - 1}</td><td>${since}</td><td>${until}</td>
<td class="number">${evidence.read}</td><td class="number">${evidence.kept}</td><td class="number">${evidence.replaced}</td>
<td class="number">${dropped}</td><td class="number">${"uncounted" in range ? range.uncounted : 0}</td><td><code>${filterDigest.slice(0, 12)}</code></td><td><code>${hash}</code></td></tr>`;
  };
  return html`<h3>Partition ${partition} of ${topic}</h3>
${problem === null ? "" : html`<p class="problem">${problem}</p>`}
${omitted === 0 ? "" : html`<p>${omitted} older ranges are not shown.</p>`}
<div class="scroll"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${ranges.map((range) => row(range, true))}${open === null ? "" : row(open, false)}</tbody>
</table></div>`;
}
