import { describe, expect, test } from "bun:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { addLink, type ControlUnderTest, controlUnderTest } from "./control-under-test.ts";

interface Document {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, { operationId: string; responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
}

async function documentOf(subject: ControlUnderTest): Promise<Document> {
  return (await subject.call("GET", "/openapi.json")).body as unknown as Document;
}

describe("/openapi.json", () => {
  test("describes exactly the routes that are served", async () => {
    await using subject = await controlUnderTest();
    const document = await documentOf(subject);
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = subject.control.app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    expect(document.openapi).toBe("3.1.0");
    expect(described.sort()).toEqual(served.sort());
  });

  test("gives each operation a name of its own", async () => {
    await using subject = await controlUnderTest();
    const document = await documentOf(subject);
    const names = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test.each<[string, string]>([
    ["/v1/clusters", "/v1/clusters"],
    ["/v1/clusters/{cluster}", "/v1/clusters/east"],
    ["/v1/clusters/{cluster}/topics", "/v1/clusters/east/topics"],
    ["/v1/links", "/v1/links"],
    ["/v1/links/{link}", "/v1/links/eu-to-us"],
    ["/v1/links/{link}/mappings", "/v1/links/eu-to-us/mappings"],
    ["/v1/links/{link}/mappings/{mapping}", "/v1/links/eu-to-us/mappings/orders"],
    ["/v1/links/{link}/lag", "/v1/links/eu-to-us/lag"],
    ["/v1/lag", "/v1/lag"],
    ["/v1/links/{link}/evidence", "/v1/links/eu-to-us/evidence"],
    ["/v1/filters", "/v1/filters"],
    ["/v1/audit", "/v1/audit"],
    ["/healthz", "/healthz"],
    ["/", "/"],
  ])("what %s answers fits its schema", async (described, path) => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const schema = (await documentOf(subject)).paths[described]?.["get"]?.responses["200"]?.content?.[
      "application/json"
    ];
    const ajv = new Ajv2020({ strict: false });
    addFormats(ajv);
    const check = ajv.compile(schema?.schema ?? false);
    check((await subject.call("GET", path)).body);
    expect(check.errors).toBeNull();
  });
});
