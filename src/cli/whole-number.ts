/** Numbers on the command line. */

import { UsageError } from "./usage-error.ts";

/** A parser for whole numbers within bounds, both included. It throws {@link UsageError}, naming what the number is for. */
export function wholeNumber(what: string, least = 0, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const range = most === Number.MAX_SAFE_INTEGER ? "" : ` from ${least} to ${most}`;
    throw new UsageError(`${what} takes a whole number${range}, not ${JSON.stringify(text)}`);
  };
}
