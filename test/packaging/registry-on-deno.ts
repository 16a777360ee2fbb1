/** Run by Deno: registers a schema at the registry of the first argument, reads it again, and asks for one that is not there. */

import process from "node:process";
import { createSchemaRegistry } from "../../plugins/schema-registry/schema-registry.ts";
import { failureOf } from "../support/failure-of.ts";

const [, , url = "", caFile = ""] = process.argv;
const access = { url, caFile, username: "strait", password: "${env:REGISTRY_PASSWORD}" };
const registry = createSchemaRegistry(access, { secret: async () => "hunter2", timeoutMs: 5000 });
const schema = { type: "AVRO", text: '"string"', references: [] } as const;
const { id } = await registry.register("orders-value", schema);
const { text } = await registry.byId(id);
const { code, message } = await failureOf(registry.byId(id + 1));
console.log(JSON.stringify({ text, code, message }));
