import { StraitError } from "../../src/model/errors.ts";

/** The StraitError a function throws. Fails where it returns or throws anything else. */
export function thrownBy(work: () => unknown): StraitError {
  try {
    work();
  } catch (error) {
    if (error instanceof StraitError) return error;
    throw error;
  }
  throw new Error("expected a failure");
}

/** What a function returns, or the StraitError it throws: all that input nobody vouches for may lead to. */
export function outcomeOf<T>(work: () => T): T | StraitError {
  try {
    return work();
  } catch (error) {
    if (error instanceof StraitError) return error;
    throw error;
  }
}
