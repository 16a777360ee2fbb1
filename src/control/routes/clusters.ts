/** `/v1/clusters` */

import { Type } from "typebox";
import { maskedCluster } from "../../config/masked-cluster.ts";
import { ClusterInput } from "../../config/resource-inputs.ts";
import { Cluster } from "../../config/resources.ts";
import { CapabilityCache } from "../capability-cache.ts";
import type { Control } from "../control.ts";
import { readJson } from "../request-body.ts";
import type { RouteTable } from "../route-table.ts";
import { actorOf } from "../security/principal.ts";

const Topic = Type.Object({ name: Type.String(), partitions: Type.Integer(), internal: Type.Boolean() });

const Capability = (description: string) =>
  Type.Object(
    {
      usable: Type.Boolean(),
      reason: Type.Union([Type.String(), Type.Null()], {
        description: "Why it is not usable, or what is still to be known of it.",
      }),
    },
    { description },
  );

const Capabilities = Type.Object(
  {
    markers: Capability("Writing transaction markers: the fast way to fill holes of a mirror."),
    transactions: Capability("Append exactly once, and the slow way to fill holes of a mirror."),
    deleteRecords: Capability("Moving the start of a log forward."),
    topicIds: Capability("Telling a topic made anew from the one that had its name before."),
    producerStates: Capability("Asking a partition for its writers, by which a mirror goes on."),
  },
  { description: "What the cluster lets strait do, found at most a minute ago." },
);

const ClusterWithCapabilities = Type.Object(
  {
    ...Cluster.properties,
    capabilities: Type.Union([Capabilities, Type.Null()]),
    capabilitiesReason: Type.Union([Type.String(), Type.Null()], {
      description: "Why there are no capabilities: the words of the brokers, or that none answers.",
    }),
  },
  { additionalProperties: false, description: "A Kafka-compatible cluster and what it lets strait do." },
);

/** What is shown may be put, so what only strait can know is taken and ignored. */
const ShownClusterInput = Type.Object(
  {
    ...ClusterInput.properties,
    capabilities: Type.Optional(Type.Unknown({ readOnly: true, description: "Ignored." })),
    capabilitiesReason: Type.Optional(Type.Unknown({ readOnly: true, description: "Ignored." })),
  },
  {
    additionalProperties: false,
    description: "A cluster to add or to replace, also as it was shown. The name is the one in the path.",
  },
);

export function clusterRoutes(routes: RouteTable, { configuration, connections }: Control): void {
  const path = "/v1/clusters/{cluster}";
  const capabilities = new CapabilityCache(connections);
  routes.add(
    {
      method: "get",
      path: "/v1/clusters",
      summary: "All clusters. Secrets are shown as ***.",
      role: "viewer",
      answers: { 200: { description: "The clusters.", schema: Type.Object({ clusters: Type.Array(Cluster) }) } },
    },
    (context) => context.json({ clusters: configuration.state.clusters.map(maskedCluster) }),
  );
  routes.add(
    {
      method: "get",
      path,
      summary: "One cluster and what it lets strait do. Takes up to 5 s where it does not answer.",
      role: "viewer",
      answers: { 200: { description: "The cluster.", schema: ClusterWithCapabilities } },
      problems: [404],
    },
    async (context) => {
      const cluster = configuration.cluster(context.req.param("cluster") ?? "");
      return context.json({ ...maskedCluster(cluster), ...(await capabilities.of(cluster)) });
    },
  );
  routes.add(
    {
      method: "put",
      path,
      summary: "Adds or replaces a cluster, after connecting to it. *** keeps a stored secret.",
      role: "admin",
      body: ShownClusterInput,
      answers: {
        200: { description: "The cluster, replaced.", schema: Cluster },
        201: { description: "The cluster, added.", schema: Cluster },
      },
      problems: [400, 413, 415, 422],
    },
    async (context) => {
      const input = withoutCapabilities(await readJson(context.req.raw));
      const name = context.req.param("cluster") ?? "";
      const { cluster, created } = await configuration.putCluster(name, input, actorOf(context));
      return context.json(maskedCluster(cluster), created ? 201 : 200);
    },
  );
  routes.add(
    {
      method: "delete",
      path,
      summary: "Removes a cluster that no link uses.",
      role: "admin",
      answers: { 204: { description: "It is gone." } },
      problems: [404, 409],
    },
    async (context) => {
      await configuration.deleteCluster(context.req.param("cluster") ?? "", actorOf(context));
      return context.body(null, 204);
    },
  );
  routes.add(
    {
      method: "get",
      path: `${path}/topics`,
      summary: "The topics of a cluster.",
      role: "viewer",
      answers: { 200: { description: "The topics.", schema: Type.Object({ topics: Type.Array(Topic) }) } },
      problems: [404, 502, 503],
    },
    async (context) => {
      const topics = await connections.to(configuration.cluster(context.req.param("cluster") ?? "")).topics();
      return context.json({ topics: [...topics].sort((a, b) => a.name.localeCompare(b.name)) });
    },
  );
}

function withoutCapabilities(input: unknown): unknown {
  if (!(input instanceof Object) || Array.isArray(input)) return input;
  const { capabilities: _capabilities, capabilitiesReason: _reason, ...rest } = input as Record<string, unknown>;
  return rest;
}
