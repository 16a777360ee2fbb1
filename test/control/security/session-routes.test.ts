import { describe, expect, test } from "bun:test";
import { addClusters, controlUnderTest } from "../control-under-test.ts";
import { logIn, securedControl } from "./secured-control.ts";

const LINK = { name: "eu-to-us", source: "east", destination: "west" };

describe("logging in", () => {
  test("sets a cookie that no page can read and no other site can send", async () => {
    await using secured = await securedControl();
    const response = await secured.send("POST", "/v1/session", { body: { token: secured.tokens.operator } });
    expect(response.headers.get("set-cookie")).toMatch(
      /^strait_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(await response.json()).toEqual({
      open: false,
      name: "operator",
      role: "operator",
      expires: expect.stringMatching(/^\d{4}-/),
      csrf: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  test("over TLS, or behind a proxy that speaks it, sets one that goes over TLS only", async () => {
    await using secured = await securedControl({ publicUrl: new URL("https://strait.example.org") });
    const response = await secured.send("POST", "/v1/session", { body: { token: secured.tokens.admin } });
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-strait_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  test.each<[string, unknown, number]>([
    ["a wrong token", { token: `strait_${"x".repeat(43)}` }, 401],
    ["an empty token", { token: "" }, 401],
    ["no token", {}, 422],
    ["a number", { token: 1 }, 422],
    ["more than a token", { token: "x", role: "admin" }, 422],
    ["a long body", { token: "x".repeat(5000) }, 413],
  ])("with %s is refused", async (_title, body, status) => {
    await using secured = await securedControl();
    const response = await secured.send("POST", "/v1/session", { body });
    expect([response.status, response.headers.get("set-cookie")]).toEqual([status, null]);
  });

  test("from a page of another origin is refused", async () => {
    await using secured = await securedControl();
    const headers = { origin: "https://evil.example" };
    const body = { token: secured.tokens.admin };
    expect((await secured.send("POST", "/v1/session", { body, headers })).status).toBe(403);
  });

  test("is not needed where there are no tokens: one is an admin", async () => {
    await using subject = await controlUnderTest();
    expect(await subject.call("GET", "/v1/session")).toEqual({
      status: 200,
      body: { open: true, name: null, role: "admin", expires: null, csrf: null },
    });
    expect((await subject.call("POST", "/v1/session", { token: "x" })).status).toBe(409);
    expect((await subject.call("DELETE", "/v1/session")).status).toBe(204);
  });
});

describe("a session", () => {
  test("says who one is, also after the page was loaded anew", async () => {
    await using secured = await securedControl();
    const { cookie, change } = await logIn(secured, "steward");
    const response = await secured.send("GET", "/v1/session", { headers: cookie });
    expect(await response.json()).toMatchObject({ name: "steward", role: "steward", csrf: change["x-strait-csrf"] });
  });

  test.each<[string, (change: Readonly<Record<string, string>>) => Record<string, string>, number]>([
    ["all there is", (change) => ({ ...change }), 201],
    ["no value", ({ "x-strait-csrf": _, ...others }) => others, 403],
    ["another value", (change) => ({ ...change, "x-strait-csrf": "x".repeat(43) }), 403],
    ["no origin", ({ origin: _, ...others }) => others, 403],
    ["another origin", (change) => ({ ...change, origin: "https://evil.example" }), 403],
    ["another port of ours", (change) => ({ ...change, origin: "http://localhost:81" }), 403],
    ["another scheme", (change) => ({ ...change, origin: "https://localhost" }), 403],
    ["an origin that is hidden", (change) => ({ ...change, origin: "null" }), 403],
  ])("asks for a change with %s", async (_title, headersOf, status) => {
    await using secured = await securedControl();
    const { change } = await logIn(secured, "admin");
    const body = { name: "ci", role: "viewer" };
    expect((await secured.send("POST", "/v1/tokens", { body, headers: headersOf(change) })).status).toBe(status);
  });

  test("does not take the value of another session", async () => {
    await using secured = await securedControl();
    const [one, other] = [await logIn(secured, "admin"), await logIn(secured, "admin")];
    const headers = { ...one.change, "x-strait-csrf": other.change["x-strait-csrf"] ?? "" };
    const body = { name: "ci", role: "viewer" };
    expect((await secured.send("POST", "/v1/tokens", { body, headers })).status).toBe(403);
  });

  test("is over after logging out, which takes the cookie away", async () => {
    await using secured = await securedControl();
    const { cookie, change } = await logIn(secured, "viewer");
    const response = await secured.send("DELETE", "/v1/session", { headers: change });
    expect([response.status, response.headers.get("set-cookie")]).toEqual([204, "strait_session=; Max-Age=0; Path=/"]);
    expect((await secured.send("GET", "/v1/links", { headers: cookie })).status).toBe(401);
  });

  test("is over when its token is deleted, also if there is another of that name", async () => {
    await using secured = await securedControl();
    const { cookie } = await logIn(secured, "viewer");
    const token = secured.tokens.admin;
    expect((await secured.send("DELETE", "/v1/tokens/viewer", { token })).status).toBe(204);
    await secured.send("POST", "/v1/tokens", { token, body: { name: "viewer", role: "viewer" } });
    expect((await secured.send("GET", "/v1/links", { headers: cookie })).status).toBe(401);
  });

  test("is ended by logging in anew in the same browser", async () => {
    await using secured = await securedControl();
    const { cookie } = await logIn(secured, "viewer");
    await secured.send("POST", "/v1/session", { body: { token: secured.tokens.admin }, headers: cookie });
    expect((await secured.send("GET", "/v1/links", { headers: cookie })).status).toBe(401);
  });

  test("is over when strait starts anew", async () => {
    await using secured = await securedControl();
    const { cookie } = await logIn(secured, "viewer");
    await secured.subject.restart();
    expect((await secured.send("GET", "/v1/links", { headers: cookie })).status).toBe(401);
  });
});

describe("behind a proxy", () => {
  test("a page at the public address may make changes, whatever name the proxy asks for", async () => {
    await using secured = await securedControl({ publicUrl: new URL("https://strait.example.org") });
    const { change } = await logInAt(secured, "https://strait.example.org");
    const body = { name: "ci", role: "viewer" };
    const headers = { ...change, host: "backend:7070" };
    expect((await secured.send("POST", "/v1/tokens", { body, headers })).status).toBe(201);
  });
});

async function logInAt({ send, tokens }: Awaited<ReturnType<typeof securedControl>>, origin: string) {
  const response = await send("POST", "/v1/session", { body: { token: tokens.admin }, headers: { origin } });
  const [cookie = ""] = (response.headers.get("set-cookie") ?? "").split(";");
  const { csrf } = (await response.json()) as { csrf: string };
  return { change: { cookie, origin, "x-strait-csrf": csrf } };
}

test("what is changed by a token, and by a session of it, is in the audit log with its name", async () => {
  await using secured = await securedControl();
  const { send, tokens } = secured;
  const cluster = (name: string) => ({ region: "eu", properties: { "bootstrap.servers": `${name}:1` } });
  for (const name of ["east", "west"]) {
    await send("PUT", `/v1/clusters/${name}`, { token: tokens.admin, body: cluster(name) });
  }
  expect((await send("POST", "/v1/links", { token: tokens.operator, body: LINK })).status).toBe(201);
  const { change } = await logIn(secured, "operator");
  expect((await send("POST", "/v1/links/eu-to-us/pause", { headers: change })).status).toBe(202);
  const policy = { from: ["eu"], to: ["*"], topics: ["orders"], rule: "deny" };
  expect((await send("PUT", "/v1/policies/stay", { token: tokens.steward, body: policy })).status).toBe(201);
  const log = await send("GET", "/v1/audit", { token: tokens.viewer });
  const { entries } = (await log.json()) as { entries: { token: string; action: string }[] };
  expect(entries.map(({ token, action }) => `${token} ${action}`)).toEqual([
    "admin cluster.put",
    "admin cluster.put",
    "operator link.add",
    "operator link.pause",
    "steward policy.put",
  ]);
});

test("the first token closes an open strait, the last one that is deleted opens it", async () => {
  await using subject = await controlUnderTest();
  await addClusters(subject);
  expect((await subject.call("POST", "/v1/tokens", { name: "ci", role: "viewer" })).status).toBe(409);
  const { body } = await subject.call("POST", "/v1/tokens", { name: "root", role: "admin" });
  const headers = { authorization: `Bearer ${body["token"]}` };
  expect((await subject.call("GET", "/v1/clusters")).status).toBe(401);
  expect((await subject.request("GET", "/v1/clusters", undefined, headers)).status).toBe(200);
  expect((await subject.request("DELETE", "/v1/tokens/root", undefined, headers)).status).toBe(204);
  expect((await subject.call("GET", "/v1/clusters")).status).toBe(200);
});
