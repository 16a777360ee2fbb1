/** The OpenAPI 3.1 document of the routes. */

import { STRAIT_VERSION } from "../version.ts";
import { Components, type Json } from "./openapi/components.ts";
import { Examples } from "./openapi/examples.ts";
import { parametersOf } from "./openapi/parameters.ts";
import { problemReferences, problemResponses } from "./openapi/problem-responses.ts";
import { allTags, tagOf } from "./openapi/tags.ts";
import type { Operation } from "./route-table.ts";
import { SESSION_COOKIE } from "./security/access.ts";

const SECURITY_SCHEMES: Json = {
  token: { type: "http", scheme: "bearer", description: "A token. Not needed as long as there is none." },
  session: {
    type: "apiKey",
    in: "cookie",
    name: SESSION_COOKIE,
    description:
      "For browsers, set by POST /v1/session; `__Host-` stands before its name under TLS. Changes need the header x-strait-csrf.",
  },
};

export function openApiDocument(operations: readonly Operation[]): Json {
  const components = new Components();
  const examples = new Examples(operations);
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation, components, examples) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "strait",
      summary: "Copies Kafka topics between regions and keeps the fields that must stay from leaving.",
      version: STRAIT_VERSION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "Where this document comes from." }],
    tags: allTags(),
    paths,
    components: { schemas: components.schemas, responses: problemResponses(), securitySchemes: SECURITY_SCHEMES },
  };
}

function describe(operation: Operation, components: Components, examples: Examples): Json {
  const { body, bodyRequired = true, path, role, summary } = operation;
  const parameters = parametersOf(operation, components);
  return {
    operationId: operationId(operation),
    tags: [tagOf(path)],
    summary,
    security: role === "none" ? [] : [{ token: [] }, { session: [] }],
    "x-role": role,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: bodyRequired,
        content: { "application/json": { schema: components.refer(body), ...exampleOf(examples.request(operation)) } },
      },
    }),
    responses: { ...answers(operation, components, examples), ...problemReferences(operation) },
  };
}

function operationId({ method, path }: Operation): string {
  const words = path.split("/").map((part) => part.replaceAll(/[{}]/g, "").replace(".json", ""));
  return [method, ...words.filter((word) => word !== "" && word !== "v1")].join("-");
}

function answers(operation: Operation, components: Components, examples: Examples): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(operation.answers).map(([status, { description, schema, mediaType, location }]) => {
      const headers = location !== undefined && { headers: { Location: { description: location, ...LOCATION } } };
      if (schema === undefined && mediaType === undefined) return [status, { description, ...headers }];
      const content = {
        schema: schema === undefined ? { type: "string" } : components.refer(schema),
        ...exampleOf(examples.answer(operation, status)),
      };
      return [status, { description, ...headers, content: { [mediaType ?? "application/json"]: content } }];
    }),
  );
}

const LOCATION: Json = { required: true, schema: { type: "string", format: "uri-reference" } };

function exampleOf(example: unknown): Json {
  return example === undefined ? {} : { example };
}
