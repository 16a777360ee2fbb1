/** Two texts with what differs marked: taken away in the first, put there in the second. */

import { el } from "../dom/el.js";
import { commonTokens } from "../text/differences.js";
import { jsonTokens, spacing } from "../text/json-tokens.js";

/**
 * JSON is written over several lines and compared piece by piece, else the texts word by word.
 *
 * @param {string} before
 * @param {string} after
 * @returns {{ before: DocumentFragment, after: DocumentFragment }}
 */
export function comparedTexts(before, after) {
  const [left, right] = [jsonTokens(before), jsonTokens(after)];
  if (left === null || right === null) return marked(words(before), words(after), () => []);
  return marked(left, right, spacing);
}

/**
 * @param {readonly string[]} before
 * @param {readonly string[]} after
 * @param {(tokens: readonly string[]) => readonly string[]} spacesOf
 */
function marked(before, after, spacesOf) {
  const same = commonTokens(before, after);
  return {
    before: fragment(before, same.before, spacesOf(before), "del"),
    after: fragment(after, same.after, spacesOf(after), "ins"),
  };
}

/**
 * Neighbours that differ are one mark, so that they read, and are read out, as one.
 *
 * @param {readonly string[]} tokens
 * @param {readonly boolean[]} same
 * @param {readonly string[]} spaces
 * @param {"del" | "ins"} tag
 */
function fragment(tokens, same, spaces, tag) {
  const result = document.createDocumentFragment();
  /** @type {HTMLElement | null} */
  let mark = null;
  tokens.forEach((token, index) => {
    const space = spaces[index] ?? "";
    if (same[index]) {
      mark = null;
      result.append(space + token);
    } else if (mark === null) {
      mark = el(tag, {}, token);
      result.append(space, mark);
    } else mark.append(space + token);
  });
  return result;
}

/** @param {string} text */
function words(text) {
  return text.match(/\w+|\s+|[^\w\s]/gu) ?? [];
}
