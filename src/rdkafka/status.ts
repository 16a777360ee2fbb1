/** From librdkafka's status numbers to strait's errors. */

import { type ErrorCode, type ErrorFacts, StraitError } from "../model/errors.ts";
import type { NativeLibrary } from "./library.ts";

/** The numbers of rd_kafka_resp_err_t (src/rdkafka.h) that strait branches on; negative ones are the client's own. */
export const STATUS = {
  OK: 0,
  ALL_BROKERS_DOWN: -187,
  AUTHENTICATION: -169,
  TRANSPORT: -195,
  RESOLVE: -193,
  TIMED_OUT: -185,
  QUEUE_FULL: -184,
  PARTITION_EOF: -191,
  UNKNOWN_TOPIC: -188,
  UNKNOWN_PARTITION: -190,
  ASSIGN_PARTITIONS: -175,
  REVOKE_PARTITIONS: -174,
  FENCED: -144,
  AUTO_OFFSET_RESET: -140,
  MAX_POLL_EXCEEDED: -147,
  SSL: -181,
  OFFSET_OUT_OF_RANGE: 1,
  MSG_SIZE_TOO_LARGE: 10,
  TOPIC_AUTHORIZATION_FAILED: 29,
  GROUP_AUTHORIZATION_FAILED: 30,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 53,
  SASL_AUTHENTICATION_FAILED: 58,
  INVALID_PRODUCER_EPOCH: 47,
  PRODUCER_FENCED: 90,
  FENCED_INSTANCE_ID: 82,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
} as const;

interface Meaning {
  readonly code: ErrorCode;
  /** Whether time alone may mend it. */
  readonly retriable: boolean;
}

const MEANINGS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [STATUS.ALL_BROKERS_DOWN, { code: "cluster-unreachable", retriable: true }],
  [STATUS.TRANSPORT, { code: "cluster-unreachable", retriable: true }],
  [STATUS.RESOLVE, { code: "cluster-unreachable", retriable: true }],
  [STATUS.SSL, { code: "authentication-failed", retriable: true }],
  [STATUS.AUTHENTICATION, { code: "authentication-failed", retriable: true }],
  [STATUS.SASL_AUTHENTICATION_FAILED, { code: "authentication-failed", retriable: true }],
  [STATUS.TIMED_OUT, { code: "timeout", retriable: true }],
  [STATUS.UNKNOWN_TOPIC, { code: "unknown-topic", retriable: true }],
  [STATUS.UNKNOWN_PARTITION, { code: "unknown-topic", retriable: true }],
  [STATUS.UNKNOWN_TOPIC_OR_PARTITION, { code: "unknown-topic", retriable: true }],
  [STATUS.TOPIC_AUTHORIZATION_FAILED, { code: "authorization-failed", retriable: true }],
  [STATUS.GROUP_AUTHORIZATION_FAILED, { code: "authorization-failed", retriable: true }],
  [STATUS.CLUSTER_AUTHORIZATION_FAILED, { code: "authorization-failed", retriable: true }],
  [STATUS.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, { code: "authorization-failed", retriable: true }],
  [STATUS.AUTO_OFFSET_RESET, { code: "offset-out-of-range", retriable: false }],
  [STATUS.OFFSET_OUT_OF_RANGE, { code: "offset-out-of-range", retriable: false }],
  [STATUS.MSG_SIZE_TOO_LARGE, { code: "record-too-large", retriable: false }],
  [STATUS.FENCED, { code: "fenced", retriable: true }],
  [STATUS.PRODUCER_FENCED, { code: "fenced", retriable: true }],
  [STATUS.INVALID_PRODUCER_EPOCH, { code: "fenced", retriable: true }],
  [STATUS.FENCED_INSTANCE_ID, { code: "fenced", retriable: false }],
]);

/**
 * The error for a status number. `what` says what failed, `detail` is librdkafka's or the broker's own text; without one
 * the library's text for the number is used. Numbers not in the table are `kafka` and worth a retry: what is stopped for
 * good must be known to be hopeless.
 */
export function errorFromStatus(
  library: NativeLibrary,
  status: number,
  what: string,
  detail = "",
  facts: ErrorFacts = {},
): StraitError {
  const meaning = MEANINGS.get(status) ?? { code: "kafka", retriable: true };
  const text = detail || library.runtime.readCString(library.rd_kafka_err2str(status));
  return new StraitError(meaning.code, `${what}: ${text}`, {
    ...facts,
    kafkaCode: status,
    retriable: meaning.retriable,
  });
}

/** Takes over an rd_kafka_error_t (0: no error): frees it and returns what it says. */
export function takeError(
  library: NativeLibrary,
  error: number,
): { status: number; text: string; fatal: boolean; retriable: boolean } | null {
  if (error === 0) return null;
  const taken = {
    status: library.rd_kafka_error_code(error),
    text: library.runtime.readCString(library.rd_kafka_error_string(error)),
    fatal: library.rd_kafka_error_is_fatal(error) !== 0,
    retriable: library.rd_kafka_error_is_retriable(error) !== 0,
  };
  library.rd_kafka_error_destroy(error);
  return taken;
}

/** Takes over an rd_kafka_error_t and throws it as a StraitError, if there is one. */
export function throwError(library: NativeLibrary, error: number, what: string, facts: ErrorFacts = {}): void {
  const taken = takeError(library, error);
  if (taken !== null) throw errorFromStatus(library, taken.status, what, taken.text, facts);
}
