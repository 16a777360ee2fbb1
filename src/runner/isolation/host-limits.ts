/** How much time and memory filter files get. */

import { StraitError } from "../../model/errors.ts";

export interface HostLimits {
  /** How long a filter may take to answer for a record, waiting included. Default 30,000. */
  readonly answerMs: number;
  /** How long a filter may keep its process from doing anything else. Default 5000. */
  readonly stuckMs: number;
  /** How long it may take to load and make the filters. Default 30,000. */
  readonly makeMs: number;
  /** Resident memory of the process the filters of a mapping share. Default 512 MiB, or `STRAIT_FILTER_MEMORY_MB`. */
  readonly memoryBytes: number;
}

export const MEMORY_VARIABLE = "STRAIT_FILTER_MEMORY_MB";

/** A process with nothing but strait in it takes about half of this. */
const LEAST_MEGABYTES = 128;

/** The limits in full. Throws `configuration` where the environment says something that is none. */
export function hostLimits(given: Partial<HostLimits>, environment: NodeJS.ProcessEnv = process.env): HostLimits {
  return {
    answerMs: 30_000,
    stuckMs: 5000,
    makeMs: 30_000,
    // Not by shifting, which ends at 2 GB.
    memoryBytes: megabytesOf(environment[MEMORY_VARIABLE]) * 1_048_576,
    ...given,
  };
}

function megabytesOf(text: string | undefined): number {
  if (text === undefined) return 512;
  const megabytes = Number(text);
  if (Number.isSafeInteger(megabytes) && megabytes >= LEAST_MEGABYTES && megabytes < 1 << 20) return megabytes;
  throw new StraitError(
    "configuration",
    `${MEMORY_VARIABLE} must be a whole number of megabytes from ${LEAST_MEGABYTES} on; it limits the memory of filter files`,
  );
}
