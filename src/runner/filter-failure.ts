/** A record that a filter could not handle, and what may be said of it where. */

import type { RecordBatch } from "../model/batch.ts";
import { messageOf, StraitError } from "../model/errors.ts";
import type { KafkaRecord } from "../model/record.ts";

/** A record a filter could not handle. */
export interface FilterFailure {
  readonly batch: RecordBatch;
  readonly index: number;
  readonly record: KafkaRecord;
  /** The filter's name in the mapping. */
  readonly filter: string;
  /** Fit for logs and answers: never a message that could hold content. */
  readonly error: StraitError;
  /** The filter's own words, which may hold content and so must stay at the source. */
  readonly words: string;
}

/** Why a filter could not handle a record. */
export interface FailureReason {
  /** Fit for logs and answers. */
  readonly message: string;
  /** The filter's own words, which may hold content. */
  readonly words: string;
  /** Whether the same record may pass later: what the filter asks is not there at the moment. */
  readonly retriable: boolean;
}

/** Of a fact that strait states: there is no content in it. */
export function statedReason(message: string): FailureReason {
  return { message, words: message, retriable: false };
}

/** That a filter has not answered. */
export const lateMessage = (timeoutMs: number) => `it has not answered for ${timeoutMs / 1000} s`;

/**
 * Of what a filter threw. Only some of strait's own errors are known to hold no content; of any other, the kind is said and
 * its words are kept for the quarantine.
 */
export function reasonOf(thrown: unknown): FailureReason {
  const words = messageOf(thrown);
  if (thrown instanceof StraitError && (thrown.code === "filter-failed" || thrown.code === "schema-unavailable")) {
    return { message: words, words, retriable: thrown.retriable };
  }
  return {
    message: `it threw ${kindOf(thrown)} (its words are withheld: they may hold content)`,
    words,
    retriable: false,
  };
}

/** What sort of thing was thrown. A filter may give its errors any name, so only what looks like a class's is repeated. */
export function kindOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  return /^[A-Z][A-Za-z]{0,39}$/.test(thrown.name) ? thrown.name : "Error";
}

/** The failure of a record, without its place in a batch. */
export function failureOn(
  filter: string,
  { topic, partition, offset }: KafkaRecord,
  { message, words, retriable }: FailureReason,
): Pick<FilterFailure, "filter" | "error" | "words"> {
  const text = `filter ${filter} cannot handle ${topic}/${partition} offset ${offset}: ${message}`;
  return { filter, words, error: new StraitError("filter-failed", text, { topic, partition, offset, retriable }) };
}
