/** What went wrong with a request, in the server's words. */

/** @typedef {import("../types.d.ts").FieldError} FieldError */

/** A request that was not answered as hoped. `status` is 0 where there was no answer at all. */
export class ApiProblem extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {readonly FieldError[]} [errors] by field
   */
  constructor(status, detail, errors = []) {
    super(detail);
    this.name = "ApiProblem";
    this.status = status;
    this.errors = errors;
  }
}

/**
 * The problem an answer tells of. Whatever stands between here and strait answers in its own form.
 *
 * @param {Response} response
 */
export async function problemOf(response) {
  const body = await response.json().catch(() => null);
  const detail =
    typeof body?.detail === "string" ? body.detail : `the answer was ${response.status} ${response.statusText}`;
  return new ApiProblem(response.status, detail, Array.isArray(body?.errors) ? body.errors : []);
}

/**
 * Words for whatever was thrown.
 *
 * @param {unknown} error
 */
export function wordsOf(error) {
  return error instanceof Error ? error.message : String(error);
}
