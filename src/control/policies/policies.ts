/** The policies and the defaults of regions: asked, and changed as one thing. */

import { PoliciesInput, type Policy, type Region } from "../../config/policy.ts";
import type { Journey } from "../../config/policy-decision.ts";
import { validated } from "../../config/validate.ts";
import type { FilterCheck } from "../complete-resources.ts";
import { type Actor, type Configuration, found } from "../configuration.ts";
import { type State, withoutResource, withResource } from "../state.ts";
import { changesBetween } from "../state-with-file.ts";
import { completePolicy, completeRegion, withoutPolicy, withPolicy } from "./complete-policy.ts";
import { type Explanation, explain } from "./explanation.ts";
import { withPolicies } from "./with-policies.ts";

/**
 * All methods that change something throw {@link InvalidConfiguration} for bad input and `not-found`; then nothing has
 * changed. Mappings are never in the way of a change: those that no longer comply stop, with the reason.
 */
export class Policies {
  readonly #configuration: Configuration;
  readonly #checkFilters: FilterCheck;

  constructor(configuration: Configuration, checkFilters: FilterCheck) {
    this.#configuration = configuration;
    this.#checkFilters = checkFilters;
  }

  /** By name. */
  get policies(): readonly Policy[] {
    return sorted(this.#configuration.state.policies);
  }

  /** The regions that have a default of their own, by name. */
  get regions(): readonly Region[] {
    return sorted(this.#configuration.state.regions);
  }

  policy(name: string): Policy {
    return found(this.#configuration.state.policies, name, "policy");
  }

  region(name: string): Region {
    return found(this.#configuration.state.regions, name, "default for region");
  }

  explain(journey: Journey): Explanation {
    return explain(this.#configuration.state, journey);
  }

  /** Returns whether the policy is new. One that says what it said keeps its version. */
  async put(name: string, input: unknown, actor: Actor): Promise<{ policy: Policy; created: boolean }> {
    const { before, after } = await this.#change("put", actor, async (state) =>
      withPolicy(state, name, await completePolicy(name, input, this.#checkFilters)),
    );
    const policy = found(after.policies, name, "policy");
    return { policy, created: before.policies.every((each) => each.name !== name) };
  }

  /** All at once, so that no moment sees one part without the other. */
  async patch(input: unknown, actor: Actor): Promise<void> {
    await this.#change("put", actor, (state) =>
      withPolicies(state, validated(PoliciesInput, input), this.#checkFilters),
    );
  }

  async delete(name: string, actor: Actor): Promise<void> {
    await this.#change("delete", actor, (state) => {
      found(state.policies, name, "policy");
      return withoutPolicy(state, name);
    });
  }

  async putRegion(name: string, input: unknown, actor: Actor): Promise<{ region: Region; created: boolean }> {
    const region = completeRegion(name, input);
    const { before } = await this.#change("put", actor, (state) => {
      return { ...state, regions: withResource(state.regions, region) };
    });
    return { region, created: before.regions.every((each) => each.name !== name) };
  }

  async deleteRegion(name: string, actor: Actor): Promise<void> {
    await this.#change("delete", actor, (state) => {
      found(state.regions, name, "default for region");
      return { ...state, regions: withoutResource(state.regions, name) };
    });
  }

  async #change(
    verb: string,
    actor: Actor,
    make: (state: State) => State | Promise<State>,
  ): Promise<{ readonly before: State; readonly after: State }> {
    return await this.#configuration.change(actor, async (before) => {
      const after = await make(before);
      return { state: after, changes: changesBetween(before, after, verb), result: { before, after } };
    });
  }
}

function sorted<T extends { readonly name: string }>(list: readonly T[]): T[] {
  return list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
