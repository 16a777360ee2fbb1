/**
 * The resources operators define: clusters, links, mappings. These schemas are the one source for validation, TypeScript
 * types, OpenAPI and reference text.
 */

import { type Static, Type } from "typebox";

export const Name = Type.String({
  pattern: "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$",
  description: "Lower-case letters, digits and dashes, at most 64 characters.",
});

/** Kafka's own rule for topic names (org.apache.kafka.common.internals.Topic). */
const TOPIC_PATTERN = "[a-zA-Z0-9._-]{1,249}";

export const TopicName = Type.String({ pattern: `^${TOPIC_PATTERN}$`, description: "A Kafka topic name." });

const Reference = { description: "As ${env:NAME} or ${file:PATH}, never itself.", minLength: 1 };

export const SchemaRegistryAccess = Type.Object(
  {
    url: Type.String({ description: "http(s), without user name, password and query." }),
    username: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    password: Type.Optional(Type.String(Reference)),
    token: Type.Optional(Type.String({ ...Reference, description: `A bearer token. ${Reference.description}` })),
    caFile: Type.Optional(
      Type.String({ minLength: 1, description: "PEM file of the authorities to trust, instead of the usual ones." }),
    ),
  },
  { additionalProperties: false, description: "Where the schemas of the cluster's topics are." },
);
export type SchemaRegistryAccess = Static<typeof SchemaRegistryAccess>;

export const Cluster = Type.Object(
  {
    name: Name,
    region: Type.String({ minLength: 1, maxLength: 64, description: "Where the data lives, for example eu." }),
    properties: Type.Record(Type.String({ pattern: "^[a-z][a-z0-9._]*$" }), Type.String(), {
      description:
        "librdkafka properties; `bootstrap.servers` is required. Secrets are given as ${env:NAME} or ${file:PATH}.",
    }),
    schemaRegistry: Type.Optional(SchemaRegistryAccess),
  },
  { additionalProperties: false, description: "A Kafka-compatible cluster." },
);
export type Cluster = Static<typeof Cluster>;

export const FilterUse = Type.Object(
  {
    use: Type.String({ minLength: 1, description: "A built-in filter's name, or the path of a filter file (./x.ts)." }),
    options: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { default: {} })),
    monitor: Type.Optional(
      Type.Boolean({
        default: false,
        description: "Whether it only looks on: what it would have done is counted, and nothing of it is done.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type FilterUse = Static<typeof FilterUse>;

/** A filter at its place in what a mapping runs. */
export interface ChainedFilter extends FilterUse {
  /** The name of the policy that put it there; null for one of the mapping's own. */
  readonly policy: string | null;
}

export const Start = Type.Union(
  [
    Type.Literal("earliest"),
    Type.Literal("latest"),
    Type.Object({ timestamp: Type.String({ format: "date-time" }) }, { additionalProperties: false }),
  ],
  { default: "earliest", description: "Where a mapping begins that has copied nothing yet." },
);
export type Start = Static<typeof Start>;

export const Mapping = Type.Object(
  {
    name: Name,
    source: TopicName,
    destination: TopicName,
    mode: Type.Union([Type.Literal("mirror"), Type.Literal("append")], {
      default: "mirror",
      description:
        "mirror: same partitions, same offsets, strait is the only writer. append: new offsets, other writers may be there.",
    }),
    start: Start,
    filters: Type.Array(FilterUse, { maxItems: 32 }),
    onFailure: Type.Union([Type.Literal("stop"), Type.Literal("quarantine")], {
      description: "What happens to a record a filter cannot handle: the partition stops, or the record is set aside.",
    }),
    monitorOnly: Type.Boolean({
      description: "Whether records may leave their region though all filters of the mapping only look on.",
    }),
    onExpired: Type.Union([Type.Literal("stop"), Type.Literal("continue")], {
      description:
        "What happens when records expired at the source before they were copied. Either way they are counted.",
    }),
    transaction: Type.Union([Type.Literal("on"), Type.Literal("off")], {
      description: "Mode append: exactly once by transactions, or at least once without.",
    }),
    trim: Type.Boolean({
      description:
        "Mode mirror: whether what is deleted at the start of the source's log is deleted in the mirror too.",
    }),
    paused: Type.Boolean(),
  },
  { additionalProperties: false, description: "A source topic and where its records go." },
);
export type Mapping = Static<typeof Mapping>;

export const Link = Type.Object(
  {
    name: Name,
    source: Name,
    destination: Name,
    paused: Type.Boolean(),
    mappings: Type.Array(Mapping, { maxItems: 1000 }),
  },
  { additionalProperties: false, description: "A direction: source cluster to destination cluster." },
);
export type Link = Static<typeof Link>;
