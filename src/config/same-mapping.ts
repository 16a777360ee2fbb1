/** Whether a mapping is the one it was. */

import { isDeepStrictEqual } from "node:util";
import type { Mapping } from "./resources.ts";

/** Whether two mappings say the same, apart from whether they are paused. */
export function sameButPaused(a: Mapping, b: Mapping): boolean {
  return isDeepStrictEqual({ ...a, paused: false }, { ...b, paused: false });
}
