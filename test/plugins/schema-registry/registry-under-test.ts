/** A registry for a test: the stand-in, or, for what a real one does too, the one that STRAIT_TEST_REGISTRY names. */

import type { RegistryAccess } from "../../../plugins/schema-registry/schema-registry.ts";
import { createSchemaRegistry } from "../../../plugins/schema-registry/schema-registry.ts";
import type { SchemaRegistry } from "../../../src/model/schema-registry.ts";
import { StandInRegistry } from "../../support/schema-registry.ts";

/** Long enough for an answer on loopback and for some retries. */
export const SHORT_MS = 1500;

const SECRETS: Readonly<Record<string, string>> = {
  "${env:REGISTRY_PASSWORD}": "hunter2 and more",
  "${env:REGISTRY_TOKEN}": "token-of-somebody",
};

/** The client as a runner has it, with secrets of its own. */
export function registryClient(
  url: string,
  access: Omit<RegistryAccess, "url"> = {},
  timeoutMs = SHORT_MS,
): SchemaRegistry {
  return createSchemaRegistry({ url, ...access }, { secret: async (name) => SECRETS[name] ?? "", timeoutMs });
}

/** Where the tests that any registry passes run. */
export async function anyRegistry(): Promise<AsyncDisposable & { readonly url: string }> {
  const url = process.env["STRAIT_TEST_REGISTRY"];
  if (url) return { url, [Symbol.asyncDispose]: async () => {} };
  return new StandInRegistry();
}
