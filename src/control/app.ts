/** The HTTP API. */

import type { Hono } from "hono";
import type { Logger } from "pino";
import type { Control } from "./control.ts";
import { isUnforeseen, problemResponse } from "./problem.ts";
import { requestGuard } from "./request-guard.ts";
import { RouteTable } from "./route-table.ts";
import { auditRoutes } from "./routes/audit.ts";
import { awaitRoutes } from "./routes/await.ts";
import { clusterRoutes } from "./routes/clusters.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { docsRoutes } from "./routes/docs.ts";
import { eventRoutes } from "./routes/events.ts";
import { evidenceRoutes } from "./routes/evidence.ts";
import { filterRoutes } from "./routes/filters.ts";
import { healthRoutes } from "./routes/health.ts";
import { lagRoutes } from "./routes/lag.ts";
import { linkRoutes } from "./routes/links.ts";
import { mappingRoutes } from "./routes/mappings.ts";
import { policyRoutes } from "./routes/policies.ts";
import { previewRoutes } from "./routes/preview.ts";
import { sessionRoutes } from "./routes/session.ts";
import { tokenRoutes } from "./routes/tokens.ts";
import { verifyRoutes } from "./routes/verify.ts";
import { withoutTokens } from "./security/secret-text.ts";
import { securityHeaders } from "./security/security-headers.ts";

export interface AppOptions {
  /** Whether `/metrics` is for everybody. */
  readonly openMetrics: boolean;
  readonly log: Logger;
}

/** All routes. Every error is answered with a problem document. */
export function createApp(control: Control, { openMetrics, log }: AppOptions): Hono {
  const { access } = control;
  const routes = new RouteTable((context, needed) => access.admit(context, needed));
  const { app } = routes;
  app.use(securityHeaders(access.address));
  app.use(requestGuard(access));
  app.notFound((context) => problemResponse(routes.notFound(context.req.path)));
  app.onError((error, context) => {
    if (isUnforeseen(error)) {
      const path = withoutTokens(context.req.path);
      log.error({ err: error, method: context.req.method, path }, "request failed");
    }
    return problemResponse(error);
  });
  clusterRoutes(routes, control);
  linkRoutes(routes, control);
  mappingRoutes(routes, control);
  policyRoutes(routes, control);
  lagRoutes(routes, control);
  awaitRoutes(routes, control);
  evidenceRoutes(routes, control);
  verifyRoutes(routes, control);
  previewRoutes(routes, control);
  filterRoutes(routes);
  eventRoutes(routes, control);
  auditRoutes(routes, control);
  tokenRoutes(routes, control);
  sessionRoutes(routes, control);
  dashboardRoutes(routes);
  docsRoutes(routes);
  healthRoutes(routes, control, { openMetrics });
  return app;
}
