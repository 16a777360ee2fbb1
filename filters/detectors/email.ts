/** E-mail addresses as RFC 5321 has them, less what only its grammar knows: quoted local parts and address literals. */

import { isAlphanumeric, isDigit, isLetter, wordLengthAfter, wordLengthBefore } from "./characters.ts";
import type { TextDetector } from "./detector.ts";

/** RFC 5321 has more, but `=`, `/`, `?`, `{`, `|` and the like stand around addresses more often than in them. */
const LOCAL_SIGNS = "._%+-'&~!#$*";
/** RFC 1035, 2.3.4. */
const LONGEST_LABEL = 63;
const LONGEST_DOMAIN = 253;

export const email: TextDetector = {
  kind: "text",
  name: "email",
  description:
    "E-mail addresses: letters, digits and ._%+-'&~!#$* before the @, behind it a domain of at least two labels that ends in letters. Quoted local parts, IP addresses as domains and hosts without a dot do not count.",
  needs: { length: 6, digits: 0, sign: "@" },
  find(text, found) {
    for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
      const end = domainEnd(text, at + 1);
      if (end === 0) continue;
      const start = localStart(text, at);
      if (start < at) found(start, end);
    }
  },
};

/** Where the local part before the `@` at `at` begins: signs at its front belong to what is around it. */
function localStart(text: string, at: number): number {
  let start = at;
  let from = at;
  for (;;) {
    const length = wordLengthBefore(text, from);
    if (length > 0) {
      from -= length;
      start = from;
    } else if (from > 0 && LOCAL_SIGNS.includes(text.charAt(from - 1))) {
      from--;
      if (text.charAt(from) === "_") start = from;
    } else {
      return start;
    }
  }
}

/** Where the longest domain that begins at `start` ends, 0 where there is none. */
function domainEnd(text: string, start: number): number {
  let end = 0;
  let label = start;
  for (let labels = 1; ; labels++) {
    const after = labelEnd(text, label);
    if (after === label || after - start > LONGEST_DOMAIN || after - label > LONGEST_LABEL) return end;
    if (labels > 1) end = topLevelEnd(text, label, after) || end;
    // What follows a hyphen at the end of a label is not part of the domain.
    if (text.charAt(after) !== "." || text.charAt(after - 1) === "-") return end;
    label = after + 1;
  }
}

function labelEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    const length = wordLengthAfter(text, at);
    if (length > 0) at += length;
    else if (at > start && text.charAt(at) === "-") at++;
    else return at;
  }
}

/** Where a top-level domain ends that begins at `start`: two letters or more (RFC 3696, 2), or a punycode label. */
function topLevelEnd(text: string, start: number, labelsEnd: number): number {
  if (text.startsWith("xn--", start)) return isAlphanumeric(text.charCodeAt(labelsEnd - 1)) ? labelsEnd : 0;
  let at = start;
  for (let letters = 0; ; letters++) {
    const unit = text.charCodeAt(at);
    const length = isLetter(unit) ? 1 : unit >= 0x80 ? wordLengthAfter(text, at) : 0;
    if (length === 0) return letters >= 2 && !isDigit(unit) ? at : 0;
    at += length;
  }
}
