/** IPv4 addresses in dotted decimal. */

import { digitAt, isDigit, isInsideAfter } from "./characters.ts";
import { lengthsOf, type RunDetector } from "./detector.ts";

const DOT = 0x2e;

export const ipv4: RunDetector = {
  kind: "run",
  name: "ipv4",
  description:
    "IPv4 addresses: four numbers from 0 to 255 of at most three digits with dots between, and no fifth one. Version numbers of four parts look the same.",
  needs: { length: 7, digits: 4, sign: "." },
  lengths: lengthsOf(1, 3),
  read(text, start, _runEnd, found) {
    if (text.charCodeAt(start - 1) === DOT && isDigit(text.charCodeAt(start - 2))) return;
    const end = ipv4End(text, start);
    if (end > 0) found(start, end);
  },
};

/** Where the address that begins at `start` ends, 0 where there is none. */
export function ipv4End(text: string, start: number): number {
  let at = start;
  for (let part = 0; ; part++) {
    let value = 0;
    let digits = 0;
    for (; digits < 3 && isDigit(text.charCodeAt(at)); digits++) value = value * 10 + digitAt(text, at++);
    if (digits === 0 || value > 255) return 0;
    if (part === 3) break;
    if (text.charCodeAt(at) !== DOT) return 0;
    at++;
  }
  const goesOn = isInsideAfter(text, at) || (text.charCodeAt(at) === DOT && isDigit(text.charCodeAt(at + 1)));
  return goesOn ? 0 : at;
}
