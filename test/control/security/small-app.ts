/** The checks before every route, with one route behind them that changes something and needs an admin. */

import type { Hono } from "hono";
import { problemResponse } from "../../../src/control/problem.ts";
import { requestGuard } from "../../../src/control/request-guard.ts";
import { RouteTable } from "../../../src/control/route-table.ts";
import { Access } from "../../../src/control/security/access.ts";
import { Denials } from "../../../src/control/security/denials.ts";
import type { OwnAddress } from "../../../src/control/security/own-address.ts";
import { securityHeaders } from "../../../src/control/security/security-headers.ts";
import { Tokens } from "../../../src/control/security/tokens.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { ACTOR } from "./secured-control.ts";

export interface SmallApp extends Disposable {
  readonly app: Hono;
  readonly access: Access;
  /** The text of the one token there is; "" without. */
  readonly token: string;
}

const LOOPBACK: OwnAddress = { listenHost: "127.0.0.1", tls: false, publicUrl: null };

/** What listens on an address, as far as requests are concerned. */
export function smallApp(address: Partial<OwnAddress> = {}, { withToken = false } = {}): SmallApp {
  const directory = temporaryDirectory();
  const audit = { append: () => undefined as never };
  const tokens = new Tokens({ directory: directory.path, audit, needsAdmin: false });
  const token = withToken ? tokens.create({ name: "root", role: "admin" }, ACTOR).token : "";
  const denials = new Denials({ warn: () => undefined });
  const access = new Access({ tokens, denials, address: { ...LOOPBACK, ...address } });
  const routes = new RouteTable((context, needed) => access.admit(context, needed));
  const { app } = routes;
  app.use(securityHeaders(access.address));
  app.use(requestGuard(access));
  app.onError(problemResponse);
  const answers = { 200: { description: "It is done." } };
  const method = "post";
  routes.add({ method, path: "/v1/change", summary: "Changes.", role: "admin", answers }, () => new Response("done"));
  routes.add({ method: "get", path: "/", summary: "A page.", role: "none", answers }, (context) =>
    context.html("<p>page", 200, { "cache-control": "max-age=60", "content-security-policy": "default-src *" }),
  );
  return { app, access, token, [Symbol.dispose]: () => directory[Symbol.dispose]() };
}
