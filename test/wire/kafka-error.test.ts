import { expect, test } from "bun:test";
import { kafkaError } from "../../src/wire/kafka-error.ts";

const NETWORK_EXCEPTION = 13;
const INVALID_REQUEST = 42;
const ILLEGAL_SASL_STATE = 34;

test.each([
  ["what the protocol says may pass", NETWORK_EXCEPTION, true],
  ["what it says does not", INVALID_REQUEST, false],
  ["a request that came while the connection logged in again", ILLEGAL_SASL_STATE, true],
  ["what nobody knows", 9999, false],
])("%s is told as such", (_, kafkaCode, retriable) => {
  const error = kafkaError(kafkaCode, "cannot fetch from a:1");
  expect([error.code, error.retriable, error.facts.kafkaCode]).toEqual(["kafka", retriable, kafkaCode]);
  expect(error.message).toStartWith("cannot fetch from a:1: ");
});
