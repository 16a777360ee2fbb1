/** `/v1/links/{link}/await` */

import { Type } from "typebox";
import { suggestion } from "../../config/nearest-name.ts";
import { type Link, type Mapping, TopicName } from "../../config/resources.ts";
import { StraitError } from "../../model/errors.ts";
import { Arrivals, type Arrived } from "../arrivals.ts";
import type { Control } from "../control.ts";
import { HttpProblem } from "../problem.ts";
import { readQuery } from "../request-query.ts";
import type { RouteTable } from "../route-table.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

const AwaitQuery = Type.Object(
  {
    topic: TopicName,
    partition: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }),
    offset: Type.Integer({ minimum: 0, maximum: 999_999_999_999_999 }),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 300_000, default: DEFAULT_TIMEOUT_MS })),
  },
  { additionalProperties: false },
);

const Reached = Type.Object({
  link: Type.String(),
  topic: Type.String(),
  partition: Type.Integer(),
  offset: Type.Integer(),
  nextOffset: Type.Integer({ description: "The next source offset to be acknowledged at the destination." }),
});

export function awaitRoutes(routes: RouteTable, { configuration, connections, closing }: Control): void {
  const arrivals = new Arrivals(({ destination }) => connections.to(configuration.cluster(destination)));
  routes.add(
    {
      method: "get",
      path: "/v1/links/{link}/await",
      summary: "Answers when a source offset is at the destination, or was dropped or set aside by a filter.",
      role: "viewer",
      query: AwaitQuery,
      answers: { 200: { description: "It is there.", schema: Reached } },
      problems: [400, 404, 503, 504],
    },
    async (context) => {
      const { topic, partition, offset, timeoutMs = DEFAULT_TIMEOUT_MS } = readQuery(context, AwaitQuery);
      const link = configuration.link(context.req.param("link") ?? "");
      const arrival = { link, mapping: mappingOf(link, topic), partition, offset };
      const signal = AbortSignal.any([context.req.raw.signal, closing]);
      const arrived = await arrivals.until(arrival, { timeoutMs, signal });
      const { nextOffset } = arrived;
      if (nextOffset === null || nextOffset <= offset) throw late(arrived, `${topic}/${partition}`, offset, timeoutMs);
      return context.json({ link: link.name, topic, partition, offset, nextOffset });
    },
  );
}

function mappingOf(link: Link, topic: string): Mapping {
  const found = link.mappings.find(({ source }) => source === topic);
  if (found !== undefined) return found;
  const topics = link.mappings.map(({ source }) => source);
  throw new StraitError("not-found", `link ${link.name} copies no topic \`${topic}\`${suggestion(topic, topics)}`);
}

function late({ nextOffset, problem }: Arrived, where: string, offset: number, timeoutMs: number): HttpProblem {
  const known = nextOffset === null ? "nothing of it is known there" : `offset ${nextOffset} is the next`;
  const why = problem ?? `${known}; see the link's lag for what it waits for`;
  return new HttpProblem(504, `offset ${offset} of ${where} was not at the destination within ${timeoutMs} ms: ${why}`);
}
