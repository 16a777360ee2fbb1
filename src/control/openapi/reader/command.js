/** An operation as a command to paste. */

/** @typedef {import("./types.d.ts").Entry} Entry */

/**
 * A curl command with the examples filled in. `$STRAIT_TOKEN` stands for the token, where one is needed.
 *
 * @param {Entry} entry
 * @param {string} origin where strait is
 * @returns {string}
 */
export function commandOf({ method, path, operation }, origin) {
  const { parameters = [], requestBody } = operation;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(exampleOf(parameters, name)));
  const query = parameters
    .filter((each) => each.in === "query" && each.required)
    .map(({ name }) => `${name}=${encodeURIComponent(exampleOf(parameters, name))}`);
  const url = `${origin}${filled}${query.length === 0 ? "" : `?${query.join("&")}`}`;
  const body = requestBody?.content["application/json"]?.example;
  const parts = [
    `curl${method === "get" ? "" : ` -X ${method.toUpperCase()}`} ${quoted(url)}`,
    operation["x-role"] === "none" ? null : '-H "authorization: Bearer $STRAIT_TOKEN"',
    body === undefined ? null : "-H 'content-type: application/json'",
    body === undefined ? null : `-d ${quoted(JSON.stringify(body))}`,
  ];
  return parts.filter((part) => part !== null).join(" \\\n  ");
}

/**
 * @param {readonly import("./types.d.ts").Parameter[]} parameters
 * @param {string} name
 */
function exampleOf(parameters, name) {
  return String(parameters.find((each) => each.name === name)?.example ?? name.toUpperCase());
}

/**
 * For a POSIX shell.
 *
 * @param {string} text
 */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
