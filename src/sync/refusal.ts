/** Telling what brokers refuse from what goes wrong. */

import { StraitError } from "../model/errors.ts";

/**
 * Whether brokers understood a request and will not do it: the right is missing, a value or the whole request is against
 * their rules, or they do not offer it. Trying again changes nothing, and copying can do without.
 */
export function isRefusal(error: unknown): error is StraitError {
  if (!(error instanceof StraitError) || error.retriable) return false;
  return error.code === "authorization-failed" || error.code === "kafka";
}
