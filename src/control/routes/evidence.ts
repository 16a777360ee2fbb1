/** `/v1/links/{link}/evidence` */

import type { Control } from "../control.ts";
import { LinkEvidence } from "../evidence.ts";
import type { RouteTable } from "../route-table.ts";

export function evidenceRoutes(routes: RouteTable, { configuration, lag }: Control): void {
  routes.add(
    {
      method: "get",
      path: "/v1/links/{link}/evidence",
      summary: "What happened to the records of a link: read, kept, changed by field, dropped by filter, quarantined.",
      answers: { 200: { description: "The evidence by mapping.", schema: LinkEvidence } },
      problems: [404],
    },
    async (context) => {
      const link = configuration.link(context.req.param("link") ?? "");
      return context.json(await lag.evidence(link));
    },
  );
}
