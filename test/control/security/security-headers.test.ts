import { describe, expect, test } from "bun:test";
import { controlUnderTest } from "../control-under-test.ts";
import { smallApp } from "./small-app.ts";

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const ALWAYS = { "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" };

const headersOf = (response: Response) => Object.fromEntries(response.headers);

describe("headers", () => {
  test("of a page let it load from here only, whatever the route says, and let browsers keep it", async () => {
    using small = smallApp();
    const headers = headersOf(await small.app.request("/"));
    expect(headers).toMatchObject({ ...ALWAYS, "content-security-policy": PAGE_POLICY, "cache-control": "max-age=60" });
  });

  test.each<[string, string, string, number]>([
    ["an answer", "GET", "/v1/links", 200],
    ["a problem", "GET", "/v1/links/none", 404],
    ["nothing at all", "GET", "/none", 404],
    ["a wrong method", "PUT", "/v1/links", 405],
    ["metrics", "GET", "/metrics", 200],
  ])("of %s keep it from being shown as a page and from being kept", async (_title, method, path, status) => {
    await using subject = await controlUnderTest();
    const response = await subject.request(method, path);
    expect(response.status).toBe(status);
    expect(headersOf(response)).toMatchObject({
      ...ALWAYS,
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "cache-control": "no-store",
    });
  });

  test("of a refused request are the same", async () => {
    using small = smallApp();
    const response = await small.app.request("/", { headers: { host: "evil.example" } });
    expect([response.status, response.headers.get("x-content-type-options")]).toEqual([403, "nosniff"]);
  });

  test.each<[string, boolean, string, string | null]>([
    ["over TLS", true, "strait.example.org:7070", "max-age=31536000"],
    ["over TLS, on a browser's own machine", true, "localhost:7070", null],
    ["over TLS, by address", true, "[::1]:7070", null],
    ["without TLS", false, "strait.example.org", null],
  ])("ask for TLS from now on %s", async (_title, tls, host, expected) => {
    using small = smallApp({ listenHost: "0.0.0.0", tls }, { withToken: true });
    const response = await small.app.request("/", { headers: { host } });
    expect(response.headers.get("strict-transport-security")).toBe(expected);
  });
});
