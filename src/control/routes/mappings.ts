/** `/v1/links/{link}/mappings` */

import type { Context } from "hono";
import { Type } from "typebox";
import { MappingInput, MappingPatch } from "../../config/resource-inputs.ts";
import type { Mapping } from "../../config/resources.ts";
import type { Control } from "../control.ts";
import { MappingView, mappingView } from "../mapping-view.ts";
import { linkRulings } from "../policies/link-rulings.ts";
import { readJson } from "../request-body.ts";
import type { RouteTable } from "../route-table.ts";
import { actorOf } from "../security/principal.ts";

export function mappingRoutes(routes: RouteTable, { configuration }: Control): void {
  const collection = "/v1/links/{link}/mappings";
  const path = `${collection}/{mapping}`;
  const rulingsOf = (link: string) => linkRulings(configuration.state, configuration.link(link));
  const view = (link: string, mapping: Mapping) => mappingView(mapping, rulingsOf(link));
  routes.add(
    {
      method: "get",
      path: collection,
      summary: "The mappings of a link.",
      role: "viewer",
      answers: { 200: { description: "The mappings.", schema: Type.Object({ mappings: Type.Array(MappingView) }) } },
      problems: [404],
    },
    (context) => {
      const link = configuration.link(names(context).link);
      const rulings = rulingsOf(link.name);
      return context.json({ mappings: link.mappings.map((mapping) => mappingView(mapping, rulings)) });
    },
  );
  routes.add(
    {
      method: "post",
      path: collection,
      summary: "Adds a mapping. The others go on.",
      role: "operator",
      body: MappingInput,
      answers: { 201: { description: "The mapping.", schema: MappingView, location: "The mapping." } },
      problems: [400, 404, 409, 413, 415, 422],
    },
    async (context) => {
      const { link } = names(context);
      const mapping = await configuration.addMapping(link, await readJson(context.req.raw), actorOf(context));
      return context.json(view(link, mapping), 201, { location: `/v1/links/${link}/mappings/${mapping.name}` });
    },
  );
  routes.add(
    {
      method: "get",
      path,
      summary: "One mapping.",
      role: "viewer",
      answers: { 200: { description: "The mapping.", schema: MappingView } },
      problems: [404],
    },
    (context) => {
      const { link, mapping } = names(context);
      return context.json(view(link, configuration.mapping(link, mapping)));
    },
  );
  routes.add(
    {
      method: "patch",
      path,
      summary: "Changes a mapping. What is not mentioned stays.",
      role: "operator",
      body: MappingPatch,
      answers: { 200: { description: "The mapping.", schema: MappingView } },
      problems: [400, 404, 413, 415, 422],
    },
    async (context) => {
      const { link, mapping } = names(context);
      const input = await readJson(context.req.raw);
      return context.json(view(link, await configuration.patchMapping(link, mapping, input, actorOf(context))));
    },
  );
  routes.add(
    {
      method: "delete",
      path,
      summary: "Removes a mapping. The others go on.",
      role: "operator",
      answers: { 204: { description: "It is gone." } },
      problems: [404],
    },
    async (context) => {
      const { link, mapping } = names(context);
      await configuration.deleteMapping(link, mapping, actorOf(context));
      return context.body(null, 204);
    },
  );
  for (const verb of ["pause", "resume"] as const) {
    routes.add(
      {
        method: "post",
        path: `${path}/${verb}`,
        summary: verb === "pause" ? "Stops copying this mapping until it is resumed." : "Goes on copying it.",
        role: "operator",
        answers: { 202: { description: "The mapping.", schema: MappingView } },
        problems: [404],
      },
      async (context) => {
        const { link, mapping } = names(context);
        const changed = await configuration.pauseMapping(link, mapping, verb === "pause", actorOf(context));
        return context.json(view(link, changed), 202);
      },
    );
  }
}

function names(context: Context): { link: string; mapping: string } {
  return { link: context.req.param("link") ?? "", mapping: context.req.param("mapping") ?? "" };
}
