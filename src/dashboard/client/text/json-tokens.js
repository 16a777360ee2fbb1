/** JSON in pieces that keep every character: nothing is parsed, so numbers and doubled names stay as they are. */

/** A string, a number or word, or a mark. White space between them is left out. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s"{}[\]:,]+|[{}[\]:,]/gy;
const SPACE = /\s+/y;

/**
 * The tokens of a JSON text; null for a text that is none. It need not be whole: it may have been cut off.
 *
 * @param {string} text
 * @returns {string[] | null}
 */
export function jsonTokens(text) {
  if (!/^\s*[[{]/.test(text)) return null;
  const tokens = [];
  let at = 0;
  while (at < text.length) {
    SPACE.lastIndex = at;
    const space = SPACE.exec(text);
    if (space !== null) at += space[0].length;
    if (at === text.length) break;
    TOKEN.lastIndex = at;
    // A string without an end: what was cut off.
    const token = TOKEN.exec(text)?.[0] ?? text.slice(at);
    tokens.push(token);
    at += token.length;
  }
  return tokens;
}

/**
 * What stands before each token where JSON is written over several lines: a line break and indentation, a space, or
 * nothing.
 *
 * @param {readonly string[]} tokens
 * @returns {string[]}
 */
export function spacing(tokens) {
  let depth = 0;
  return tokens.map((token, index) => {
    const before = tokens[index - 1] ?? "";
    const closes = token === "}" || token === "]";
    if (closes) depth = Math.max(0, depth - 1);
    const isFirst = before === "{" || before === "[";
    const space = isFirst || before === "," || closes ? `\n${"  ".repeat(depth)}` : before === ":" ? " " : "";
    if (token === "{" || token === "[") depth += 1;
    if (index === 0) return "";
    return isFirst && closes ? "" : space;
  });
}
