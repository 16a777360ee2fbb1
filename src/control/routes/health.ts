/** `/healthz`, `/readyz`, `/metrics`, `/openapi.json` and `/` */

import { Type } from "typebox";
import type { Control } from "../control.ts";
import { renderMetrics } from "../metrics.ts";
import { openApiDocument } from "../openapi.ts";
import { HttpProblem } from "../problem.ts";
import type { RouteTable } from "../route-table.ts";

const Health = Type.Object({ status: Type.String() });

export function healthRoutes(routes: RouteTable, control: Control): void {
  routes.add(
    {
      method: "get",
      path: "/healthz",
      summary: "Whether the control process lives.",
      answers: { 200: { description: "It does.", schema: Health } },
    },
    (context) => context.json({ status: "alive" }),
  );
  routes.add(
    {
      method: "get",
      path: "/readyz",
      summary: "Whether it takes requests. Links that wait for a cluster do not make it unready.",
      answers: { 200: { description: "It does.", schema: Health } },
      problems: [503],
    },
    (context) => {
      if (control.closing.aborted) throw new HttpProblem(503, "strait is shutting down");
      return context.json({ status: "ready" });
    },
  );
  routes.add(
    {
      method: "get",
      path: "/metrics",
      summary: "Everything for Prometheus.",
      answers: { 200: { description: "The metrics.", mediaType: "text/plain" } },
    },
    async () => {
      const { text, contentType } = await renderMetrics(control);
      return new Response(text, { headers: { "content-type": contentType } });
    },
  );
  routes.add(
    {
      method: "get",
      path: "/openapi.json",
      summary: "This document.",
      answers: { 200: { description: "An OpenAPI 3.1 document.", schema: Type.Unknown() } },
    },
    (context) => context.json(openApiDocument(routes.operations)),
  );
  routes.add(
    {
      method: "get",
      path: "/",
      summary: "Where to go from here.",
      answers: { 200: { description: "Paths.", schema: Type.Record(Type.String(), Type.String()) } },
    },
    (context) =>
      context.json({
        clusters: "/v1/clusters",
        links: "/v1/links",
        lag: "/v1/lag",
        filters: "/v1/filters",
        events: "/v1/events",
        audit: "/v1/audit",
        metrics: "/metrics",
        reference: "/openapi.json",
      }),
  );
}
