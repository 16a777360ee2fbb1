/** `/docs`: the API's document for people to read. Nothing of the page is asked for elsewhere. */

import { READER_FILES, READER_PAGE } from "../openapi/reader/files.ts";
import type { RouteTable } from "../route-table.ts";

const PREFIX = "/docs/";
const TYPES: Readonly<Record<string, string>> = { js: "text/javascript", css: "text/css" };

/** Everybody gets the page and its files: they hold no data, and the document itself asks who one is. */
export function docsRoutes(routes: RouteTable): void {
  routes.add(
    {
      method: "get",
      path: "/docs",
      summary: "A page that shows this document. It asks for a token where strait needs one.",
      role: "none",
      answers: { 200: { description: "The page.", mediaType: "text/html" } },
    },
    (context) => context.html(READER_PAGE),
  );
  // No part of the API, so its document does not have them.
  routes.app.use(`${PREFIX}*`, async (context, next) => {
    const { method, path } = context.req;
    const name = path.slice(PREFIX.length);
    const text = Object.hasOwn(READER_FILES, name) ? READER_FILES[name] : undefined;
    if (text === undefined || (method !== "GET" && method !== "HEAD")) return next();
    return context.body(text, 200, { "content-type": `${TYPES[name.split(".").at(-1) ?? ""]}; charset=utf-8` });
  });
}
