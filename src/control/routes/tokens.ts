/** `/v1/tokens` */

import { Type } from "typebox";
import type { Control } from "../control.ts";
import { readJson } from "../request-body.ts";
import type { RouteTable } from "../route-table.ts";
import { actorOf } from "../security/principal.ts";
import { NewToken, Token, TokenInput } from "../security/token.ts";

export function tokenRoutes(routes: RouteTable, { access }: Control): void {
  routes.add(
    {
      method: "get",
      path: "/v1/tokens",
      summary: "All tokens, without what proves that one has them.",
      role: "admin",
      answers: { 200: { description: "The tokens.", schema: Type.Object({ tokens: Type.Array(Token) }) } },
    },
    (context) => context.json({ tokens: access.tokens.list() }),
  );
  routes.add(
    {
      method: "post",
      path: "/v1/tokens",
      summary: "Makes a token. Only this answer has it. The first must be an admin's; from then on requests need one.",
      role: "admin",
      body: TokenInput,
      answers: { 201: { description: "The token.", schema: NewToken, location: "The token." } },
      problems: [400, 409, 413, 415, 422],
    },
    async (context) => {
      const token = access.tokens.create(await readJson(context.req.raw), actorOf(context));
      return context.json(token, 201, { location: `/v1/tokens/${token.name}` });
    },
  );
  routes.add(
    {
      method: "delete",
      path: "/v1/tokens/{token}",
      summary: "Deletes a token and ends its sessions.",
      role: "admin",
      answers: { 204: { description: "It is gone." } },
      problems: [404, 409],
    },
    (context) => {
      access.deleteToken(context.req.param("token") ?? "", actorOf(context));
      return context.body(null, 204);
    },
  );
}
