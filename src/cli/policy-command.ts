/** `strait policy ...` */

import type { Command } from "commander";
import type { Policy, Region } from "../config/policy.ts";
import type { Explanation } from "../control/policies/explanation.ts";
import type { CommandContext, Json } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { readConfigurationFile } from "./read-configuration-file.ts";
import { UsageError } from "./usage-error.ts";

type Tabulate = CommandContext["table"];

interface PoliciesAnswer {
  readonly policies: readonly Policy[];
  readonly regions: readonly Region[];
}

/** Of the digest, in tables; the JSON has all of it. */
const DIGEST_LETTERS = 12;

export function addPolicyCommands(program: Command, { client, print, table }: CommandContext): void {
  const policy = addExamples(
    program.command("policy").description("policies: what may leave a region, and through which filters"),
    ["strait policy ls", "all, and what regions do without one"],
    ["strait policy show eu-redact", "one, with its filters"],
    ["strait policy set policies.yaml", "what stands in a file; others stay"],
    ["strait policy explain orders --from eu --to us", "what comes of it all for a topic, and why"],
    ["strait policy rm eu-redact", "one is not needed any more"],
  );
  policy
    .command("ls")
    .description("list policies, and what regions do without one")
    .option("--json", "as JSON")
    .action(async ({ json }: Json) => {
      const answer = (await client().request("GET", "/v1/policies")) as PoliciesAnswer;
      print(json ? JSON.stringify(answer) : listOf(answer, table));
    });
  policy
    .command("show <policy>")
    .description("show a policy and its filters")
    .option("--json", "as JSON")
    .action(async (name: string, { json }: Json) => {
      const answer = (await client().request("GET", policyPath(name))) as Policy;
      print(json ? JSON.stringify(answer) : `${policyTable([answer], table)}${filterTable(answer, table)}`);
    });
  policy
    .command("set <file>")
    .description("add or replace the policies and regions of a file, all at once; others stay")
    .action(async (path: string) => {
      const answer = (await client().request("PATCH", "/v1/policies", await readPolicies(path))) as PoliciesAnswer;
      print(listOf(answer, table));
    });
  policy
    .command("rm <policy>")
    .description("remove a policy; mappings go on without it, or stop where it was what let them")
    .action(async (name: string) => {
      await client().request("DELETE", policyPath(name));
    });
  policy
    .command("explain <topic>")
    .description("say whether a topic may go from one region to another, by which policies, and why")
    .requiredOption("--from <region>", "the region it leaves")
    .requiredOption("--to <region>", "the region it goes to")
    .option("--json", "as JSON")
    .action(async (topic: string, { from, to, json }: { from: string; to: string } & Json) => {
      const query = new URLSearchParams({ from, to, topic });
      const answer = (await client().request("GET", `/v1/policies/explain?${query}`)) as Explanation;
      print(json ? JSON.stringify(answer) : explanationText(answer, table));
    });
}

/** `policies` and `regions` of a file as `strait up` takes it, which must have nothing else. */
async function readPolicies(path: string): Promise<unknown> {
  const { content } = await readConfigurationFile(path);
  const { policies = {}, regions = {}, ...others } = content;
  const [other] = Object.keys(others);
  if (other === undefined) return { policies, regions };
  throw new UsageError(`${path} has \`${other}\`; \`policy set\` takes \`policies\` and \`regions\` only`);
}

function policyPath(name: string): string {
  return `/v1/policies/${encodeURIComponent(name)}`;
}

function listOf({ policies, regions }: PoliciesAnswer, table: Tabulate): string {
  const defaults = regions.map((region) => [region.name, region.default]);
  return [
    policyTable(policies, table),
    ...(defaults.length === 0 ? [] : ["", table(["REGION", "DEFAULT"], defaults)]),
  ].join("\n");
}

function policyTable(policies: readonly Policy[], table: Tabulate): string {
  const rows = policies.map(({ name, version, from, to, topics, rule, digest }) => {
    const does = typeof rule === "string" ? rule : rule.filters.map(({ use }) => use).join(", ");
    return [name, version, from.join(", "), to.join(", "), topics.join(", "), does, digest.slice(0, DIGEST_LETTERS)];
  });
  return table(["POLICY", "VERSION", "FROM", "TO", "TOPICS", "RULE", "DIGEST"], rows);
}

function filterTable({ rule }: Policy, table: Tabulate): string {
  if (typeof rule === "string") return "";
  const rows = rule.filters.map(({ use, options }) => [use, JSON.stringify(options)]);
  return `\n\n${table(["FILTER", "OPTIONS"], rows)}`;
}

function explanationText(
  { topic, from, to, outcome, reason, policies, filters, others, notes }: Explanation,
  table: Tabulate,
): string {
  const counted = policies.map(({ name, version, rule }) => [name, version, rule, "counts"]);
  const left = others.map(({ name, version, rule, why }) => [name, version, rule, why]);
  const asked = table(["POLICY", "VERSION", "RULE", "WHY"], [...counted, ...left]);
  const before = filters.map(({ policy, use, options }) => [policy, use, JSON.stringify(options)]);
  return [
    `${topic} from ${from} to ${to}: ${outcome}`,
    reason,
    ...(counted.length + left.length === 0 ? [] : ["", asked]),
    ...(outcome === "denied" || before.length === 0 ? [] : ["", table(["POLICY", "FILTER", "OPTIONS"], before)]),
    ...notes.map((note) => `\nnote: ${note}`),
  ].join("\n");
}
