import { describe, expect, test } from "bun:test";
import { controlUnderTest } from "./control-under-test.ts";

const JSON_TYPE = { "content-type": "application/json" };

describe("every answer to a bad request is a problem document", () => {
  test.each<[string, string, string, string | undefined, Record<string, string>, number, RegExp]>([
    ["an unknown path", "GET", "/v1/nope", undefined, {}, 404, /nothing at \/v1\/nope/],
    ["an unknown method", "PUT", "/v1/links", "{}", JSON_TYPE, 405, /takes GET, POST/],
    ["a later version's path", "POST", "/v2/links", "{}", JSON_TYPE, 404, /nothing at/],
    ["no type", "POST", "/v1/links", "{}", {}, 415, /application\/json/],
    [
      "another type",
      "POST",
      "/v1/links",
      "a=1",
      { "content-type": "application/x-www-form-urlencoded" },
      415,
      /application\/json/,
    ],
    ["no body", "POST", "/v1/links", undefined, JSON_TYPE, 400, /line 1, column 1: expected a value/],
    ["half a body", "POST", "/v1/links", '{"name":\n "a', JSON_TYPE, 400, /line 2, column 2: expected a value/],
    ["a deep body", "POST", "/v1/links", "[".repeat(100_000), JSON_TYPE, 400, /nested deeper/],
    ["a large body", "POST", "/v1/links", `"${"x".repeat(1024 * 1024)}"`, JSON_TYPE, 413, /larger than 1048576/],
    ["a foreign host", "GET", "/v1/links", undefined, { host: "evil.example:7070" }, 403, /addressed to this machine/],
    ["a host with a trick", "GET", "/v1/links", undefined, { host: "127.0.0.1.evil.example" }, 403, /addressed to/],
    [
      "a foreign origin",
      "POST",
      "/v1/links",
      "{}",
      { ...JSON_TYPE, origin: "https://evil.example" },
      403,
      /another origin/,
    ],
    ["no origin at all", "DELETE", "/v1/links/a", undefined, { origin: "null" }, 403, /another origin/],
  ])("%s", async (_title, method, path, body, headers, status, detail) => {
    await using subject = await controlUnderTest();
    const response = await subject.control.app.request(path, { method, headers, ...(body !== undefined && { body }) });
    const problem = (await response.json()) as Record<string, unknown>;
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(problem).toMatchObject({ type: "about:blank", status, title: expect.any(String) });
    expect(problem["detail"]).toMatch(detail);
    expect(response.status).toBe(status);
  });

  test("invalid UTF-8", async () => {
    await using subject = await controlUnderTest();
    const body = new Uint8Array([0x22, 0xff, 0x22]);
    const response = await subject.control.app.request("/v1/links", { method: "POST", headers: JSON_TYPE, body });
    expect(response.status).toBe(400);
  });
});

test("405 names the methods there are", async () => {
  await using subject = await controlUnderTest();
  const response = await subject.request("POST", "/v1/clusters/east", {});
  expect(response.headers.get("allow")).toBe("GET, PUT, DELETE");
});

test.each<[string]>([["localhost:7070"], ["127.0.0.1:1"], ["[::1]:7070"], ["LOCALHOST"]])(
  "requests addressed to %s are answered",
  async (host) => {
    await using subject = await controlUnderTest();
    expect((await subject.request("GET", "/healthz", undefined, { host })).status).toBe(200);
  },
);

test("a page served from here may make changes", async () => {
  await using subject = await controlUnderTest();
  const headers = { host: "localhost:7070", origin: "http://localhost:7070" };
  expect((await subject.request("DELETE", "/v1/links/a", undefined, headers)).status).toBe(404);
});

test("liveness and readiness are answered", async () => {
  await using subject = await controlUnderTest();
  expect(await subject.call("GET", "/healthz")).toEqual({ status: 200, body: { status: "alive" } });
  expect(await subject.call("GET", "/readyz")).toEqual({ status: 200, body: { status: "ready" } });
});
