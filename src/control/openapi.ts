/** The OpenAPI 3.1 document of the routes. */

import type { TSchema } from "typebox";
import { STRAIT_VERSION } from "../version.ts";
import { Problem } from "./problem.ts";
import type { Operation } from "./route-table.ts";

/** A JSON value; the document is data that only gets serialised. */
type Json = Readonly<Record<string, unknown>>;

export function openApiDocument(operations: readonly Operation[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "strait", version: STRAIT_VERSION, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    paths,
    components: { schemas: { Problem } },
  };
}

function describe(operation: Operation): Json {
  const parameters = [...pathParameters(operation.path), ...queryParameters(operation)];
  const body = operation.body && {
    required: operation.bodyRequired ?? true,
    content: { "application/json": { schema: operation.body } },
  };
  return {
    operationId: operationId(operation),
    summary: operation.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    responses: { ...answers(operation), ...problems(operation) },
  };
}

function operationId({ method, path }: Operation): string {
  const words = path.split("/").map((part) => part.replaceAll(/[{}]/g, "").replace(".json", ""));
  return [method, ...words.filter((word) => word !== "" && word !== "v1")].join("-");
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters({ query }: Operation): Json[] {
  const required: readonly string[] = query?.required ?? [];
  return Object.entries<TSchema>(query?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

function answers(operation: Operation): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(operation.answers).map(([status, { description, schema, mediaType = "application/json" }]) => {
      const empty = schema === undefined && mediaType === "application/json";
      const content = { [mediaType]: { schema: schema ?? { type: "string" } } };
      return [status, empty ? { description } : { description, content }];
    }),
  );
}

function problems(operation: Operation): Record<string, Json> {
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return Object.fromEntries(
    (operation.problems ?? []).map((status) => [String(status), { description: "A problem document.", content }]),
  );
}
