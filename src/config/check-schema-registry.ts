/** How a cluster's schema registry is reached: the mistakes its schema cannot express. Nothing is asked of the registry. */

import { MASK } from "./cluster-properties.ts";
import type { FieldError } from "./invalid-configuration.ts";
import { jsonPointer } from "./json-pointer.ts";
import type { SchemaRegistryAccess } from "./resources.ts";
import { isReference } from "./secret-reference.ts";

/** Every mistake, with paths below `/schemaRegistry`. Values are never repeated: they may be secrets. */
export function checkSchemaRegistry(access: SchemaRegistryAccess): FieldError[] {
  const errors: FieldError[] = [];
  const report = (name: keyof SchemaRegistryAccess, message: string) =>
    errors.push({ path: jsonPointer("schemaRegistry", name), message });

  const url = URL.canParse(access.url) ? new URL(access.url) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) report("url", "must be an http(s) URL");
  else if (url.username !== "" || url.password !== "") {
    report("url", "must not hold a user name or a password; use `username` and `password`, or `token`");
  } else if (url.search !== "" || url.hash !== "") {
    report("url", "must not hold a query or a fragment; a key that stands there goes into `token`");
  } else if (access.caFile !== undefined && url.protocol === "http:") {
    report("caFile", "is for https only");
  }
  for (const name of ["password", "token"] as const) {
    const given = access[name];
    if (given !== undefined && given !== MASK && !isReference(given)) {
      report(name, "is a secret: give it as ${env:NAME} or ${file:PATH}, never as a literal");
    }
  }
  if (access.token !== undefined && (access.username !== undefined || access.password !== undefined)) {
    report("token", "stands for `username` and `password`; give one or the other");
  } else if (access.password !== undefined && access.username === undefined) {
    report("username", "is required with `password`");
  } else if (access.username !== undefined && access.password === undefined) {
    report("password", "is required with `username`");
  }
  return errors;
}
