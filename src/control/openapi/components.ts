/** Schemas that have a name in the document, and what stands in their place elsewhere. */

import type { TSchema } from "typebox";
import { Policy, PolicyInput, PolicyReference, Region, RegionInput } from "../../config/policy.ts";
import { LinkInput, LinkPatch, MappingInput, MappingPatch } from "../../config/resource-inputs.ts";
import { Cluster, FilterUse, Mapping, Name, SchemaRegistryAccess, Start, TopicName } from "../../config/resources.ts";
import { AuditEntry, AuditVerification } from "../audit-log.ts";
import { EvidenceCounts, LinkEvidence, MappingEvidence } from "../evidence.ts";
import { EvidenceChain } from "../evidence-chain.ts";
import { LinkLag, PartitionLag, TotalLag } from "../lag.ts";
import { LinkView } from "../link-view.ts";
import { MappingView, PolicyFilter } from "../mapping-view.ts";
import { Explanation } from "../policies/explanation.ts";
import { Preview, PreviewInput } from "../preview-view.ts";
import { Problem } from "../problem.ts";
import { Role } from "../security/role.ts";
import { NewToken, Token, TokenInput } from "../security/token.ts";
import { Verification } from "../verification-view.ts";

export type Json = Readonly<Record<string, unknown>>;

const NAMED: Readonly<Record<string, TSchema>> = {
  Problem,
  Name,
  TopicName,
  Cluster,
  SchemaRegistryAccess,
  Link: LinkView,
  LinkInput,
  LinkPatch,
  Mapping: MappingView,
  MappingInput,
  MappingPatch,
  FilterUse,
  Filters: Mapping.properties.filters,
  Mode: Mapping.properties.mode,
  Start,
  Policy,
  PolicyInput,
  PolicyReference,
  PolicyFilter,
  Region,
  RegionInput,
  Explanation,
  LinkLag,
  PartitionLag,
  TotalLag,
  LinkEvidence,
  MappingEvidence,
  EvidenceCounts,
  EvidenceChain,
  Verification,
  Preview,
  PreviewInput,
  AuditEntry,
  AuditVerification,
  Role,
  Token,
  TokenInput,
  NewToken,
};

export class Components {
  /** By their JSON: a schema is often a copy of another, made optional. */
  readonly #names = new Map(Object.entries(NAMED).map(([name, schema]) => [JSON.stringify(schema), name]));

  /** For `components/schemas`. */
  get schemas(): Json {
    return Object.fromEntries(
      Object.entries(NAMED).map(([name, schema]) => [name, this.#members(JSON.parse(JSON.stringify(schema)))]),
    );
  }

  /** The schema with references to those that have a name. */
  refer(schema: TSchema): Json {
    return this.#replaced(JSON.parse(JSON.stringify(schema))) as Json;
  }

  #replaced(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const name = this.#names.get(JSON.stringify(value));
    return name === undefined ? this.#members(value) : { $ref: `#/components/schemas/${name}` };
  }

  #members(value: object): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#replaced(each));
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.#replaced(each)]));
  }
}
