/** Every route, asked rightly and wrongly, answers what its description says. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { problemResponse } from "../../src/control/problem.ts";
import { StraitError } from "../../src/model/errors.ts";
import { type ControlUnderTest, controlUnderTest } from "./control-under-test.ts";
import { Contract } from "./openapi-contract.ts";
import { until } from "./until.ts";

let subject: ControlUnderTest;
let contract: Contract;
beforeAll(async () => {
  subject = await controlUnderTest();
  contract = await Contract.of(subject);
});
afterAll(() => subject[Symbol.asyncDispose]());

interface Ask {
  /** Default: the path of the operation. */
  readonly at?: string;
  /** As JSON; text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** An operation, how it is asked, and the status that is due. In this order: later ones need what earlier ones make. */
type Step = readonly [operation: string, ask: Ask, status: number];

const cluster = (name: string) => ({ region: name, properties: { "bootstrap.servers": `${name}:1` } });
const link = { name: "l", source: "east", destination: "west", mappings: [{ source: "orders", mode: "append" }] };
const policy = { from: ["north"], to: ["*"], topics: ["secret.*"], rule: "deny" };

const STEPS: readonly Step[] = [
  ["PUT /v1/clusters/{cluster}", { at: "/v1/clusters/east", body: cluster("east") }, 201],
  ["PUT /v1/clusters/{cluster}", { at: "/v1/clusters/west", body: cluster("west") }, 201],
  ["PUT /v1/clusters/{cluster}", { at: "/v1/clusters/spare", body: cluster("spare") }, 201],
  ["PUT /v1/clusters/{cluster}", { at: "/v1/clusters/east", body: cluster("east") }, 200],
  ["PUT /v1/clusters/{cluster}", { at: "/v1/clusters/No", body: cluster("east") }, 422],
  ["PUT /v1/clusters/{cluster}", { at: "/v1/clusters/down", body: cluster("down") }, 422],
  ["PUT /v1/clusters/{cluster}", { at: "/v1/clusters/east", body: "{" }, 400],
  ["PUT /v1/clusters/{cluster}", { at: "/v1/clusters/east", body: `"${"x".repeat(1_100_000)}"` }, 413],
  [
    "PUT /v1/clusters/{cluster}",
    { at: "/v1/clusters/east", body: "{}", headers: { "content-type": "text/plain" } },
    415,
  ],
  ["GET /v1/clusters", {}, 200],
  ["GET /v1/clusters/{cluster}", { at: "/v1/clusters/east" }, 200],
  ["GET /v1/clusters/{cluster}", { at: "/v1/clusters/nowhere" }, 404],
  ["GET /v1/clusters/{cluster}/topics", { at: "/v1/clusters/east/topics" }, 200],
  ["GET /v1/clusters/{cluster}/topics", { at: "/v1/clusters/nowhere/topics" }, 404],
  ["DELETE /v1/clusters/{cluster}", { at: "/v1/clusters/spare" }, 204],
  ["DELETE /v1/clusters/{cluster}", { at: "/v1/clusters/spare" }, 404],

  ["POST /v1/links", { body: link }, 201],
  ["POST /v1/links", { body: link }, 409],
  ["POST /v1/links", { body: { ...link, name: "m", color: 1 } }, 422],
  ["GET /v1/links", {}, 200],
  ["GET /v1/links/{link}", { at: "/v1/links/l" }, 200],
  ["GET /v1/links/{link}", { at: "/v1/links/%00" }, 404],
  ["PATCH /v1/links/{link}", { at: "/v1/links/l", body: { paused: false } }, 200],
  ["PATCH /v1/links/{link}", { at: "/v1/links/l", body: { name: "other" } }, 422],
  ["PATCH /v1/links/{link}", { at: "/v1/links/m", body: {} }, 404],
  ["POST /v1/links/{link}/pause", { at: "/v1/links/l/pause" }, 202],
  ["POST /v1/links/{link}/pause", { at: "/v1/links/m/pause" }, 404],
  ["POST /v1/links/{link}/resume", { at: "/v1/links/l/resume" }, 202],
  ["POST /v1/links/{link}/resume", { at: "/v1/links/m/resume" }, 404],
  ["DELETE /v1/clusters/{cluster}", { at: "/v1/clusters/east" }, 409],

  ["POST /v1/links/{link}/mappings", { at: "/v1/links/l/mappings", body: { source: "clicks" } }, 201],
  ["POST /v1/links/{link}/mappings", { at: "/v1/links/l/mappings", body: { source: "clicks" } }, 409],
  ["POST /v1/links/{link}/mappings", { at: "/v1/links/l/mappings", body: { source: "a b" } }, 422],
  ["POST /v1/links/{link}/mappings", { at: "/v1/links/m/mappings", body: { source: "a" } }, 404],
  ["GET /v1/links/{link}/mappings", { at: "/v1/links/l/mappings" }, 200],
  ["GET /v1/links/{link}/mappings", { at: "/v1/links/m/mappings" }, 404],
  ["GET /v1/links/{link}/mappings/{mapping}", { at: "/v1/links/l/mappings/clicks" }, 200],
  ["GET /v1/links/{link}/mappings/{mapping}", { at: "/v1/links/l/mappings/none" }, 404],
  ["PATCH /v1/links/{link}/mappings/{mapping}", { at: "/v1/links/l/mappings/clicks", body: { trim: true } }, 200],
  ["PATCH /v1/links/{link}/mappings/{mapping}", { at: "/v1/links/l/mappings/clicks", body: { trim: 1 } }, 422],
  ["POST /v1/links/{link}/mappings/{mapping}/pause", { at: "/v1/links/l/mappings/clicks/pause" }, 202],
  ["POST /v1/links/{link}/mappings/{mapping}/pause", { at: "/v1/links/l/mappings/none/pause" }, 404],
  ["POST /v1/links/{link}/mappings/{mapping}/resume", { at: "/v1/links/l/mappings/clicks/resume" }, 202],
  ["POST /v1/links/{link}/mappings/{mapping}/resume", { at: "/v1/links/l/mappings/none/resume" }, 404],

  ["GET /v1/lag", {}, 200],
  ["GET /v1/lag", { at: "/v1/lag?partition=x" }, 400],
  ["GET /v1/links/{link}/lag", { at: "/v1/links/l/lag" }, 200],
  ["GET /v1/links/{link}/lag", { at: "/v1/links/l/lag?topic=none" }, 404],
  ["GET /v1/links/{link}/await", { at: "/v1/links/l/await?topic=orders&partition=0&offset=0&timeoutMs=0" }, 504],
  ["GET /v1/links/{link}/await", { at: "/v1/links/l/await?topic=clicks&partition=0&offset=0&timeoutMs=0" }, 200],
  ["GET /v1/links/{link}/await", { at: "/v1/links/l/await" }, 400],
  ["GET /v1/links/{link}/await", { at: "/v1/links/l/await?topic=none&partition=0&offset=0" }, 404],
  ["GET /v1/links/{link}/evidence", { at: "/v1/links/l/evidence" }, 200],
  ["GET /v1/links/{link}/evidence", { at: "/v1/links/m/evidence" }, 404],
  ["GET /v1/links/{link}/evidence/chain", { at: "/v1/links/l/evidence/chain" }, 200],
  ["GET /v1/links/{link}/evidence/chain", { at: "/v1/links/l/evidence/chain?mapping=none" }, 404],
  ["GET /v1/events", {}, 200],

  ["POST /v1/links/{link}/verify", { at: "/v1/links/l/verify" }, 202],
  ["POST /v1/links/{link}/verify", { at: "/v1/links/l/verify", body: { from: 2, to: 1 } }, 422],
  ["POST /v1/links/{link}/verify", { at: "/v1/links/m/verify" }, 404],
  ["GET /v1/links/{link}/verify", { at: "/v1/links/l/verify" }, 200],
  ["GET /v1/links/{link}/verify", { at: "/v1/links/m/verify" }, 404],
  ["GET /v1/links/{link}/verify/{id}", { at: "/v1/links/l/verify/none" }, 404],
  ["POST /v1/links/{link}/mappings/{mapping}/preview", { at: "/v1/links/l/mappings/none/preview" }, 404],
  [
    "POST /v1/links/{link}/mappings/{mapping}/preview",
    { at: "/v1/links/l/mappings/clicks/preview", body: { records: 0 } },
    422,
  ],

  ["PUT /v1/policies/{policy}", { at: "/v1/policies/p", body: policy }, 201],
  ["PUT /v1/policies/{policy}", { at: "/v1/policies/p", body: { ...policy, rule: "allow" } }, 200],
  ["PUT /v1/policies/{policy}", { at: "/v1/policies/p", body: { ...policy, rule: "maybe" } }, 422],
  ["GET /v1/policies", {}, 200],
  ["GET /v1/policies/{policy}", { at: "/v1/policies/p" }, 200],
  ["GET /v1/policies/{policy}", { at: "/v1/policies/q" }, 404],
  ["GET /v1/policies/explain", { at: "/v1/policies/explain?from=north&to=us&topic=secret.a" }, 200],
  ["GET /v1/policies/explain", { at: "/v1/policies/explain?from=*" }, 400],
  ["PATCH /v1/policies", { body: { regions: { north: { default: "deny" } } } }, 200],
  ["PATCH /v1/policies", { body: { regions: { north: {} } } }, 422],
  ["PUT /v1/regions/{region}", { at: "/v1/regions/*", body: { default: "allow" } }, 201],
  ["PUT /v1/regions/{region}", { at: "/v1/regions/*", body: { default: "allow" } }, 200],
  ["PUT /v1/regions/{region}", { at: "/v1/regions/*", body: [] }, 422],
  ["GET /v1/regions/{region}", { at: "/v1/regions/north" }, 200],
  ["GET /v1/regions/{region}", { at: "/v1/regions/south" }, 404],
  ["DELETE /v1/regions/{region}", { at: "/v1/regions/*" }, 204],
  ["DELETE /v1/regions/{region}", { at: "/v1/regions/*" }, 404],
  ["DELETE /v1/policies/{policy}", { at: "/v1/policies/p" }, 204],
  ["DELETE /v1/policies/{policy}", { at: "/v1/policies/p" }, 404],

  ["GET /v1/filters", {}, 200],
  ["GET /v1/audit", {}, 200],
  ["GET /v1/audit", { at: "/v1/audit?limit=0" }, 400],
  ["GET /v1/audit/verify", {}, 200],
  ["GET /healthz", {}, 200],
  ["GET /readyz", {}, 200],
  ["GET /metrics", {}, 200],
  ["GET /openapi.json", {}, 200],
  ["GET /docs", {}, 200],
  ["GET /", {}, 200],
  ["GET /", { headers: { host: "strait.example" } }, 403],

  ["DELETE /v1/links/{link}/mappings/{mapping}", { at: "/v1/links/l/mappings/clicks" }, 204],
  ["DELETE /v1/links/{link}/mappings/{mapping}", { at: "/v1/links/l/mappings/clicks" }, 404],
  ["DELETE /v1/links/{link}", { at: "/v1/links/l" }, 204],
  ["DELETE /v1/links/{link}", { at: "/v1/links/l" }, 404],

  ["POST /v1/session", { body: { token: "x" } }, 409],
  ["GET /v1/tokens", {}, 200],
  ["POST /v1/tokens", { body: { name: "a", role: "viewer" } }, 409],
  ["POST /v1/tokens", { body: { name: "a" } }, 422],
  ["DELETE /v1/tokens/{token}", { at: "/v1/tokens/none" }, 404],
  ["GET /v1/session", {}, 200],
  ["DELETE /v1/session", {}, 204],
];

