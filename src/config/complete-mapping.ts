/** Fills in what a mapping leaves to its defaults. */

import { type FieldError, InvalidConfiguration } from "./invalid-configuration.ts";
import type { MappingInput } from "./resource-inputs.ts";
import { Mapping, Name } from "./resources.ts";
import { validate } from "./validate.ts";

/** The mapping in full. Throws {@link InvalidConfiguration}, with paths into the input, for what cannot be completed. */
export function completeMapping(input: MappingInput): Mapping {
  const errors: FieldError[] = [];
  const name = input.name ?? mappingNameFor(input.source);
  if (name === null) errors.push({ path: "/name", message: "is required: no name can be made from the source topic" });
  const destination = (input.destination ?? "{topic}").replaceAll("{topic}", input.source);
  if (!validate(Mapping.properties.destination, destination).ok) {
    errors.push({ path: "/destination", message: "becomes longer than the 249 characters Kafka allows for a topic" });
  }
  const { mode = "mirror", transaction = "on", trim = false } = input;
  if (mode === "mirror" && transaction === "off") {
    errors.push({
      path: "/transaction",
      message: 'is for mode "append"; a mirror is exactly once without transactions',
    });
  }
  if (mode === "append" && trim) {
    errors.push({ path: "/trim", message: 'is for mode "mirror": only there the offsets are the source\'s' });
  }
  if (errors.length > 0 || name === null) throw new InvalidConfiguration(errors);
  return {
    name,
    source: input.source,
    destination,
    mode,
    start: input.start ?? "earliest",
    filters: (input.filters ?? []).map(({ use, options = {}, monitor = false }) => ({
      use,
      options,
      ...(monitor ? { monitor } : {}),
    })),
    onFailure: input.onFailure ?? "stop",
    monitorOnly: input.monitorOnly ?? false,
    onExpired: input.onExpired ?? "stop",
    transaction,
    trim,
    paused: input.paused ?? false,
  };
}

/** A name for the mapping of a topic: lower case, what the name rule does not allow becomes `-`. Null if nothing is left. */
export function mappingNameFor(topic: string): string | null {
  const name = topic
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "-")
    .replace(/^-+/, "")
    .slice(0, 64)
    .replace(/-+$/, "");
  return validate(Name, name).ok ? name : null;
}
