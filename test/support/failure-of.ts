import { StraitError } from "../../src/model/errors.ts";

/** The StraitError a promise rejects with. Fails where it resolves or rejects with anything else. */
export async function failureOf(promise: Promise<unknown>): Promise<StraitError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof StraitError) return error;
    throw error;
  }
  throw new Error("expected a failure");
}
