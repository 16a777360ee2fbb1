/** What a configuration file makes of the stored state: the file wins for what it names. */

import { errorsUnder, type FieldError, InvalidConfiguration, refuse } from "../config/invalid-configuration.ts";
import { jsonPointer } from "../config/json-pointer.ts";
import { checkLink } from "../config/link-rules.ts";
import { maskedCluster } from "../config/masked-cluster.ts";
import { checkRulings } from "../config/policy-rules.ts";
import type { ConfigurationFile, LinkInput } from "../config/resource-inputs.ts";
import { type Cluster, type Link, Name } from "../config/resources.ts";
import { validate } from "../config/validate.ts";
import { checkFiltersOf, completeCluster, completeLink, type FilterCheck } from "./complete-resources.ts";
import { withoutPolicy } from "./policies/complete-policy.ts";
import { linkRulings } from "./policies/link-rulings.ts";
import { withPolicies } from "./policies/with-policies.ts";
import { clustersByName, type State, withoutResource, withResource } from "./state.ts";

/**
 * The state after the file. Each cluster, link and mapping the file names is as the file says; a link or mapping it does
 * not name stays, unless an earlier version of the file brought it: what is deleted from the file is deleted. `paused`
 * stays as it was where the file does not say. Throws {@link InvalidConfiguration} with paths into the file.
 */
export async function stateWithFile(state: State, file: ConfigurationFile, checkFilters: FilterCheck): Promise<State> {
  const errors: FieldError[] = [];
  const clusters = clustersWithFile(state, file, errors);
  const links = linksWithFile(state, file, errors);
  const withFilePolicies = await withPoliciesOf(state, file, checkFilters, errors);
  refuse(errors);

  const fromFile = {
    clusters: Object.keys(file.clusters ?? {}),
    links: Object.entries(file.links ?? {}).map(([name, link]) => ({
      name,
      mappings: completeLink({ name, ...link }).mappings.map((mapping) => mapping.name),
    })),
    policies: Object.keys(file.policies ?? {}),
    regions: Object.keys(file.regions ?? {}),
  };
  const after: State = { ...withFilePolicies, clusters, links, fromFile };
  for (const link of links) {
    const filtersOf = file.links?.[link.name] === undefined ? [] : link.mappings;
    const before = state.links.find(({ name }) => name === link.name);
    const broken = checkLink(link, clustersByName(after));
    const denied = broken.length > 0 ? [] : checkRulings(link, before, linkRulings(after, link));
    const found = [...broken, ...denied, ...(await checkFiltersOf(filtersOf, checkFilters))];
    errors.push(...errorsUnder(jsonPointer("links", link.name), found));
  }
  refuse(errors);
  return after;
}

/** What to write to the audit log about the way from one state to the other, secrets masked. */
export function changesBetween(before: State, after: State, verb = "apply") {
  return [
    ...changed(`cluster.${verb}`, "clusters", before.clusters.map(maskedCluster), after.clusters.map(maskedCluster)),
    ...changed(`link.${verb}`, "links", before.links, after.links),
    ...changed(`policy.${verb}`, "policies", before.policies, after.policies),
    ...changed(`region.${verb}`, "regions", before.regions, after.regions),
  ];
}

/** The state with the policies and regions of the file, and without those that an earlier version of it brought. */
async function withPoliciesOf(
  state: State,
  file: ConfigurationFile,
  checkFilters: FilterCheck,
  errors: FieldError[],
): Promise<State> {
  const { policies = {}, regions = {} } = file;
  let after = state;
  for (const name of state.fromFile.policies) if (!Object.hasOwn(policies, name)) after = withoutPolicy(after, name);
  for (const name of state.fromFile.regions) {
    if (!Object.hasOwn(regions, name)) after = { ...after, regions: withoutResource(after.regions, name) };
  }
  try {
    return await withPolicies(after, { policies, regions }, checkFilters);
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    errors.push(...error.errors);
    return after;
  }
}

function clustersWithFile(state: State, file: ConfigurationFile, errors: FieldError[]): Cluster[] {
  let clusters: Cluster[] = state.clusters;
  for (const name of state.fromFile.clusters) {
    if (file.clusters?.[name] === undefined) clusters = withoutResource(clusters, name);
  }
  for (const [name, input] of Object.entries(file.clusters ?? {})) {
    collect(errors, jsonPointer("clusters", name), () => {
      clusters = withResource(clusters, completeCluster(name, input, undefined));
    });
  }
  return clusters;
}

function linksWithFile(state: State, file: ConfigurationFile, errors: FieldError[]): Link[] {
  let links: Link[] = state.links;
  for (const { name } of state.fromFile.links) {
    if (file.links?.[name] === undefined) links = withoutResource(links, name);
  }
  for (const [name, input] of Object.entries(file.links ?? {})) {
    const at = jsonPointer("links", name);
    const badName = validate(Name, name);
    if (!badName.ok) errors.push(...errorsUnder(at, badName.errors));
    collect(errors, at, () => {
      links = withResource(links, linkWithFile(state, { name, ...input }));
    });
  }
  return links;
}

function linkWithFile(state: State, input: LinkInput): Link {
  const given = completeLink(input);
  const stored = state.links.find(({ name }) => name === input.name);
  const before = state.fromFile.links.find(({ name }) => name === input.name)?.mappings ?? [];
  const mappings = given.mappings.map((mapping, index) => {
    const paused =
      input.mappings?.[index]?.paused ?? stored?.mappings.find(({ name }) => name === mapping.name)?.paused;
    return { ...mapping, paused: paused ?? false };
  });
  const named = new Set([...before, ...mappings.map(({ name }) => name)]);
  const added = (stored?.mappings ?? []).filter(({ name }) => !named.has(name));
  return { ...given, paused: input.paused ?? stored?.paused ?? false, mappings: [...mappings, ...added] };
}

function collect(errors: FieldError[], at: string, complete: () => void): void {
  try {
    complete();
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    errors.push(...errorsUnder(at, error.errors));
  }
}

function changed<T extends { readonly name: string }>(
  action: string,
  collection: string,
  before: readonly T[],
  after: readonly T[],
) {
  const names = new Set([...before, ...after].map(({ name }) => name));
  return [...names].map((name) => ({
    action,
    resource: `${collection}/${name}`,
    before: before.find((each) => each.name === name) ?? null,
    after: after.find((each) => each.name === name) ?? null,
  }));
}
