/** What one detector finds in a text. */

import type { Detector } from "../../../filters/detectors/detector.ts";
import { matchFinder } from "../../../filters/detectors/find-matches.ts";

export function foundBy(detector: Detector, text: string): string[] {
  return matchFinder([detector])
    .find(text)
    .map(({ start, end }) => text.slice(start, end));
}
