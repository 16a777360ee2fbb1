/** What the server answers, by the schemas it answers with. Types only: nothing of the server gets into the browser. */

import type { Policy, Region } from "../../config/policy.ts";
import type { Cluster, FilterUse } from "../../config/resources.ts";
import type { AuditEntry } from "../../control/audit-log.ts";
import type { LinkEvidence, MappingEvidence } from "../../control/evidence.ts";
import type { EvidenceChain } from "../../control/evidence-chain.ts";
import type { LinkLag, PartitionLag, TotalLag } from "../../control/lag.ts";
import type { LinkView } from "../../control/link-view.ts";
import type { MappingView } from "../../control/mapping-view.ts";
import type { Explanation } from "../../control/policies/explanation.ts";
import type { Preview } from "../../control/preview-view.ts";
import type { Problem } from "../../control/problem.ts";
import type { Role } from "../../control/security/role.ts";
import type { Verification } from "../../control/verification-view.ts";
import type { LinkState, PartitionState } from "../../model/status.ts";
import type { ShownBytes, ShownContent } from "../../preview/content.ts";
import type { PreviewedRecord } from "../../preview/protocol.ts";

export type {
  AuditEntry,
  Cluster,
  EvidenceChain,
  Explanation,
  FilterUse,
  LinkEvidence,
  LinkLag,
  LinkState,
  LinkView,
  MappingEvidence,
  MappingView,
  PartitionLag,
  PartitionState,
  Policy,
  Preview,
  PreviewedRecord,
  Problem,
  Region,
  Role,
  ShownBytes,
  ShownContent,
  TotalLag,
  Verification,
};

/** Who one is, as `/v1/session` says. */
export interface Session {
  readonly open: boolean;
  readonly name: string | null;
  readonly role: Role;
  readonly expires: string | null;
  readonly csrf: string | null;
}

export interface Capability {
  readonly usable: boolean;
  readonly reason: string | null;
}

export interface ClusterWithCapabilities extends Cluster {
  readonly capabilities: Readonly<Record<string, Capability>> | null;
  readonly capabilitiesReason: string | null;
}

export interface CatalogueEntry {
  readonly name: string;
  readonly description: string;
  readonly options: JsonSchema;
}

/** As much of JSON Schema as forms are made from. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly readOnly?: boolean;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
}

/** A mistake in a field: a JSON Pointer, and what is wrong. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A part of a form that holds one value. */
export interface Field {
  readonly node: HTMLElement;
  /** The value; undefined leaves it out. Throws an InputMistake where what was typed is no value. */
  value(): unknown;
  /** Shows these mistakes, with paths from this field on, in place of those shown before. */
  setErrors(errors: readonly FieldError[]): void;
}

export interface FieldContext {
  /** Where it is in the whole, a JSON Pointer. */
  readonly pointer: string;
  readonly label: string;
  readonly required: boolean;
  /** What it shows at first; undefined: nothing. */
  readonly value: unknown;
  readonly hints: Hints;
  /** Makes the fields inside of this one. */
  readonly create: (schema: JsonSchema, context: FieldContext) => Field;
}

/** What a form knows that its schema does not say, by pointer; `*` stands for any index. */
export type Hints = Readonly<Record<string, Hint>>;

export interface Hint {
  readonly label?: string;
  readonly help?: string;
  /** Left out of the form. */
  readonly hidden?: boolean;
  /** Shown as text that cannot be changed. */
  readonly fixed?: boolean;
  /** Shown at once, though it is optional. */
  readonly upfront?: boolean;
  /** The values there are: a list to choose from. */
  readonly choices?: readonly string[];
  /** Values to pick from, others may be typed. Asked when the field is first used. */
  readonly suggest?: () => Promise<readonly string[]>;
  /** Told what was picked from `choices`. */
  readonly onPick?: (value: string) => void;
  /** In place of the field that the schema would give. */
  readonly widget?: (schema: JsonSchema, context: FieldContext) => Field;
}
