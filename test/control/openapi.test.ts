import { describe, expect, test } from "bun:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { documentedExamples } from "../../src/control/openapi/generate-examples.ts";
import { controlUnderTest } from "./control-under-test.ts";
import { Contract } from "./openapi-contract.ts";

async function contract(): Promise<Contract> {
  await using subject = await controlUnderTest();
  return await Contract.of(subject);
}

describe("/openapi.json", () => {
  test("is an OpenAPI 3.1 document", async () => {
    const { document } = await contract();
    expect(document.openapi).toBe("3.1.0");
    expect(await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>)).toEqual({
      valid: true,
    });
  });

  test("describes exactly the routes that are served", async () => {
    await using subject = await controlUnderTest();
    const { operations } = await Contract.of(subject);
    const served = subject.control.app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    expect([...operations.keys()].toSorted()).toEqual(served.toSorted());
  });

  test("gives each operation a name of its own and a tag that is described", async () => {
    const { document, operations } = await contract();
    const names = [...operations.values()].map(({ operationId }) => operationId);
    const tags = [...operations.values()].flatMap((each) => each.tags);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(tags)).toEqual(new Set(document.tags.map(({ name }) => name)));
  });

  test("says of each operation who may call it and what happens to others", async () => {
    const { operations } = await contract();
    const open = [...operations].filter(([, operation]) => operation["x-role"] === "none");
    expect(open.map(([name]) => name).toSorted()).toEqual(
      ["GET /", "GET /docs", "GET /healthz", "GET /readyz", "POST /v1/session"].toSorted(),
    );
    const guarded = [...operations.values()].filter((operation) => operation["x-role"] !== "none");
    for (const { responses } of guarded) expect(Object.keys(responses)).toContainValues(["401", "403", "429"]);
  });

  test("has a name for what is used in more than one place", async () => {
    const { document } = await contract();
    const text = JSON.stringify(document);
    const unused = Object.keys(document.components.schemas).filter((name) => !text.includes(`schemas/${name}"`));
    expect(unused).toEqual([]);
  });
});

describe("examples in /openapi.json", () => {
  test("are those of the documents", async () => {
    const written = await import("../../src/control/openapi/documented-examples.json");
    expect(written.default as object).toEqual(await documentedExamples());
  });

  test("are there for each parameter, body and answer, and fit their schemas", async () => {
    const described = await contract();
    const mistakes: string[] = [];
    const look = (what: string, { schema, example }: { readonly schema: object; readonly example?: unknown }) => {
      if (example === undefined) mistakes.push(`${what}: none`);
      else mistakes.push(...described.against(schema, example).map((mistake) => `${what}: ${mistake}`));
    };
    for (const [name, { parameters = [], requestBody, responses }] of described.operations) {
      for (const parameter of parameters) look(`${name} ${parameter.name}`, parameter);
      for (const content of Object.values(requestBody?.content ?? {})) look(`${name} body`, content);
      for (const status of Object.keys(responses)) {
        const { content = {} } = described.answer(name, Number(status)) ?? {};
        for (const each of Object.values(content)) look(`${name} ${status}`, each);
      }
    }
    expect(mistakes).toEqual([]);
  });
});
