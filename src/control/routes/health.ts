/** `/healthz`, `/readyz`, `/metrics`, `/openapi.json` and `/` */

import { Type } from "typebox";
import type { Control } from "../control.ts";
import { EXPOSITION_TYPE } from "../metrics/exposition.ts";
import { Metrics } from "../metrics.ts";
import { openApiDocument } from "../openapi.ts";
import { HttpProblem } from "../problem.ts";
import type { RouteTable } from "../route-table.ts";

const Health = Type.Object({ status: Type.String() });

export function healthRoutes(
  routes: RouteTable,
  control: Control,
  { openMetrics }: { readonly openMetrics: boolean },
): void {
  const metrics = new Metrics(control);
  let document: ReturnType<typeof openApiDocument> | null = null;
  routes.add(
    {
      method: "get",
      path: "/healthz",
      summary: "Whether the control process lives.",
      role: "none",
      answers: { 200: { description: "It does.", schema: Health } },
    },
    (context) => context.json({ status: "alive" }),
  );
  routes.add(
    {
      method: "get",
      path: "/readyz",
      summary: "Whether it takes requests. Links that wait for a cluster do not make it unready.",
      role: "none",
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
      role: openMetrics ? "none" : "viewer",
      answers: { 200: { description: "The metrics.", mediaType: "text/plain" } },
    },
    () => new Response(metrics.render(), { headers: { "content-type": EXPOSITION_TYPE } }),
  );
  routes.add(
    {
      method: "get",
      path: "/openapi.json",
      summary: "This document.",
      role: "viewer",
      answers: { 200: { description: "An OpenAPI 3.1 document.", schema: Type.Unknown() } },
    },
    (context) => {
      document ??= openApiDocument(routes.operations);
      return context.json(document);
    },
  );
  routes.add(
    {
      method: "get",
      path: "/",
      summary: "Where to go from here. Browsers, which ask for HTML, get the dashboard.",
      role: "none",
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
        docs: "/docs",
      }),
  );
}
