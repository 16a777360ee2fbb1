/** From an action's options to what it does. */

import type { FilterContext } from "../../src/mod.ts";
import type { FieldAction, FieldChange } from "../fields/change.ts";
import type { ActionOptions } from "./action-options.ts";
import { generalise } from "./generalise.ts";
import { hash } from "./hash.ts";
import { mask } from "./mask.ts";
import { truncate } from "./truncate.ts";

/**
 * What the options ask for. `label` names the field in messages: a path or tags as configured, never content. Rejects with
 * `secret-unavailable` where a key cannot be had or is not one.
 */
export async function createAction(
  options: ActionOptions,
  context: FilterContext,
  label: string,
): Promise<FieldChange> {
  switch (options.action) {
    case "drop":
      return { kind: "drop" };
    case "replace":
      return { kind: "replace", value: options.value };
    case "mask":
      return act(mask(options, label));
    case "hash":
      return act(await hash(options, context, label));
    case "encrypt": {
      // Loaded when it is used: most filters encrypt nothing.
      const { encrypt } = await import("./encrypt.ts");
      return act(await encrypt(options, context, label));
    }
    case "truncate":
      return act(truncate(options));
    case "generalise":
      return act(generalise(options, label));
  }
}

function act(action: FieldAction): FieldChange {
  return { kind: "act", action };
}
