/** Who tries wrong tokens, seen from outside. */

import { expect, test } from "bun:test";
import { logIn, type SendOptions, securedControl } from "./secured-control.ts";

const WRONG = `strait_${"x".repeat(43)}`;
const ADDRESS = "192.0.2.1";

test.each<[string, string, string, SendOptions]>([
  ["as a token", "GET", "/v1/links", { token: WRONG }],
  ["at the login", "POST", "/v1/session", { body: { token: WRONG } }],
])(
  "after ten wrong ones in a minute %s a client has to wait, and nobody else",
  async (_title, method, path, options) => {
    await using secured = await securedControl();
    const attempt = (address: string) => secured.send(method, path, { ...options, address });
    for (let wrong = 0; wrong < 10; wrong++) expect((await attempt(ADDRESS)).status).toBe(401);
    const waiting = await attempt(ADDRESS);
    expect(waiting.status).toBe(429);
    const seconds = Number(waiting.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await attempt("192.0.2.2")).status).toBe(401);
  },
);

test("a valid token from the same address goes through all the time", async () => {
  await using secured = await securedControl();
  const { cookie } = await logIn(secured, "viewer");
  for (let wrong = 0; wrong < 20; wrong++) await secured.send("GET", "/v1/links", { token: WRONG, address: ADDRESS });
  const { tokens, send } = secured;
  expect((await send("GET", "/v1/links", { token: tokens.viewer, address: ADDRESS })).status).toBe(200);
  expect((await send("GET", "/v1/links", { headers: cookie, address: ADDRESS })).status).toBe(200);
  expect((await send("POST", "/v1/session", { body: { token: tokens.viewer }, address: ADDRESS })).status).toBe(200);
});

test("no token at all is no failure: a page that is not logged in may ask often", async () => {
  await using secured = await securedControl();
  for (let ask = 0; ask < 20; ask++) {
    expect((await secured.send("GET", "/v1/session", { address: ADDRESS })).status).toBe(401);
  }
});

test("over the network a client is known by its address", async () => {
  await using secured = await securedControl();
  const url = `${secured.subject.control.url}/v1/links`;
  const headers = { authorization: `Bearer ${WRONG}` };
  for (let wrong = 0; wrong < 10; wrong++) expect((await fetch(url, { headers })).status).toBe(401);
  expect((await fetch(url, { headers })).status).toBe(429);
  expect((await secured.send("GET", "/v1/links", { token: WRONG })).status).toBe(401);
});

test("refused requests are in the metrics by reason", async () => {
  await using secured = await securedControl();
  const { send, tokens } = secured;
  await send("GET", "/v1/links");
  await send("GET", "/v1/links", { token: WRONG });
  await send("GET", "/v1/links", { token: tokens.expired });
  await send("GET", "/v1/tokens", { token: tokens.viewer });
  const text = await (await send("GET", "/metrics", { token: tokens.viewer })).text();
  for (const reason of ["no-token", "wrong-token", "expired-token", "role"]) {
    expect(text).toContain(`strait_http_denied_total{reason="${reason}"} 1\n`);
  }
  expect(text).toContain(`strait_http_denied_total{reason="csrf"} 0\n`);
});

test("metrics are for everybody where that was asked for", async () => {
  await using secured = await securedControl({ openMetrics: true });
  expect((await secured.send("GET", "/metrics")).status).toBe(200);
  expect((await secured.send("GET", "/v1/lag")).status).toBe(401);
});
