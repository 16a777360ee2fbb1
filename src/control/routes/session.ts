/** `/v1/session`: logging in with a browser, which has no place to keep a token where pages cannot read it. */

import type { Context } from "hono";
import { type Static, Type } from "typebox";
import { validated } from "../../config/validate.ts";
import type { Control } from "../control.ts";
import { readJson } from "../request-body.ts";
import type { RouteTable } from "../route-table.ts";
import { type Principal, principalOf } from "../security/principal.ts";
import { Role } from "../security/role.ts";

/** Nobody has to be known to send one, so it may not be long. */
const MAX_LOGIN_BYTES = 4096;

const Login = Type.Object(
  { token: Type.String({ maxLength: 256 }) },
  { additionalProperties: false, description: "The token to log in with." },
);

const Session = Type.Object(
  {
    open: Type.Boolean({ description: "Whether there are no tokens, so that everybody on this machine is an admin." }),
    name: Type.Union([Type.String(), Type.Null()], { description: "The token's name; null where none is needed." }),
    role: Role,
    expires: Type.Union([Type.String({ format: "date-time" }), Type.Null()], { description: "null: never." }),
    csrf: Type.Union([Type.String(), Type.Null()], {
      description: "To be sent as x-strait-csrf with every change; null where no cookie is used.",
    }),
  },
  { additionalProperties: false, description: "Who one is." },
);
type Session = Static<typeof Session>;

export function sessionRoutes(routes: RouteTable, { access }: Control): void {
  const path = "/v1/session";
  const shown = (context: Context, { name, role, expires, session }: Principal): Response => {
    const until = expires === null ? null : new Date(expires).toISOString();
    const answer: Session = { open: access.isOpen, name, role, expires: until, csrf: session?.csrf ?? null };
    return context.json(answer);
  };
  routes.add(
    {
      method: "post",
      path,
      summary: "Logs in with a token. Sets a cookie for 12 hours; it is over when strait stops or the token is gone.",
      role: "none",
      body: Login,
      answers: { 200: { description: "Who one is now.", schema: Session } },
      problems: [400, 401, 409, 413, 415, 422, 429],
    },
    async (context) => {
      const { token } = validated(Login, await readJson(context.req.raw, { maxBytes: MAX_LOGIN_BYTES }));
      return shown(context, access.login(context, token));
    },
  );
  routes.add(
    {
      method: "get",
      path,
      summary: "Who one is.",
      role: "viewer",
      answers: { 200: { description: "Name and role.", schema: Session } },
    },
    (context) => shown(context, principalOf(context)),
  );
  routes.add(
    {
      method: "delete",
      path,
      summary: "Logs out.",
      role: "viewer",
      answers: { 204: { description: "There is no session any more." } },
    },
    (context) => {
      access.logout(context);
      return context.body(null, 204);
    },
  );
}
