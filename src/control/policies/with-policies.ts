/** The state with all the policies and regions of a document. */

import { type FieldError, InvalidConfiguration, refuse } from "../../config/invalid-configuration.ts";
import { jsonPointer } from "../../config/json-pointer.ts";
import type { PoliciesInput } from "../../config/policy.ts";
import type { FilterCheck } from "../complete-resources.ts";
import { type State, withResource } from "../state.ts";
import { completePolicy, completeRegion, withPolicy } from "./complete-policy.ts";

/** Adds or replaces what is named, the rest stays. Throws {@link InvalidConfiguration} with paths into the document. */
export async function withPolicies(state: State, input: PoliciesInput, checkFilters: FilterCheck): Promise<State> {
  const errors: FieldError[] = [];
  let after = state;
  for (const [name, policy] of Object.entries(input.policies ?? {})) {
    await collect(errors, jsonPointer("policies", name), async () => {
      after = withPolicy(after, name, await completePolicy(name, policy, checkFilters));
    });
  }
  for (const [name, region] of Object.entries(input.regions ?? {})) {
    await collect(errors, jsonPointer("regions", name), async () => {
      after = { ...after, regions: withResource(after.regions, completeRegion(name, region)) };
    });
  }
  refuse(errors);
  return after;
}

async function collect(errors: FieldError[], at: string, put: () => Promise<void>): Promise<void> {
  try {
    await put();
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    // The name is the key, so the place of a bad one is the whole.
    errors.push(...error.errors.map(({ path, message }) => ({ path: path === "/name" ? at : at + path, message })));
  }
}
