/** `/v1/links/{link}/evidence` */

import { Type } from "typebox";
import type { Mapping } from "../../config/resources.ts";
import type { Control } from "../control.ts";
import { LinkEvidence } from "../evidence.ts";
import { EvidenceChain, evidenceChain } from "../evidence-chain.ts";
import { readQuery } from "../request-query.ts";
import type { RouteTable } from "../route-table.ts";

const ChainQuery = Type.Object(
  { mapping: Type.Optional(Type.String({ description: "Only this mapping." })) },
  { additionalProperties: false },
);

export function evidenceRoutes(routes: RouteTable, { configuration, lag, connections }: Control): void {
  routes.add(
    {
      method: "get",
      path: "/v1/links/{link}/evidence",
      summary: "What happened to the records of a link: read, kept, changed by field, dropped by filter, quarantined.",
      role: "viewer",
      answers: { 200: { description: "The evidence by mapping.", schema: LinkEvidence } },
      problems: [404],
    },
    async (context) => {
      const link = configuration.link(context.req.param("link") ?? "");
      return context.json(await lag.evidence(link));
    },
  );
  routes.add(
    {
      method: "get",
      path: "/v1/links/{link}/evidence/chain",
      summary: "The evidence of a link by ranges of offsets, each with its filters and the hash of the one before.",
      role: "viewer",
      query: ChainQuery,
      answers: { 200: { description: "The chains, checked.", schema: EvidenceChain } },
      problems: [400, 404, 502, 503],
    },
    async (context) => {
      const query = readQuery(context, ChainQuery);
      const link = configuration.link(context.req.param("link") ?? "");
      const mappings = query.mapping === undefined ? link.mappings : [configuration.mapping(link.name, query.mapping)];
      const { mappings: evidence } = await lag.evidence(link);
      const partitionsOf = ({ name }: Mapping) =>
        evidence.find(({ mapping }) => mapping === name)?.partitions.map(({ partition }) => partition) ?? [];
      const destination = connections.to(configuration.cluster(link.destination));
      return context.json(await evidenceChain(link, mappings, destination, partitionsOf));
    },
  );
}
