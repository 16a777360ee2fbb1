/** What operators may send: the resources with everything optional that has a default. */

import { type Static, Type } from "typebox";
import { PoliciesInput } from "./policy.ts";
import { Cluster, Link, Mapping, Name } from "./resources.ts";

export const ClusterInput = Type.Object(
  {
    name: Type.Optional(Name),
    region: Cluster.properties.region,
    properties: Type.Record(Type.String(), Type.String(), {
      description:
        "librdkafka properties; `bootstrap.servers` is required. Secrets are given as ${env:NAME} or ${file:PATH}.",
    }),
    schemaRegistry: Cluster.properties.schemaRegistry,
  },
  { additionalProperties: false, description: "A cluster to add or to replace. The name is the one in the path." },
);
export type ClusterInput = Static<typeof ClusterInput>;

/** May hold `{topic}`, which stands for the source topic. */
const DestinationTemplate = Type.String({
  pattern: "^([a-zA-Z0-9._-]|\\{topic\\}){1,249}$",
  description: "A Kafka topic name; {topic} stands for the source topic.",
  default: "{topic}",
});

const mapping = Mapping.properties;

/** What is shown may be sent back, so what only policies decide is taken and ignored. */
const Ignored = Type.Optional(Type.Unknown({ readOnly: true, description: "Ignored: policies decide it." }));

export const MappingInput = Type.Object(
  {
    name: Type.Optional(mapping.name),
    source: mapping.source,
    destination: Type.Optional(DestinationTemplate),
    mode: Type.Optional(mapping.mode),
    start: Type.Optional(mapping.start),
    filters: Type.Optional(mapping.filters),
    onFailure: Type.Optional(mapping.onFailure),
    monitorOnly: Type.Optional(mapping.monitorOnly),
    onExpired: Type.Optional(mapping.onExpired),
    transaction: Type.Optional(mapping.transaction),
    trim: Type.Optional(mapping.trim),
    paused: Type.Optional(mapping.paused),
    policyFilters: Ignored,
    refusal: Ignored,
  },
  { additionalProperties: false, description: "A mapping to add. Only the source topic is required." },
);
export type MappingInput = Static<typeof MappingInput>;

export const MappingPatch = Type.Partial(MappingInput, {
  additionalProperties: false,
  description: "The fields to change. Name, source and destination are fixed: delete the mapping and add another.",
});
export type MappingPatch = Static<typeof MappingPatch>;

export const LinkInput = Type.Object(
  {
    name: Name,
    source: Link.properties.source,
    destination: Link.properties.destination,
    paused: Type.Optional(Link.properties.paused),
    mappings: Type.Optional(Type.Array(MappingInput, { maxItems: 1000 })),
  },
  { additionalProperties: false, description: "A link to add, with its mappings or without." },
);
export type LinkInput = Static<typeof LinkInput>;

export const LinkPatch = Type.Partial(LinkInput, {
  additionalProperties: false,
  description: "The fields to change. `mappings` replaces the whole list. Name and clusters are fixed.",
});
export type LinkPatch = Static<typeof LinkPatch>;

/** The file of `strait up`: names are keys. */
export const ConfigurationFile = Type.Object(
  {
    clusters: Type.Optional(
      Type.Record(Type.String(), Type.Omit(ClusterInput, ["name"], { additionalProperties: false })),
    ),
    links: Type.Optional(Type.Record(Type.String(), Type.Omit(LinkInput, ["name"], { additionalProperties: false }))),
    ...PoliciesInput.properties,
  },
  { additionalProperties: false, description: "A configuration file: clusters, links, policies and regions by name." },
);
export type ConfigurationFile = Static<typeof ConfigurationFile>;
