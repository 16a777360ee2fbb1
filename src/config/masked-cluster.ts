/** Clusters as they are shown: secrets are replaced, and what was shown may be sent back. */

import { MASK } from "./cluster-properties.ts";
import { type FieldError, refuse } from "./invalid-configuration.ts";
import { jsonPointer } from "./json-pointer.ts";
import type { Cluster, SchemaRegistryAccess } from "./resources.ts";
import { isSecretProperty } from "./secret-properties.ts";

const REGISTRY_SECRETS = ["password", "token"] as const;

/** The cluster with `"***"` for every property that holds a secret. */
export function maskedCluster(cluster: Cluster): Cluster {
  const properties = Object.entries(cluster.properties).map(([name, value]): [string, string] => [
    name,
    isSecretProperty(name) ? MASK : value,
  ]);
  return { ...cluster, properties: Object.fromEntries(properties), ...maskedRegistry(cluster) };
}

/** The cluster with each `"***"` replaced by what is stored. Throws where nothing is. */
export function unmaskedCluster(cluster: Cluster, stored: Cluster | undefined): Cluster {
  const errors: FieldError[] = [];
  const properties = Object.entries(cluster.properties).map(([name, value]): [string, string] => {
    if (value !== MASK || !isSecretProperty(name)) return [name, value];
    const kept = stored?.properties[name];
    if (kept === undefined) {
      errors.push({
        path: jsonPointer("properties", name),
        message: `"${MASK}" keeps a stored value, and there is none`,
      });
    }
    return [name, kept ?? value];
  });
  const registry = unmaskedRegistry(cluster, stored, errors);
  refuse(errors);
  return { ...cluster, properties: Object.fromEntries(properties), ...registry };
}

function maskedRegistry({ schemaRegistry }: Cluster): Pick<Cluster, "schemaRegistry"> {
  if (schemaRegistry === undefined) return {};
  const masked: SchemaRegistryAccess = { ...schemaRegistry };
  for (const name of REGISTRY_SECRETS) if (masked[name] !== undefined) masked[name] = MASK;
  return { schemaRegistry: masked };
}

function unmaskedRegistry(
  { schemaRegistry }: Cluster,
  stored: Cluster | undefined,
  errors: FieldError[],
): Pick<Cluster, "schemaRegistry"> {
  if (schemaRegistry === undefined) return {};
  const unmasked: SchemaRegistryAccess = { ...schemaRegistry };
  for (const name of REGISTRY_SECRETS) {
    if (unmasked[name] !== MASK) continue;
    const kept = stored?.schemaRegistry?.[name];
    if (kept === undefined) {
      errors.push({
        path: jsonPointer("schemaRegistry", name),
        message: `"${MASK}" keeps a stored value, and there is none`,
      });
    } else unmasked[name] = kept;
  }
  return { schemaRegistry: unmasked };
}
