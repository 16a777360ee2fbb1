/** Every route there is, with everything one can come with. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { NeededRole, Role } from "../../../src/control/security/role.ts";
import { logIn, type SecuredControl, type SendOptions, securedControl } from "./secured-control.ts";

interface Route {
  readonly method: string;
  readonly path: string;
  readonly role: NeededRole;
  readonly takesBody: boolean;
}

let secured: SecuredControl;
let routes: Route[];
beforeAll(async () => {
  secured = await securedControl();
  const document = (await (await secured.send("GET", "/openapi.json", { token: secured.tokens.viewer })).json()) as {
    paths: Record<string, Record<string, { "x-role": NeededRole; requestBody?: object }>>;
  };
  routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, "nothing"),
      role: operation["x-role"],
      takesBody: operation.requestBody !== undefined,
    })),
  );
});
afterAll(() => secured[Symbol.asyncDispose]());

/** What is told apart: refused for want of a token or session, for want of a role or of intent, and everything else. */
async function outcomes(optionsFor: (route: Route) => SendOptions): Promise<[string, number][]> {
  const all: [string, number][] = [];
  for (const route of routes) {
    const options = optionsFor(route);
    const response = await secured.send(route.method, route.path, { ...(route.takesBody && { body: {} }), ...options });
    await response.body?.cancel();
    all.push([`${route.method} ${route.path}`, response.status]);
  }
  return all;
}

/** What the issue says, apart from what each route declares. */
function roleByRule(method: string, path: string): NeededRole {
  if (["/healthz", "/readyz"].includes(path) || (method === "POST" && path === "/v1/session")) return "none";
  if (path.startsWith("/v1/tokens")) return "admin";
  if (method === "GET" || path === "/v1/session") return "viewer";
  if (path.startsWith("/v1/clusters")) return "admin";
  return /^\/v1\/(policies|regions)/.test(path) ? "steward" : "operator";
}

const MAY: Readonly<Record<Role, readonly NeededRole[]>> = {
  viewer: ["none", "viewer"],
  operator: ["none", "viewer", "operator"],
  steward: ["none", "viewer", "steward"],
  admin: ["none", "viewer", "operator", "steward", "admin"],
};

/** Let in: whatever the route then makes of a thing that is not there, as long as it is no failure of ours. */
const isLetIn = (status: number) => status < 500 && ![401, 403, 429].includes(status);

test("every route under /v1 declares the role the rules say", () => {
  const api = routes.filter(({ path }) => path.startsWith("/v1/") || ["/healthz", "/readyz"].includes(path));
  expect(api.length).toBeGreaterThan(40);
  for (const { method, path, role } of api)
    expect([method, path, role]).toEqual([method, path, roleByRule(method, path)]);
});

test("/metrics and /openapi.json need a viewer", () => {
  const of = (wanted: string) => routes.find(({ path }) => path === wanted)?.role;
  expect([of("/metrics"), of("/openapi.json")]).toEqual(["viewer", "viewer"]);
});

describe("without anything that is valid", () => {
  test.each<[string, () => SendOptions]>([
    ["no token", () => ({})],
    ["a wrong token", () => ({ token: `strait_${"x".repeat(43)}` })],
    ["an expired admin token", () => ({ token: secured.tokens.expired })],
    ["a token that is none", () => ({ token: "admin" })],
    ["the name of a token", () => ({ headers: { authorization: "Basic YWRtaW46" } })],
    ["an empty token", () => ({ headers: { authorization: "Bearer " } })],
    ["an unknown session", () => ({ headers: { cookie: "strait_session=unknown", origin: "http://localhost" } })],
    ["a wrong token and a session", () => ({ token: "wrong", headers: { cookie: "strait_session=unknown" } })],
  ])("%s is 401 at every route that needs a role", async (_title, options) => {
    for (const [route, status] of await outcomes(options)) {
      const { role } = routes.find(({ method, path }) => `${method} ${path}` === route) ?? { role: "admin" };
      if (role === "none") expect([route, isLetIn(status)]).toEqual([route, true]);
      else expect([route, status]).toEqual([route, 401]);
    }
  });
});

describe.each<[Role]>([["viewer"], ["operator"], ["steward"], ["admin"]])("as %s", (role) => {
  const expectNoMore = (all: readonly [string, number][], mayChange = true) => {
    for (const [route, status] of all) {
      const found = routes.find(({ method, path }) => `${method} ${path}` === route);
      const needed = found?.role ?? "admin";
      const isAllowed = MAY[role].includes(needed) && (mayChange || needed === "none" || found?.method === "GET");
      if (isAllowed) expect([route, status, isLetIn(status)]).toEqual([route, status, true]);
      else expect([route, status]).toEqual([route, 403]);
    }
  };

  test("a token lets through what its role may", async () => {
    expectNoMore(await outcomes(() => ({ token: secured.tokens[role] })));
  });

  // Logging out ends the session, so each route has one of its own.
  const withSessions = async (headers: "cookie" | "change") => {
    const all: [string, number][] = [];
    for (const route of routes) {
      const session = await logIn(secured, role);
      const sent = await secured.send(route.method, route.path, {
        ...(route.takesBody && { body: {} }),
        headers: session[headers],
      });
      await sent.body?.cancel();
      all.push([`${route.method} ${route.path}`, sent.status]);
    }
    return all;
  };

  test("a session lets through what the token's role may", async () => {
    expectNoMore(await withSessions("change"));
  });

  test("a session without what only our page knows changes nothing", async () => {
    expectNoMore(await withSessions("cookie"), false);
  });
});

test("every refusal is a problem document that says what to do", async () => {
  const refused = await secured.send("POST", "/v1/links", { token: secured.tokens.viewer, body: {} });
  expect(refused.headers.get("content-type")).toBe("application/problem+json");
  expect(await refused.json()).toMatchObject({
    status: 403,
    detail: "token viewer has role viewer; this needs role operator or admin",
  });
  const unknown = await secured.send("GET", "/v1/links");
  expect(unknown.headers.get("www-authenticate")).toBe('Bearer realm="strait"');
  expect(await unknown.json()).toMatchObject({ status: 401, detail: expect.stringContaining("STRAIT_TOKEN") });
});

test("HEAD and OPTIONS let through no more", async () => {
  expect((await secured.send("HEAD", "/v1/links")).status).toBe(401);
  expect((await secured.send("OPTIONS", "/v1/links")).status).toBe(405);
});
