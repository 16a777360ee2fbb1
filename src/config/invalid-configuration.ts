/** Input that strait refuses, with every mistake and where it is. */

import { StraitError } from "../model/errors.ts";

/** One mistake in a document. */
export interface FieldError {
  /** JSON Pointer to the field, "" for the whole document. */
  readonly path: string;
  /** What is wrong and what would be right. Never holds the value itself where that may be a secret. */
  readonly message: string;
}

/**
 * Thrown for input that breaks a schema or a rule (`configuration`) or what exists already (`conflict`). `errors` is
 * never empty.
 */
export class InvalidConfiguration extends StraitError {
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[], code: "configuration" | "conflict" = "configuration") {
    super(code, errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; "));
    this.errors = errors;
  }
}

/** Throws what was found, or returns if nothing was. */
export function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new InvalidConfiguration(errors);
}

/** The same mistakes, seen from a document that holds the checked one at `path`. */
export function errorsUnder(path: string, errors: readonly FieldError[]): FieldError[] {
  return errors.map((error) => ({ path: path + error.path, message: error.message }));
}
