/** Names of fields as words. */

/**
 * `onFailure` becomes `On failure`. A name with dots stays what it is.
 *
 * @param {string} name
 */
export function wordsOfName(name) {
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) return name;
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
