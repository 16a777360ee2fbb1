/** Turns what operators send into resources in full, or says every mistake. */

import { checkSchemaRegistry } from "../config/check-schema-registry.ts";
import { checkClusterProperties } from "../config/cluster-properties.ts";
import { completeMapping } from "../config/complete-mapping.ts";
import { errorsUnder, type FieldError, InvalidConfiguration, refuse } from "../config/invalid-configuration.ts";
import { jsonPointer } from "../config/json-pointer.ts";
import { unmaskedCluster } from "../config/masked-cluster.ts";
import { ClusterInput, type LinkInput, type MappingInput } from "../config/resource-inputs.ts";
import { type Cluster, type FilterUse, type Link, type Mapping, Name } from "../config/resources.ts";
import { validate, validated } from "../config/validate.ts";

/** Finds the mistakes in a list of filters, with paths into the list. */
export type FilterCheck = (filters: readonly FilterUse[]) => Promise<readonly FieldError[]>;

/** A cluster from the body of a PUT on its name; `"***"` keeps what is stored. */
export function completeCluster(name: string, input: unknown, stored: Cluster | undefined): Cluster {
  const badName = validate(Name, name);
  if (!badName.ok) throw new InvalidConfiguration(errorsUnder("/name", badName.errors));
  const given = validated(ClusterInput, input);
  const errors = checkClusterProperties(given.properties);
  if (given.name !== undefined && given.name !== name) {
    errors.push({ path: "/name", message: `must be \`${name}\`, the name in the path, or absent` });
  }
  if (given.schemaRegistry !== undefined) errors.push(...checkSchemaRegistry(given.schemaRegistry));
  refuse(errors);
  return unmaskedCluster({ ...given, name }, stored);
}

/** A link with all its mappings in full. */
export function completeLink(input: LinkInput): Link {
  const { name, source, destination, paused = false, mappings = [] } = input;
  return { name, source, destination, paused, mappings: completeMappings(mappings) };
}

/** Mappings in full; the paths of mistakes start with `/mappings/INDEX`. */
export function completeMappings(inputs: readonly MappingInput[]): Mapping[] {
  const errors: FieldError[] = [];
  const mappings = inputs.flatMap((input, index) => {
    try {
      return [completeMapping(input)];
    } catch (error) {
      if (!(error instanceof InvalidConfiguration)) throw error;
      errors.push(...errorsUnder(jsonPointer("mappings", index), error.errors));
      return [];
    }
  });
  refuse(errors);
  return mappings;
}

/** The mistakes in the filters of all mappings; paths start with `/mappings/INDEX`. */
export async function checkFiltersOf(mappings: readonly Mapping[], checkFilters: FilterCheck): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  for (const [index, mapping] of mappings.entries()) {
    if (mapping.filters.length === 0) continue;
    errors.push(...errorsUnder(jsonPointer("mappings", index, "filters"), await checkFilters(mapping.filters)));
  }
  return errors;
}
