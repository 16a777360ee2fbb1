/** `/v1/clusters` */

import { Type } from "typebox";
import { maskedCluster } from "../../config/masked-cluster.ts";
import { ClusterInput } from "../../config/resource-inputs.ts";
import { Cluster } from "../../config/resources.ts";
import { type Control, HTTP_ACTOR } from "../control.ts";
import { readJson } from "../request-body.ts";
import type { RouteTable } from "../route-table.ts";

const Topic = Type.Object({ name: Type.String(), partitions: Type.Integer(), internal: Type.Boolean() });

export function clusterRoutes(routes: RouteTable, { configuration, connections }: Control): void {
  const path = "/v1/clusters/{cluster}";
  routes.add(
    {
      method: "get",
      path: "/v1/clusters",
      summary: "All clusters. Secrets are shown as ***.",
      answers: { 200: { description: "The clusters.", schema: Type.Object({ clusters: Type.Array(Cluster) }) } },
    },
    (context) => context.json({ clusters: configuration.state.clusters.map(maskedCluster) }),
  );
  routes.add(
    {
      method: "get",
      path,
      summary: "One cluster.",
      answers: { 200: { description: "The cluster.", schema: Cluster } },
      problems: [404],
    },
    (context) => context.json(maskedCluster(configuration.cluster(context.req.param("cluster") ?? ""))),
  );
  routes.add(
    {
      method: "put",
      path,
      summary: "Adds or replaces a cluster, after connecting to it. *** keeps a stored secret.",
      body: ClusterInput,
      answers: {
        200: { description: "The cluster, replaced.", schema: Cluster },
        201: { description: "The cluster, added.", schema: Cluster },
      },
      problems: [400, 413, 415, 422],
    },
    async (context) => {
      const input = await readJson(context.req.raw);
      const name = context.req.param("cluster") ?? "";
      const { cluster, created } = await configuration.putCluster(name, input, HTTP_ACTOR);
      return context.json(maskedCluster(cluster), created ? 201 : 200);
    },
  );
  routes.add(
    {
      method: "delete",
      path,
      summary: "Removes a cluster that no link uses.",
      answers: { 204: { description: "It is gone." } },
      problems: [404, 409],
    },
    async (context) => {
      await configuration.deleteCluster(context.req.param("cluster") ?? "", HTTP_ACTOR);
      return context.body(null, 204);
    },
  );
  routes.add(
    {
      method: "get",
      path: `${path}/topics`,
      summary: "The topics of a cluster.",
      answers: { 200: { description: "The topics.", schema: Type.Object({ topics: Type.Array(Topic) }) } },
      problems: [404, 502],
    },
    async (context) => {
      const topics = await connections.to(configuration.cluster(context.req.param("cluster") ?? "")).topics();
      return context.json({ topics: [...topics].sort((a, b) => a.name.localeCompare(b.name)) });
    },
  );
}
