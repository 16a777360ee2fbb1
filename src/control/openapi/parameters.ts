/** What stands in paths and after the question mark. */

import { type TSchema, Type } from "typebox";
import { RegionName } from "../../config/policy.ts";
import { Name } from "../../config/resources.ts";
import type { Operation } from "../route-table.ts";
import type { Components, Json } from "./components.ts";

const IN_PATHS: Readonly<Record<string, { readonly schema: TSchema; readonly description: string }>> = {
  cluster: { schema: Name, description: "The cluster's name." },
  link: { schema: Name, description: "The link's name." },
  mapping: { schema: Name, description: "The mapping's name." },
  policy: { schema: Name, description: "The policy's name." },
  region: { schema: RegionName, description: "The region; `*` for all that were told nothing." },
  token: { schema: Name, description: "The token's name." },
  id: { schema: Type.String({ minLength: 1, maxLength: 64 }), description: "As the answer that began it says." },
};

const EXAMPLES: Readonly<Record<string, unknown>> = {
  cluster: "east",
  link: "eu-to-us",
  mapping: "orders",
  policy: "eu-orders",
  region: "eu",
  token: "deploy",
  id: "4f0c1c52-7f3e-4a55-9a0e-5d1f6a3b7c10",
  topic: "orders",
  partition: 0,
  offset: 1200,
  timeoutMs: 1000,
  from: "eu",
  to: "us",
  after: 0,
  before: 101,
  order: "newest",
  limit: 100,
};

/** Those of an operation, the ones in its path first. */
export function parametersOf({ path, query }: Operation, components: Components): Json[] {
  const required: readonly string[] = query?.required ?? [];
  return [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => {
      const { schema = Type.String(), description = "" } = IN_PATHS[name] ?? {};
      return { name, in: "path", required: true, description, schema: components.refer(schema), ...exampleOf(name) };
    }),
    ...Object.entries<TSchema>(query?.properties ?? {}).map(([name, schema]) => {
      const { description = "" } = schema as { readonly description?: string };
      const isRequired = required.includes(name);
      return {
        name,
        in: "query",
        required: isRequired,
        description,
        schema: components.refer(schema),
        ...exampleOf(name),
      };
    }),
  ];
}

function exampleOf(name: string): Json {
  return name in EXAMPLES ? { example: EXAMPLES[name] } : {};
}
