/** A schema registry for looking at: what would be registered is not. */

import type { RegisteredSchema, SchemaRegistry } from "../model/schema-registry.ts";

/** What takes the place of a number and a UUID that only a registration would give. */
const NOT_REGISTERED: RegisteredSchema = { id: 0, version: 0, guid: "00000000-0000-0000-0000-000000000000" };

/** The same registry, except that `register` answers at once with the id 0 and asks nothing. */
export function readOnlyRegistry(registry: SchemaRegistry): SchemaRegistry {
  return { ...registry, register: async () => NOT_REGISTERED };
}
