/** `/v1/filters` */

import { Type } from "typebox";
import { builtInFilters } from "../../../filters/index.ts";
import type { RouteTable } from "../route-table.ts";

const CatalogueEntry = Type.Object({
  name: Type.String(),
  description: Type.String(),
  options: Type.Unknown({ description: "JSON Schema of the options." }),
});

export function filterRoutes(routes: RouteTable): void {
  routes.add(
    {
      method: "get",
      path: "/v1/filters",
      summary: "The filters that come with strait. A file of your own is used by its path.",
      role: "viewer",
      answers: {
        200: { description: "The catalogue.", schema: Type.Object({ filters: Type.Array(CatalogueEntry) }) },
      },
    },
    (context) =>
      context.json({
        filters: builtInFilters.map(({ name, description, options }) => ({ name, description, options })),
      }),
  );
}
