/** `/v1/links/{link}/mappings` */

import type { Context } from "hono";
import { Type } from "typebox";
import { MappingInput, MappingPatch } from "../../config/resource-inputs.ts";
import { Mapping } from "../../config/resources.ts";
import { type Control, HTTP_ACTOR } from "../control.ts";
import { readJson } from "../request-body.ts";
import type { RouteTable } from "../route-table.ts";

export function mappingRoutes(routes: RouteTable, { configuration }: Control): void {
  const collection = "/v1/links/{link}/mappings";
  const path = `${collection}/{mapping}`;
  routes.add(
    {
      method: "get",
      path: collection,
      summary: "The mappings of a link.",
      answers: { 200: { description: "The mappings.", schema: Type.Object({ mappings: Type.Array(Mapping) }) } },
      problems: [404],
    },
    (context) => context.json({ mappings: configuration.link(names(context).link).mappings }),
  );
  routes.add(
    {
      method: "post",
      path: collection,
      summary: "Adds a mapping. The others go on.",
      body: MappingInput,
      answers: { 201: { description: "The mapping.", schema: Mapping } },
      problems: [400, 404, 409, 413, 415, 422],
    },
    async (context) => {
      const { link } = names(context);
      const mapping = await configuration.addMapping(link, await readJson(context.req.raw), HTTP_ACTOR);
      return context.json(mapping, 201, { location: `/v1/links/${link}/mappings/${mapping.name}` });
    },
  );
  routes.add(
    {
      method: "get",
      path,
      summary: "One mapping.",
      answers: { 200: { description: "The mapping.", schema: Mapping } },
      problems: [404],
    },
    (context) => context.json(configuration.mapping(names(context).link, names(context).mapping)),
  );
  routes.add(
    {
      method: "patch",
      path,
      summary: "Changes a mapping. What is not mentioned stays.",
      body: MappingPatch,
      answers: { 200: { description: "The mapping.", schema: Mapping } },
      problems: [400, 404, 413, 415, 422],
    },
    async (context) => {
      const { link, mapping } = names(context);
      const input = await readJson(context.req.raw);
      return context.json(await configuration.patchMapping(link, mapping, input, HTTP_ACTOR));
    },
  );
  routes.add(
    {
      method: "delete",
      path,
      summary: "Removes a mapping. The others go on.",
      answers: { 204: { description: "It is gone." } },
      problems: [404],
    },
    async (context) => {
      const { link, mapping } = names(context);
      await configuration.deleteMapping(link, mapping, HTTP_ACTOR);
      return context.body(null, 204);
    },
  );
  for (const verb of ["pause", "resume"] as const) {
    routes.add(
      {
        method: "post",
        path: `${path}/${verb}`,
        summary: verb === "pause" ? "Stops copying this mapping until it is resumed." : "Goes on copying it.",
        answers: { 202: { description: "The mapping.", schema: Mapping } },
        problems: [404],
      },
      async (context) => {
        const { link, mapping } = names(context);
        return context.json(await configuration.pauseMapping(link, mapping, verb === "pause", HTTP_ACTOR), 202);
      },
    );
  }
}

function names(context: Context): { link: string; mapping: string } {
  return { link: context.req.param("link") ?? "", mapping: context.req.param("mapping") ?? "" };
}
