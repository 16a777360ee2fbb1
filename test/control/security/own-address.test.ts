/** Which addresses a request may name: here without listening on any. */

import { describe, expect, test } from "bun:test";
import { isLoopback } from "../../../src/control/security/own-address.ts";
import { smallApp } from "./small-app.ts";

const statusOf = async ({ app, token }: ReturnType<typeof smallApp>, headers: Readonly<Record<string, string>>) => {
  const authorization: Record<string, string> = token === "" ? {} : { authorization: `Bearer ${token}` };
  return (await app.request("/v1/change", { method: "POST", headers: { ...authorization, ...headers } })).status;
};

describe("without tokens", () => {
  test.each<[string, number]>([
    ["localhost:7070", 200],
    ["127.0.0.1", 200],
    ["127.8.9.1:1", 200],
    ["[::1]:7070", 200],
    ["strait.example.org", 403],
    ["127.0.0.1.example.org", 403],
    ["localhost.example.org:7070", 403],
    ["192.0.2.1", 403],
    ["a b", 400],
    ["[::1", 400],
    ["", 400],
  ])("a request to %p is answered %d", async (host, status) => {
    using small = smallApp();
    expect(await statusOf(small, { host })).toBe(status);
  });

  test("nothing that others can reach is open", async () => {
    using small = smallApp({ listenHost: "192.0.2.1" });
    expect(await statusOf(small, { host: "192.0.2.1:7070" })).toBe(401);
  });
});

describe("with tokens", () => {
  test.each<[string]>([["strait.example.org"], ["192.0.2.1:7070"], ["localhost"]])(
    "a request to %s is answered: whoever has one may use any name",
    async (host) => {
      using small = smallApp({ listenHost: "0.0.0.0" }, { withToken: true });
      expect(await statusOf(small, { host })).toBe(200);
    },
  );

  test.each<[string, boolean, string | null, string, string, number]>([
    ["its own page", false, null, "192.0.2.1:7070", "http://192.0.2.1:7070", 200],
    ["its own page over TLS", true, null, "strait.example.org", "https://strait.example.org", 200],
    ["a page that came without TLS", true, null, "strait.example.org", "http://strait.example.org", 403],
    ["another page of the host", false, null, "192.0.2.1:7070", "http://192.0.2.1:80", 403],
    ["a page at the public address", false, "https://s.example.org", "backend:7070", "https://s.example.org", 200],
    ["a page somewhere else", false, "https://s.example.org", "backend:7070", "https://example.org", 403],
    ["a page whose name begins as ours", true, null, "s.example.org", "https://s.example.org.evil.example", 403],
  ])("a change asked for by %s", async (_title, tls, publicUrl, host, origin, status) => {
    using small = smallApp(
      { listenHost: "0.0.0.0", tls, publicUrl: publicUrl === null ? null : new URL(publicUrl) },
      { withToken: true },
    );
    expect(await statusOf(small, { host, origin })).toBe(status);
  });
});

test.each<[string, boolean]>([
  ["localhost", true],
  ["LOCALHOST", true],
  ["127.0.0.1", true],
  ["[::1]", true],
  ["0.0.0.0", false],
  ["[::]", false],
  ["192.0.2.1", false],
  ["127.0.0.1.example.org", false],
])("%s is this machine only: %p", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
