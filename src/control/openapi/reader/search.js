/** Finds operations by words. */

/** @typedef {import("./types.d.ts").Entry} Entry */

/**
 * What an operation is found by: method, path, summary, tag, role, parameters, statuses, fields of its body.
 *
 * @param {Entry} entry
 * @returns {string}
 */
export function searchText({ method, path, operation }) {
  const { tags, summary, parameters = [], responses, requestBody } = operation;
  const { schema } = requestBody?.content["application/json"] ?? {};
  return [
    method,
    path,
    summary,
    ...tags,
    operation["x-role"],
    ...parameters.map(({ name, description }) => `${name} ${description}`),
    ...Object.keys(responses),
    ...Object.keys(schema?.properties ?? {}),
    schema?.$ref ?? "",
  ]
    .join(" ")
    .toLowerCase();
}

/**
 * Whether every word is somewhere in the text; no words match everything.
 *
 * @param {string} text as searchText gives it
 * @param {string} words
 */
export function matches(text, words) {
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
