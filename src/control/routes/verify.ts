/** `/v1/links/{link}/verify` */

import { Type } from "typebox";
import { InvalidConfiguration } from "../../config/invalid-configuration.ts";
import { Name } from "../../config/resources.ts";
import { validated } from "../../config/validate.ts";
import type { Control } from "../control.ts";
import { readJson } from "../request-body.ts";
import type { RouteTable } from "../route-table.ts";
import { Verification } from "../verification-view.ts";

const Offset = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const VerificationInput = Type.Object(
  {
    mapping: Type.Optional(Name),
    partition: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
    from: Type.Optional(Offset),
    to: Type.Optional(Offset),
  },
  {
    additionalProperties: false,
    description: "What to verify: all that both sides have where nothing narrows it. `to` is behind the last offset.",
  },
);

export function verifyRoutes(routes: RouteTable, { configuration, verifications }: Control): void {
  const collection = "/v1/links/{link}/verify";
  const path = `${collection}/{id}`;
  routes.add(
    {
      method: "post",
      path: collection,
      summary: "Compares the mirrors of a link with their sources, record by record. The body may be absent.",
      role: "operator",
      body: VerificationInput,
      bodyRequired: false,
      answers: {
        202: { description: "The verification, which has begun.", schema: Verification, location: "How far it is." },
      },
      problems: [400, 404, 409, 413, 415, 422, 503],
    },
    async (context) => {
      const { name } = configuration.link(context.req.param("link") ?? "");
      const body = context.req.raw.body === null ? {} : await readJson(context.req.raw);
      const input = validated(VerificationInput, body);
      if (input.from !== undefined && input.to !== undefined && input.from >= input.to) {
        throw new InvalidConfiguration([
          { path: "/to", message: "must be above `from`: it is behind the last offset" },
        ]);
      }
      const verification = verifications.start(name, input);
      return context.json(verification, 202, { location: `/v1/links/${name}/verify/${verification.id}` });
    },
  );
  routes.add(
    {
      method: "get",
      path: collection,
      summary: "The verifications of a link, newest first: one that runs and the last few.",
      role: "viewer",
      answers: {
        200: { description: "The verifications.", schema: Type.Object({ verifications: Type.Array(Verification) }) },
      },
      problems: [404],
    },
    (context) => {
      const { name } = configuration.link(context.req.param("link") ?? "");
      return context.json({ verifications: verifications.list(name) });
    },
  );
  routes.add(
    {
      method: "get",
      path,
      summary: "A verification: how far it is, then what it found.",
      role: "viewer",
      answers: { 200: { description: "The verification.", schema: Verification } },
      problems: [404],
    },
    (context) => {
      const { name } = configuration.link(context.req.param("link") ?? "");
      return context.json(verifications.get(name, context.req.param("id") ?? ""));
    },
  );
}
