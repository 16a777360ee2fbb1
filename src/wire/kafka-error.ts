/** Error numbers of the Kafka protocol turned into strait's errors. */

import { protocolErrors, protocolErrorsCodesById } from "@platformatic/kafka";
import { type ErrorCode, type ErrorFacts, StraitError } from "../model/errors.ts";

/** The numbers code branches on; names and meaning are in Kafka's org.apache.kafka.common.protocol.Errors. */
export const KAFKA_CODES = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  coordinatorNotAvailable: 15,
  messageTooLarge: 10,
  recordListTooLarge: 18,
  groupAuthorizationFailed: 30,
  topicAlreadyExists: 36,
  groupIdNotFound: 69,
} as const;

/** What strait calls an error where that is more than "kafka". */
const OWN_CODES: Readonly<Record<string, ErrorCode>> = {
  OFFSET_OUT_OF_RANGE: "offset-out-of-range",
  UNKNOWN_TOPIC_OR_PARTITION: "unknown-topic",
  REQUEST_TIMED_OUT: "timeout",
  MESSAGE_TOO_LARGE: "record-too-large",
  TOPIC_AUTHORIZATION_FAILED: "authorization-failed",
  GROUP_AUTHORIZATION_FAILED: "authorization-failed",
  CLUSTER_AUTHORIZATION_FAILED: "authorization-failed",
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: "authorization-failed",
  SASL_AUTHENTICATION_FAILED: "authentication-failed",
};

/**
 * What may work later though the protocol does not say so. A request that gets in between while a connection logs in again
 * (connections.max.reauth.ms) is not looked at, and the connection ends.
 */
const PASSES: readonly string[] = ["ILLEGAL_SASL_STATE"];

/**
 * The error for a number a broker answered. `failed` says what could not be done (`cannot read the offsets of orders/3`),
 * `words` what the broker added, if anything.
 */
export function kafkaError(
  kafkaCode: number,
  failed: string,
  facts: ErrorFacts = {},
  words?: string | null,
): StraitError {
  const id = protocolErrorsCodesById[kafkaCode] ?? "UNKNOWN";
  const known = protocolErrors[id];
  const reason = words || known?.message || "an error number strait does not know";
  return new StraitError(OWN_CODES[id] ?? "kafka", `${failed}: ${reason} (${id}, ${kafkaCode})`, {
    ...facts,
    kafkaCode,
    retriable: known?.canRetry === true || PASSES.includes(id),
  });
}