async function send(operation: string, { at, body, headers }: Ask): Promise<Response> {
  const [method = "", path = ""] = operation.split(" ");
  return await subject.request(method, at ?? path, body, headers);
}

describe("what is answered", () => {
  for (const [index, [operation, ask, status]] of STEPS.entries()) {
    test(`${index + 1}: ${operation} with ${status}`, async () => {
      const response = await send(operation, ask);
      expect([response.status, await contract.mistakes(operation, response)]).toEqual([status, []]);
      await response.body?.cancel().catch(() => undefined); // read already, except of events
    });
  }

  test("of a verification, found where the one who began it is led to", async () => {
    await send("PUT /v1/clusters/{cluster}", { at: "/v1/clusters/east", body: cluster("east") });
    await send("POST /v1/links", { body: { ...link, mappings: [{ source: "orders" }] } });
    const begun = await send("POST /v1/links/{link}/verify", { at: "/v1/links/l/verify" });
    const operation = "GET /v1/links/{link}/verify/{id}";
    const response = await send(operation, { at: begun.headers.get("location") ?? "" });
    expect([response.status, await contract.mistakes(operation, response)]).toEqual([200, []]);
  });

  test("with tokens: the first one, and what happens to others", async () => {
    const made = await send("POST /v1/tokens", { body: { name: "root", role: "admin" } });
    const { token } = (await made.clone().json()) as { token: string };
    expect(await contract.mistakes("POST /v1/tokens", made)).toEqual([]);
    const authorization = `Bearer ${token}`;
    const headers = { authorization };
    const viewer = await send("POST /v1/tokens", { body: { name: "see", role: "viewer" }, headers });
    const { token: weak } = (await viewer.json()) as { token: string };
    const asks: [string, Ask, number][] = [
      ["GET /v1/tokens", { headers }, 200],
      ["GET /v1/links", {}, 401],
      ["GET /v1/tokens", { headers: { authorization: `Bearer ${weak}` } }, 403],
      ["POST /v1/session", { body: { token: "wrong" } }, 401],
      ["POST /v1/session", { body: { token } }, 200],
      ["POST /v1/tokens", { body: { name: "see", role: "viewer" }, headers }, 409],
      ["DELETE /v1/tokens/{token}", { at: "/v1/tokens/root", headers }, 409],
      ["DELETE /v1/tokens/{token}", { at: "/v1/tokens/see", headers }, 204],
    ];
    for (const [operation, ask, status] of asks) {
      const response = await send(operation, ask);
      expect([operation, response.status]).toEqual([operation, status]);
      expect(await contract.mistakes(operation, response)).toEqual([]);
    }
    const last = await until("being told to wait", async () => {
      const response = await send("POST /v1/session", { body: { token: "wrong" } });
      return response.status === 429 && response;
    });
    expect(await contract.mistakes("POST /v1/session", last)).toEqual([]);
  });
});

