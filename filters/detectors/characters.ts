/** What a letter and a digit are, and where a run of them begins and ends. */

/** White space that stands between the groups of a number: space, no-break space, narrow no-break space. */
export const SPACES = " \u00a0\u202f";

/** Whether a code unit is one of `SPACES`. */
export function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0xa0 || unit === 0x202f;
}

/** ASCII digits; no other ones are read. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** ASCII letters. */
export function isLetter(unit: number): boolean {
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** ASCII letters and digits. NaN, as past the end of a text, is neither. */
export function isAlphanumeric(unit: number): boolean {
  return isDigit(unit) || isLetter(unit);
}

/** Whether all code units from `start` to `end` are ASCII digits. */
export function areDigits(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

/** Whether all code units from `start` to `end` are ASCII letters. */
export function areLetters(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isLetter(text.charCodeAt(at))) return false;
  return true;
}

/** The digit at `index`, for texts that are known to hold one there. */
export function digitAt(text: string, index: number): number {
  return text.charCodeAt(index) - 0x30;
}

/** Whether a word goes on to the left of `at`: no match may begin there. */
export function isInsideBefore(text: string, at: number): boolean {
  const unit = text.charCodeAt(at - 1);
  return isAlphanumeric(unit) || (unit >= 0x80 && wordLengthBefore(text, at) > 0);
}

/** Whether a word goes on at `at`: no match may end there. */
export function isInsideAfter(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return isAlphanumeric(unit) || (unit >= 0x80 && wordLengthAfter(text, at) > 0);
}

/** The code units (1 or 2) of the letter, mark or digit of any language that ends before `at`; 0 where there is none. */
export function wordLengthBefore(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  if (!(unit >= 0x80)) return isAlphanumeric(unit) ? 1 : 0;
  const length = isLowSurrogate(unit) && isHighSurrogate(text.charCodeAt(at - 2)) ? 2 : 1;
  return isWord(text.slice(at - length, at)) ? length : 0;
}

/** The same for the one that begins at `at`. */
export function wordLengthAfter(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (!(unit >= 0x80)) return isAlphanumeric(unit) ? 1 : 0;
  const length = isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(at + 1)) ? 2 : 1;
  return isWord(text.slice(at, at + length)) ? length : 0;
}

const WORD = /^[\p{L}\p{M}\p{N}]$/u;

/**
 * Scripts that are written without spaces, or join particles to what is before: a number between their letters stands by
 * itself.
 */
const UNSPACED =
  /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]$/u;

function isWord(character: string): boolean {
  return WORD.test(character) && !UNSPACED.test(character);
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}
