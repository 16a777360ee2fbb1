/** Ids for elements that others point at: labels, descriptions. */

/**
 * An id that no other element of the page has.
 *
 * @param {string} prefix
 */
export function newId(prefix) {
  return `${prefix}-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
}
