/** Turns what operators send into policies and regions, and puts them into the state. */

import { errorsUnder, type FieldError, InvalidConfiguration, refuse } from "../../config/invalid-configuration.ts";
import {
  type Policy,
  type PolicyContent,
  PolicyInput,
  type Region,
  RegionInput,
  RegionName,
} from "../../config/policy.ts";
import { policyDigest } from "../../config/policy-digest.ts";
import { Name } from "../../config/resources.ts";
import { validate, validated } from "../../config/validate.ts";
import type { FilterCheck } from "../complete-resources.ts";
import { type State, withoutResource, withResource } from "../state.ts";

/** `/v1/policies/explain` is another thing. */
const RESERVED = "explain";

/** What a policy says, from the body of a PUT on its name. Throws with paths into the body. */
export async function completePolicy(name: string, input: unknown, checkFilters: FilterCheck): Promise<PolicyContent> {
  const badName = validate(Name, name);
  if (!badName.ok) throw new InvalidConfiguration(errorsUnder("/name", badName.errors));
  const { from, to, topics, rule, name: repeated = name } = validated(PolicyInput, input);
  const errors: FieldError[] = [];
  if (name === RESERVED) errors.push({ path: "/name", message: `\`${RESERVED}\` is taken; give it another name` });
  if (repeated !== name)
    errors.push({ path: "/name", message: `must be \`${name}\`, the name in the path, or absent` });
  if (typeof rule === "string") {
    refuse(errors);
    return { from, to, topics, rule };
  }
  errors.push(...errorsUnder("/rule/filters", await checkFilters(rule.filters)));
  refuse(errors);
  const filters = rule.filters.map(({ use, options = {} }) => ({ use, options }));
  return { from, to, topics, rule: { filters } };
}

/** A region, from the body of a PUT on its name. Throws with paths into the body. */
export function completeRegion(name: string, input: unknown): Region {
  const badName = validate(RegionName, name);
  if (!badName.ok) throw new InvalidConfiguration(errorsUnder("/name", badName.errors));
  return { name, ...validated(RegionInput, input) };
}

/** The state with the policy as it now is: the same where it says the same, else the next version. */
export function withPolicy(state: State, name: string, content: PolicyContent): State {
  const before = state.policies.find((each) => each.name === name);
  const digest = policyDigest(name, content);
  if (before?.digest === digest) return state;
  const last = before ?? state.deletedPolicies.find((each) => each.name === name);
  const policy: Policy = { name, ...content, version: (last?.version ?? 0) + 1, digest };
  const deletedPolicies = withoutResource(state.deletedPolicies, name);
  return { ...state, policies: withResource(state.policies, policy), deletedPolicies };
}

/** The state without the policy, whose last version is remembered. */
export function withoutPolicy(state: State, name: string): State {
  const before = state.policies.find((each) => each.name === name);
  if (before === undefined) return state;
  const deletedPolicies = withResource(state.deletedPolicies, { name, version: before.version });
  return { ...state, policies: withoutResource(state.policies, name), deletedPolicies };
}
