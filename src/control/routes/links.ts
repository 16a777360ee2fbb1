/** `/v1/links` */

import { Type } from "typebox";
import { LinkInput, LinkPatch } from "../../config/resource-inputs.ts";
import type { Link } from "../../config/resources.ts";
import type { Control } from "../control.ts";
import { LinkView, linkView } from "../link-view.ts";
import { readJson } from "../request-body.ts";
import type { RouteTable } from "../route-table.ts";
import { actorOf } from "../security/principal.ts";

export function linkRoutes(routes: RouteTable, { configuration, supervisor }: Control): void {
  const path = "/v1/links/{link}";
  const view = (link: Link) => linkView(link, configuration.state, supervisor);
  routes.add(
    {
      method: "get",
      path: "/v1/links",
      summary: "All links with their mappings and states.",
      role: "viewer",
      answers: { 200: { description: "The links.", schema: Type.Object({ links: Type.Array(LinkView) }) } },
    },
    (context) => context.json({ links: configuration.state.links.map(view) }),
  );
  routes.add(
    {
      method: "post",
      path: "/v1/links",
      summary: "Adds a link, with its mappings or without.",
      role: "operator",
      body: LinkInput,
      answers: { 201: { description: "The link.", schema: LinkView, location: "The link." } },
      problems: [400, 409, 413, 415, 422],
    },
    async (context) => {
      const link = await configuration.addLink(await readJson(context.req.raw), actorOf(context));
      return context.json(view(link), 201, { location: `/v1/links/${link.name}` });
    },
  );
  routes.add(
    {
      method: "get",
      path,
      summary: "One link.",
      role: "viewer",
      answers: { 200: { description: "The link.", schema: LinkView } },
      problems: [404],
    },
    (context) => context.json(view(configuration.link(context.req.param("link") ?? ""))),
  );
  routes.add(
    {
      method: "patch",
      path,
      summary: "Changes a link. What is not mentioned stays.",
      role: "operator",
      body: LinkPatch,
      answers: { 200: { description: "The link.", schema: LinkView } },
      problems: [400, 404, 413, 415, 422],
    },
    async (context) => {
      const input = await readJson(context.req.raw);
      return context.json(
        view(await configuration.patchLink(context.req.param("link") ?? "", input, actorOf(context))),
      );
    },
  );
  routes.add(
    {
      method: "delete",
      path,
      summary: "Stops and removes a link. What was copied stays, as does its progress at the destination.",
      role: "operator",
      answers: { 204: { description: "It is gone." } },
      problems: [404],
    },
    async (context) => {
      await configuration.deleteLink(context.req.param("link") ?? "", actorOf(context));
      return context.body(null, 204);
    },
  );
  for (const verb of ["pause", "resume"] as const) {
    routes.add(
      {
        method: "post",
        path: `${path}/${verb}`,
        summary: verb === "pause" ? "Stops copying until it is resumed." : "Goes on copying.",
        role: "operator",
        answers: { 202: { description: "The link.", schema: LinkView } },
        problems: [404],
      },
      async (context) => {
        const name = context.req.param("link") ?? "";
        return context.json(view(await configuration.pauseLink(name, verb === "pause", actorOf(context))), 202);
      },
    );
  }
}
