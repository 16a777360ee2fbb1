/** The schemas that a schema refers to, and those they refer to. */

import { type Schema, type SchemaRegistry, StraitError } from "../../src/mod.ts";

/** More than anybody's schema refers to; a registry that goes on and on is not believed. */
const MAX_REFERENCED = 500;

/**
 * All of them by the names they are referred to, each after those that it refers to itself. `others` are taken instead of
 * what the registry has. Rejects as the registry does, and with `filter-failed` where one name stands for two schemas.
 */
export async function referencedSchemas(
  schema: Schema,
  registry: SchemaRegistry,
  others: ReadonlyMap<string, Schema>,
): Promise<ReadonlyMap<string, Schema>> {
  const found = new Map<string, Schema>();
  const versions = new Map<string, string>();
  const collect = async ({ references }: Schema): Promise<void> => {
    for (const { name, subject, version } of references) {
      const place = `${subject} ${version}`;
      const known = versions.get(name);
      if (known === place) continue;
      if (known !== undefined) {
        throw new StraitError("filter-failed", `the schema refers to two schemas as ${name}: ${known} and ${place}`);
      }
      if (versions.size >= MAX_REFERENCED) {
        throw new StraitError("filter-failed", `the schema refers to more than ${MAX_REFERENCED} others`);
      }
      versions.set(name, place);
      const referenced = others.get(name) ?? (await registry.byVersion(subject, version));
      await collect(referenced);
      found.set(name, referenced);
    }
  };
  await collect(schema);
  return found;
}
