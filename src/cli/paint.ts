/** Colours on terminals, by what they mean. */

export type Ink = (text: string) => string;

export interface Paint {
  readonly good: Ink;
  readonly warning: Ink;
  readonly bad: Ink;
  readonly faint: Ink;
  readonly strong: Ink;
}

const asIs: Ink = (text) => text;

export const PLAIN: Paint = { good: asIs, warning: asIs, bad: asIs, faint: asIs, strong: asIs };

/** Select Graphic Rendition (ECMA-48, SGR), from the sixteen colours that follow the terminal's own theme. */
const sgr =
  (on: number, off: number): Ink =>
  (text) =>
    text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`;

export const COLOURED: Paint = {
  good: sgr(32, 39),
  warning: sgr(33, 39),
  bad: sgr(31, 39),
  faint: sgr(2, 22),
  strong: sgr(1, 22),
};

/** The paint for a terminal: none with `NO_COLOR` (no-color.org) or on one that says it is dumb. */
export function paintFor({ NO_COLOR: noColour = "", TERM: term }: Readonly<Record<string, string | undefined>>): Paint {
  return noColour === "" && term !== "dumb" ? COLOURED : PLAIN;
}

/** How a state of a link or of a partition is painted. */
export function inkOfState(paint: Paint, state: string): Ink {
  switch (state) {
    case "running":
      return paint.good;
    case "paused":
    case "stopped":
      return paint.faint;
    case "failed":
    case "diverged":
    case "quarantined":
      return paint.bad;
    default:
      return paint.warning;
  }
}
