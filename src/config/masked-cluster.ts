/** Clusters as they are shown: secrets are replaced, and what was shown may be sent back. */

import { MASK } from "./cluster-properties.ts";
import { type FieldError, refuse } from "./invalid-configuration.ts";
import { jsonPointer } from "./json-pointer.ts";
import type { Cluster } from "./resources.ts";
import { isSecretProperty } from "./secret-properties.ts";

/** The cluster with `"***"` for every property that holds a secret. */
export function maskedCluster(cluster: Cluster): Cluster {
  const properties = Object.entries(cluster.properties).map(([name, value]): [string, string] => [
    name,
    isSecretProperty(name) ? MASK : value,
  ]);
  return { ...cluster, properties: Object.fromEntries(properties) };
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
  refuse(errors);
  return { ...cluster, properties: Object.fromEntries(properties) };
}
