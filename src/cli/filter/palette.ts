/** How changes are marked: in colour on a terminal, with signs elsewhere. */

export interface Palette {
  readonly removed: (text: string) => string;
  readonly added: (text: string) => string;
  readonly failed: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** The signs of wdiff. */
export const SIGNS: Palette = {
  removed: (text) => `[-${text}-]`,
  added: (text) => `{+${text}+}`,
  failed: (text) => text,
  faint: (text) => text,
};

/** Select Graphic Rendition (ECMA-48, SGR). */
const sgr = (parameters: string) => (text: string) => `\u001b[${parameters}m${text}\u001b[0m`;

export const COLOURS: Palette = {
  removed: sgr("1;31"),
  added: sgr("1;32"),
  failed: sgr("31"),
  faint: sgr("2"),
};

/** Colours on a terminal, unless `NO_COLOR` (no-color.org) says otherwise. */
export function paletteFor(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): Palette {
  const { NO_COLOR: noColour = "" } = environment;
  return isTerminal && noColour === "" ? COLOURS : SIGNS;
}
