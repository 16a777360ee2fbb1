/** What goes wrong with a mirror because of other writers. */

import { StraitError } from "../model/errors.ts";

/** Another runner of the link is at work: looking again where to go on is all there is to do. */
export function fenced({ topic, partition }: Where, why: string): StraitError {
  const message = `another runner of this link writes to ${topic}/${partition}: ${why}; looking again where to go on`;
  return new StraitError("fenced", message, { topic, partition, retriable: true });
}

/** Somebody else has written to the mirror: offsets are not the source's any more. */
export function diverged({ topic, partition }: Where, what: string, offset: number): StraitError {
  const message = `somebody else has written to the mirror ${topic}/${partition}: ${what}. Find out who and keep them from it; then pause the mapping, delete the topic at the destination and resume, which copies it anew`;
  return new StraitError("diverged", message, { topic, partition, offset });
}

interface Where {
  readonly topic: string;
  readonly partition: number;
}