describe("a method that a path does not take", () => {
  test.each([
    ["/v1/policies/explain", "GET"],
    ["/v1/policies/some", "GET, PUT, DELETE"],
    ["/v1/links", "GET, POST"],
  ])("at %s leads to those it takes", async (path, methods) => {
    const response = await subject.request("OPTIONS", path);
    expect([response.status, response.headers.get("allow")]).toEqual([405, methods]);
  });
});

test("what a cluster has deleted while it was read is no mistake of ours", () => {
  const gone = new StraitError("offset-out-of-range", "a:1: offset 7 of t/0 is not there");
  expect(problemResponse(gone).status).toBe(502);
});

describe("the steps", () => {
  test("ask for every operation, rightly and wrongly", () => {
    const isMistaken = (status: number) => status >= 400;
    const rightly = new Set(STEPS.filter(([, , status]) => !isMistaken(status)).map(([operation]) => operation));
    const wrongly = new Set(STEPS.filter(([, , status]) => isMistaken(status)).map(([operation]) => operation));
    const all = [...contract.operations];
    const needsArguments = all.filter(([name, { parameters, requestBody }]) => {
      return (parameters ?? requestBody) !== undefined && name !== "DELETE /v1/session";
    });
    // Asked below the steps, or only with brokers (test/preview/preview.test.ts).
    const elsewhere = ["POST /v1/session", "POST /v1/tokens", "DELETE /v1/tokens/{token}"];
    const unseen = [
      ...elsewhere,
      "GET /v1/links/{link}/verify/{id}",
      "POST /v1/links/{link}/mappings/{mapping}/preview",
    ];
    expect(all.map(([name]) => name).filter((name) => !rightly.has(name))).toEqual(
      all.map(([name]) => name).filter((name) => unseen.includes(name)),
    );
    expect(needsArguments.map(([name]) => name).filter((name) => !wrongly.has(name))).toEqual([]);
  });
});

describe("a contract", () => {
  const answer = (status: number, body: unknown, type = "application/json") =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": type } });

  test.each<[string, Response, string]>([
    ["a status", answer(418, {}), "status 418 is not described"],
    ["a media type", answer(200, {}, "application/xml"), "the media type application/xml is not described"],
    ["a field too much", answer(200, { status: "alive", extra: 1 }), " must NOT have additional properties"],
    ["a field too few", answer(200, {}), " must have required property 'status'"],
  ])("notices %s", async (_what, response, mistake) => {
    expect(await contract.mistakes("GET /healthz", response)).toEqual([expect.stringContaining(mistake)]);
  });
});
