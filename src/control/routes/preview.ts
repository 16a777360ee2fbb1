/** `/v1/links/{link}/mappings/{mapping}/preview` */

import { validated } from "../../config/validate.ts";
import type { Control } from "../control.ts";
import { Preview, PreviewInput } from "../preview-view.ts";
import { readJson } from "../request-body.ts";
import type { RouteTable } from "../route-table.ts";
import { actorOf } from "../security/principal.ts";

export function previewRoutes(routes: RouteTable, { configuration, previews }: Control): void {
  routes.add(
    {
      method: "post",
      path: "/v1/links/{link}/mappings/{mapping}/preview",
      summary: "Shows the newest records of a mapping before and after its filters. Nothing is written.",
      role: "operator",
      body: PreviewInput,
      bodyRequired: false,
      answers: { 200: { description: "The records.", schema: Preview } },
      problems: [400, 404, 413, 415, 422, 502, 503, 504],
    },
    async (context) => {
      const link = configuration.link(context.req.param("link") ?? "");
      const mapping = configuration.mapping(link.name, context.req.param("mapping") ?? "");
      const body = context.req.raw.body === null ? {} : await readJson(context.req.raw);
      const input = validated(PreviewInput, body);
      return context.json(await previews.preview(link.name, mapping.name, input, actorOf(context)));
    },
  );
}
