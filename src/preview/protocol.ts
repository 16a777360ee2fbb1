/** What a preview finds, and the messages of the process that makes it (node:child_process IPC, JSON). */

import { type Static, Type } from "typebox";
import { OrNull } from "../config/or-null.ts";
import type { ChainedFilter, Cluster, Mapping } from "../config/resources.ts";
import { type ContentLimits, ShownContent } from "./content.ts";

const NamesByFilter = Type.Record(Type.String(), Type.Array(Type.String()));

/** What filters make of one record. */
export const FilteredRecord = Type.Object({
  outcome: Type.Union([Type.Literal("keep"), Type.Literal("replace"), Type.Literal("drop"), Type.Literal("fail")]),
  filter: OrNull(Type.String({ description: "Which filter drops or fails on it; null otherwise." })),
  reason: OrNull(Type.String({ description: "Why it fails; never content. Null unless it does." })),
  changed: Type.Unsafe<Record<string, string[]>>({ ...NamesByFilter, description: "What filters changed, by filter." }),
  monitored: Type.Unsafe<Record<string, string[]>>({
    ...NamesByFilter,
    description: "What filters that only look on would have changed, by filter; `drop` or `fail` for the whole record.",
  }),
  before: ShownContent,
  after: OrNull(ShownContent),
});
export type FilteredRecord = Static<typeof FilteredRecord>;

export const PreviewedRecord = Type.Object(
  {
    partition: Type.Integer(),
    offset: Type.Integer(),
    timestamp: OrNull(Type.Integer({ description: "Milliseconds since the epoch; null where it has none." })),
    ...FilteredRecord.properties,
  },
  {
    description: "A record of the source topic and what the filters make of it; `after` is null if it does not cross.",
  },
);
export type PreviewedRecord = Static<typeof PreviewedRecord>;

/** A record as it is given to the process: content as base64. */
export interface GivenRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string | null }[];
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
}

/** Parent to process, once. Secrets are still references; the process resolves them from its own environment. */
export interface PreviewRequest {
  readonly link: string;
  readonly mapping: Mapping;
  readonly filters: readonly ChainedFilter[];
  readonly source: Pick<Cluster, "schemaRegistry">;
  readonly destination: Pick<Cluster, "schemaRegistry">;
  readonly filterDirectories: readonly string[];
  /** Where the records come from: the newest of the mapping's source topic, or the parent. */
  readonly records: { readonly newest: number; readonly of: Cluster } | { readonly given: readonly GivenRecord[] };
  /** How much of each record is shown. */
  readonly shown: ContentLimits;
  /** How long a filter file may take for a record, milliseconds; then it has failed on it. */
  readonly answerMs: number;
  /** Whether reasons may be a filter's own words, which may hold content: on its author's terminal only. */
  readonly ownWords: boolean;
}

/**
 * Process to parent: `ready`, `made` once the filters are, then `filtering` and `record` for each record in order. What comes
 * before a record is filtered has been heard by then, so that after a sudden end it is known where that was.
 */
export type PreviewMessage =
  | { readonly type: "ready" }
  | { readonly type: "made" }
  | { readonly type: "filtering"; readonly partition: number; readonly offset: number }
  | { readonly type: "record"; readonly record: PreviewedRecord }
  | { readonly type: "done" }
  /** It cannot go on. The message holds no secret and no content. */
  | { readonly type: "fatal"; readonly code: string; readonly message: string };
