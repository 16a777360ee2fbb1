/** The errors strait throws: one class with a closed set of codes, so that nobody parses a message. */

/** What failed. Stable: operators and embedders branch on it. */
export type ErrorCode =
  | "configuration"
  | "cluster-unreachable"
  | "authentication-failed"
  | "authorization-failed"
  | "timeout"
  | "unknown-topic"
  | "partition-mismatch"
  | "offset-out-of-range"
  | "source-truncated"
  | "records-expired"
  | "diverged"
  | "record-too-large"
  | "filter-invalid"
  | "filter-failed"
  | "secret-unavailable"
  | "schema-unavailable"
  | "fenced"
  | "kafka"
  | "library-not-found"
  | "library-build-failed"
  | "runner-failed"
  | "not-found"
  | "conflict"
  | "closed";

/** Where an error belongs, as far as it is known. */
export interface ErrorFacts {
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: number;
  /** The Kafka or librdkafka error number, for looking it up. */
  readonly kafkaCode?: number;
}

export interface StraitErrorOptions extends ErrorFacts {
  /** Whether the same call may work later without anybody changing anything. Default false. */
  readonly retriable?: boolean;
  readonly cause?: unknown;
}

/**
 * Every error strait throws on purpose. The message says what failed, on what, and the likely remedy; it never holds a
 * secret or bytes of a record.
 */
export class StraitError extends Error {
  override readonly name = "StraitError";
  readonly code: ErrorCode;
  readonly retriable: boolean;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, message: string, options: StraitErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const { retriable = false, cause: _cause, ...facts } = options;
    this.code = code;
    this.retriable = retriable;
    this.facts = facts;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
