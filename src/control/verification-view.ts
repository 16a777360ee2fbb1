/** A verification as it is shown. */

import { type Static, Type } from "typebox";
import { OrNull } from "../config/or-null.ts";
import { PartitionVerification } from "../model/verification.ts";

export const Verification = Type.Object(
  {
    id: Type.String(),
    link: Type.String(),
    state: Type.Union([Type.Literal("running"), Type.Literal("done"), Type.Literal("failed")]),
    reason: OrNull(Type.String({ description: "Why it failed, in a sentence." })),
    clean: OrNull(Type.Boolean({ description: "Whether nothing differs; null unless it is done." })),
    startedAt: Type.String({ format: "date-time" }),
    finishedAt: OrNull(Type.String({ format: "date-time" })),
    progress: Type.Object(
      { offsets: Type.Integer(), of: Type.Integer() },
      { description: "Offsets passed and to be passed, in all partitions together." },
    ),
    skipped: Type.Array(Type.String(), { description: "Mappings of mode append, which have other offsets by design." }),
    partitions: Type.Array(PartitionVerification, { description: "Those that are finished." }),
  },
  { description: "A comparison of a link's mirrors with their sources." },
);
export type Verification = Static<typeof Verification>;
