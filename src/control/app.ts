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
import { eventRoutes } from "./routes/events.ts";
import { evidenceRoutes } from "./routes/evidence.ts";
import { filterRoutes } from "./routes/filters.ts";
import { healthRoutes } from "./routes/health.ts";
import { lagRoutes } from "./routes/lag.ts";
import { linkRoutes } from "./routes/links.ts";
import { mappingRoutes } from "./routes/mappings.ts";
import { verifyRoutes } from "./routes/verify.ts";

export interface AppOptions {
  /** The host the server listens on; requests must be addressed to it or to this machine. */
  readonly listenHost: string;
  readonly log: Logger;
}

/** All routes. Every error is answered with a problem document. */
export function createApp(control: Control, { listenHost, log }: AppOptions): Hono {
  const routes = new RouteTable();
  const { app } = routes;
  app.use(requestGuard(listenHost));
  app.notFound((context) => problemResponse(routes.notFound(context.req.path)));
  app.onError((error, context) => {
    if (isUnforeseen(error))
      log.error({ err: error, method: context.req.method, path: context.req.path }, "request failed");
    return problemResponse(error);
  });
  clusterRoutes(routes, control);
  linkRoutes(routes, control);
  mappingRoutes(routes, control);
  lagRoutes(routes, control);
  awaitRoutes(routes, control);
  evidenceRoutes(routes, control);
  verifyRoutes(routes, control);
  filterRoutes(routes);
  eventRoutes(routes, control);
  auditRoutes(routes, control);
  healthRoutes(routes, control);
  return app;
}
