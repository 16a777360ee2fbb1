/** `/v1/lag` and `/v1/links/{link}/lag` */

import { type Static, Type } from "typebox";
import { suggestion } from "../../config/nearest-name.ts";
import { type Link, TopicName } from "../../config/resources.ts";
import { StraitError } from "../../model/errors.ts";
import type { Control } from "../control.ts";
import { LinkLag, TotalLag, total } from "../lag.ts";
import { readQuery } from "../request-query.ts";
import type { RouteTable } from "../route-table.ts";

const LagQuery = Type.Object(
  {
    topic: Type.Optional(TopicName),
    partition: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
  },
  { additionalProperties: false },
);
type LagQuery = Static<typeof LagQuery>;

const AllLag = Type.Object({
  at: Type.String({ format: "date-time" }),
  links: Type.Array(LinkLag),
  total: TotalLag,
});

export function lagRoutes(routes: RouteTable, { configuration, lag }: Control): void {
  routes.add(
    {
      method: "get",
      path: "/v1/lag",
      summary: "The lag of all links.",
      role: "viewer",
      query: LagQuery,
      answers: { 200: { description: "The lag by link.", schema: AllLag } },
      problems: [400],
    },
    async (context) => {
      const query = readQuery(context, LagQuery);
      const links = await Promise.all(
        configuration.state.links.map(async (link) => narrowed(await lag.fresh(link), query)),
      );
      const totals = links.map((link) => link.total);
      return context.json({ at: new Date().toISOString(), links, total: sumOf(totals) });
    },
  );
  routes.add(
    {
      method: "get",
      path: "/v1/links/{link}/lag",
      summary: "The lag of a link, by partition and in total.",
      role: "viewer",
      query: LagQuery,
      answers: { 200: { description: "The lag.", schema: LinkLag } },
      problems: [400, 404],
    },
    async (context) => {
      const query = readQuery(context, LagQuery);
      const link = configuration.link(context.req.param("link") ?? "");
      if (query.topic !== undefined) requireTopic(link, query.topic);
      return context.json(narrowed(await lag.fresh(link), query));
    },
  );
}

function requireTopic(link: Link, topic: string): void {
  const topics = link.mappings.map(({ source }) => source);
  if (topics.includes(topic)) return;
  throw new StraitError("not-found", `link ${link.name} copies no topic \`${topic}\`${suggestion(topic, topics)}`);
}

function narrowed(all: LinkLag, { topic, partition }: LagQuery): LinkLag {
  if (topic === undefined && partition === undefined) return all;
  const partitions = all.partitions.filter(
    (each) => (topic ?? each.topic) === each.topic && (partition ?? each.partition) === each.partition,
  );
  // What was never seen cannot be told apart from what is not there: then nothing is said of a total.
  const total_ = partitions.length === 0 && all.total.lagRecords === null ? all.total : total(partitions);
  return { ...all, partitions, total: total_ };
}

function sumOf(totals: readonly TotalLag[]): TotalLag {
  return totals.reduce<TotalLag>(
    (sum, each) => ({
      lagRecords: sum.lagRecords === null || each.lagRecords === null ? null : sum.lagRecords + each.lagRecords,
      lagMs: sum.lagMs === null || each.lagMs === null ? null : Math.max(sum.lagMs, each.lagMs),
    }),
    { lagRecords: 0, lagMs: 0 },
  );
}
