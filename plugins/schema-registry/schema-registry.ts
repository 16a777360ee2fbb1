/** A schema registry that speaks Confluent's REST API: Confluent's own, Redpanda's, Karapace, Apicurio. */

import { createHash } from "node:crypto";
import type { RegisteredSchema, Schema, SchemaRegistry } from "../../src/mod.ts";
import { AskedOnce } from "./asked-once.ts";
import { readId, readRegistered, readSchema, readSubjects } from "./registry-answers.ts";
import { type RegistryAccess, RegistryRequests, type RequestOptions } from "./registry-requests.ts";

export type { RegistryAccess } from "./registry-requests.ts";

/** Answers of each kind that are kept; a schema with all its answers takes a few kilobytes. */
const KEPT_ANSWERS = 1000;

/** Asks nothing and loads nothing before one of its functions is called. */
export function createSchemaRegistry(access: RegistryAccess, options: RequestOptions): SchemaRegistry {
  const { url } = access;
  const requests = new RegistryRequests(access, options);
  const schemas = new AskedOnce<Schema>(KEPT_ANSWERS);
  const ids = new AskedOnce<number>(KEPT_ANSWERS);
  const subjects = new AskedOnce<readonly string[]>(KEPT_ANSWERS);
  const registered = new AskedOnce<RegisteredSchema>(KEPT_ANSWERS);

  /** Only of a Protobuf schema is another form asked for: some registries refuse the question for other types. */
  const schemaAt = (path: string, query: string): Promise<Schema> =>
    schemas.get(path, async () => {
      const schema = readSchema(url, path, await requests.get(`${path}${query}`));
      if (schema.type !== "PROTOBUF") return schema;
      const serialized = `${path}${query}${query === "" ? "?" : "&"}format=serialized`;
      return readSchema(url, path, await requests.get(serialized));
    });

  return {
    url,
    byId: (id) => schemaAt(`/schemas/ids/${id}`, ""),
    byGuid: (guid) => schemaAt(`/schemas/guids/${encodeURIComponent(guid)}`, ""),
    byVersion: (subject, version) =>
      // A version that was deleted is still what others refer to.
      schemaAt(`/subjects/${encodeURIComponent(subject)}/versions/${version}`, "?deleted=true"),
    idOf(guid) {
      const path = `/schemas/guids/${encodeURIComponent(guid)}/ids`;
      return ids.get(path, async () => readId(url, path, await requests.get(path)));
    },
    subjectsOf(id) {
      const path = `/schemas/ids/${id}/subjects`;
      return subjects.get(path, async () => readSubjects(url, path, await requests.get(path)));
    },
    register(subject, schema) {
      const body = requestBody(schema);
      const digest = createHash("sha256").update(JSON.stringify(body)).digest("hex");
      return registered.get(`${digest} ${subject}`, async () => {
        const path = `/subjects/${encodeURIComponent(subject)}`;
        const answer = await requests.post(`${path}/versions`, body);
        // Registries before Confluent Platform 8.0 answer with the number alone.
        return readRegistered(url, path, answer) ?? readRegistered(url, path, await requests.post(path, body), true);
      });
    },
  };
}

/** `schemaType` and `references` are left out where they say nothing: the oldest registries know neither. */
function requestBody({ type, text, references }: Schema): Record<string, unknown> {
  return {
    schema: text,
    ...(type === "AVRO" ? {} : { schemaType: type }),
    ...(references.length === 0 ? {} : { references }),
  };
}
