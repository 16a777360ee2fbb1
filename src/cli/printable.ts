/** Words of others on a terminal. */

/**
 * The text with what would steer a terminal spelt out: names and reasons may hold words of brokers and of other people.
 * Line ends stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === "\n" ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The text on one line, with `…` where it is longer than so many letters. */
export function cut(text: string, letters: number): string {
  const all = [...printable(text).replaceAll(/\s*\n\s*/g, " ")];
  if (all.length <= letters) return all.join("");
  return letters <= 0 ? "" : `${all.slice(0, letters - 1).join("")}…`;
}
