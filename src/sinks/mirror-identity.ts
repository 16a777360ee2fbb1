/** Under which producer ids the runners of a link write to a mirror partition: all of them the same, without talking. */

import { createHash } from "node:crypto";

export interface MirrorIdentity {
  /** Writes the records. At least 2^62: far above what clusters hand out, which count from 0. */
  readonly data: bigint;
  /** Writes the markers and nothing else. From 2^61 to 2^62 - 1. */
  readonly markers: bigint;
  /** For the empty transactions where markers cannot be written. */
  readonly transactionalId: string;
}

export function mirrorIdentity(link: string, topic: string, partition: number): MirrorIdentity {
  // A list as JSON, so that no two lists of names are the same text.
  const hash = createHash("sha256")
    .update(JSON.stringify([link, topic, partition]))
    .digest();
  const bits = BigInt.asUintN(61, hash.readBigUInt64BE());
  return {
    data: 2n ** 62n + bits,
    markers: 2n ** 61n + bits,
    transactionalId: `strait.${link}.${topic}.${partition}.holes`,
  };
}
