/** Patterns for topic names, as policies have them. */

/**
 * Whether a pattern is the whole of a topic's name: `*` stands for any characters or none, `?` for exactly one, and every
 * other character for itself. Upper and lower case differ. The time is at most the product of the two lengths, whatever
 * the pattern.
 */
export function matchesTopic(pattern: string, topic: string): boolean {
  let at = 0;
  let position = 0;
  /** The last `*` and how far it reaches: only that one can still be wrong. */
  let star = -1;
  let reach = 0;
  while (position < topic.length) {
    if (pattern[at] === "*") {
      star = at++;
      reach = position;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === topic[position])) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++reach;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
