/** What the comparison of a mirror with its source finds, and the messages of the process that compares. */

import { type Static, Type } from "typebox";
import type { LinkPlan } from "./runner-protocol.ts";

/** How many differences of a partition are told one by one. */
export const MAX_FIRST_DIFFERENCES = 20;

export const Difference = Type.Object(
  {
    offset: Type.Integer(),
    kind: Type.Union([
      Type.Literal("missing"),
      Type.Literal("unexpected"),
      Type.Literal("key"),
      Type.Literal("value"),
      Type.Literal("headers"),
      Type.Literal("timestamp"),
    ]),
  },
  {
    description:
      "missing: only the source has it. unexpected: only the destination has it, or a filter keeps it from crossing. Otherwise the part that is not the same. Never content.",
  },
);
export type Difference = Static<typeof Difference>;

export const PartitionVerification = Type.Object(
  {
    mapping: Type.String(),
    topic: Type.String(),
    partition: Type.Integer(),
    destinationTopic: Type.String(),
    from: Type.Integer({ description: "The first offset of the range that was compared." }),
    to: Type.Integer({ description: "The offset behind that range." }),
    records: Type.Integer({ description: "Offsets where both sides have a record, which were compared." }),
    differences: Type.Integer({ description: "All differences; a record that differs in two parts counts twice." }),
    firstDifferences: Type.Array(Difference, { description: `The first ${MAX_FIRST_DIFFERENCES}, by offset.` }),
    compacted: Type.Integer({ description: "Records only one side still has, which compaction explains." }),
    sourceDigest: Type.String({ description: "SHA-256 of what should be there: the source after the filters." }),
    destinationDigest: Type.String({ description: "SHA-256 of what is there. The same if nothing differs." }),
  },
  { description: "A partition of the source and its mirror, compared." },
);
export type PartitionVerification = Static<typeof PartitionVerification>;

/** Control to verifier, once. Secrets are still references; the verifier resolves them from its own environment. */
export interface VerificationRequest {
  /** Its link has only the mappings to compare. */
  readonly plan: LinkPlan;
  /** Only this partition; null for all. */
  readonly partition: number | null;
  /** Narrow the range that both sides have; null does not. */
  readonly from: number | null;
  readonly to: number | null;
}

/** Verifier to control. `progress` comes a few times a second whatever goes on, and so is the sign of life. */
export type VerificationMessage =
  | { readonly type: "ready" }
  /** Offsets passed and to be passed, in all partitions together. */
  | { readonly type: "progress"; readonly done: number; readonly of: number }
  | { readonly type: "partition"; readonly result: PartitionVerification }
  | { readonly type: "done" }
  /** It cannot go on; it exits after this. The message holds no secret and no content. */
  | { readonly type: "fatal"; readonly code: string; readonly message: string };
