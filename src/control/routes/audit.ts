/** `/v1/audit` */

import { Type } from "typebox";
import { AuditEntry, AuditVerification } from "../audit-log.ts";
import type { Control } from "../control.ts";
import { readQuery } from "../request-query.ts";
import type { RouteTable } from "../route-table.ts";

const AuditQuery = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: 0, description: "Only entries with a higher sequence." })),
    before: Type.Optional(Type.Integer({ minimum: 1, description: "Only entries with a lower sequence." })),
    order: Type.Optional(
      Type.Union([Type.Literal("oldest"), Type.Literal("newest")], {
        description: "Which come first. Default oldest.",
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: "At most so many. Default 1000." })),
  },
  { additionalProperties: false },
);

export function auditRoutes(routes: RouteTable, { audit }: Control): void {
  routes.add(
    {
      method: "get",
      path: "/v1/audit",
      summary: "Every change.",
      role: "viewer",
      query: AuditQuery,
      answers: { 200: { description: "The entries.", schema: Type.Object({ entries: Type.Array(AuditEntry) }) } },
      problems: [400],
    },
    (context) => context.json({ entries: audit.entries(readQuery(context, AuditQuery)) }),
  );
  routes.add(
    {
      method: "get",
      path: "/v1/audit/verify",
      summary: "Reads the audit log's file and checks its chain.",
      role: "viewer",
      answers: { 200: { description: "What was found.", schema: AuditVerification } },
    },
    async (context) => context.json(await audit.verify()),
  );
}
