/** `/` for browsers, and `/dashboard/`: the dashboard. */

import type { Context } from "hono";
import { type Asset, readAssets } from "../../dashboard/assets.ts";
import type { RouteTable } from "../route-table.ts";

const PREFIX = "/dashboard/";

/**
 * Everybody gets the files: they hold no data, and who one is is asked by the API. They are no part of the API, so its
 * document does not have them. At `/` browsers get the page; others go on to where the API's paths are listed.
 */
export function dashboardRoutes({ app }: RouteTable): void {
  let read: ReadonlyMap<string, Asset> | null = null;
  const assets = () => {
    read ??= readAssets();
    return read;
  };
  app.use("/", async (context, next) => {
    if (!isRead(context) || !wantsPage(context)) return next();
    return answer(context, assets().get("index.html"));
  });
  app.use(`${PREFIX}*`, async (context, next) => {
    const asset = isRead(context) ? assets().get(context.req.path.slice(PREFIX.length)) : undefined;
    return asset === undefined ? next() : answer(context, asset);
  });
}

function isRead({ req }: Context): boolean {
  return req.method === "GET" || req.method === "HEAD";
}

/** Browsers name HTML when they are sent somewhere by an address; scripts and the command line do not. */
function wantsPage({ req }: Context): boolean {
  return req.header("accept")?.includes("text/html") ?? false;
}

function answer(context: Context, asset: Asset | undefined): Response {
  if (asset === undefined) return context.notFound() as Response;
  // Kept, and asked about each time: after an update nobody sees a mixture of old and new.
  const headers = { etag: asset.etag, "cache-control": "no-cache", vary: "accept", "content-type": asset.mediaType };
  if (context.req.header("if-none-match") === asset.etag) return new Response(null, { status: 304, headers });
  return new Response(context.req.method === "HEAD" ? null : asset.body, { headers });
}
