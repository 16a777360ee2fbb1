/** Changes what detectors find in a text: only the matches, or the whole text. */

import { type KafkaRecord, StraitError } from "../../src/mod.ts";
import type { FieldAction, FieldChange } from "../fields/change.ts";
import { ChangedPaths } from "../fields/changed-paths.ts";
import { detectInJson } from "./detect-in-json.ts";
import type { Detector } from "./detector.ts";
import { matchFinder } from "./find-matches.ts";
import type { Match } from "./settle-overlaps.ts";

/** A detector, and what happens to what it finds. */
export interface Detection {
  readonly detector: Detector;
  readonly change: FieldChange;
  /** What the evidence calls a match; never content. */
  readonly label: string;
}

export interface DetectAction extends FieldAction {
  /** The labels of the matches that were changed in the last record of the partition, in order. Not to be written to. */
  hitsIn(partition: number): readonly string[];
}

/**
 * With scope `match`, matches are replaced or cut out and the text around them stays. With `field`, the change of the first
 * match is made to the whole text; one that is to be dropped wins. `detections` are in the order in which they count.
 */
export function detectAction(detections: readonly Detection[], scope: "match" | "field"): DetectAction {
  const finder = matchFinder(detections.map(({ detector }) => detector));
  const labels = detections.map(({ label }) => label);
  const changes = detections.map(({ change }) => textChange(change));
  const actions = detections.flatMap(({ change }) => (change.kind === "act" ? [change.action] : []));
  const starting = actions.filter(({ begin }) => begin !== undefined);
  // A partition has one record at a time; those of others may come in between where a schema is waited for.
  const hitsOf = new Map<number, ChangedPaths>();
  let hits = new ChangedPaths(labels);
  const drops = (matches: readonly Match[]): boolean =>
    matches.some(({ detector }) => detections[detector]!.change.kind === "drop");

  const text = (value: string): string | null => {
    const matches = finder.find(value);
    const [first] = matches;
    if (first === undefined) return null;
    if (scope === "match") return changeMatches(value, matches, changes, hits);
    // A format that cannot drop asks here: nothing may cross instead.
    if (drops(matches)) throw new StraitError("filter-failed", "a field of this format cannot be dropped by detect");
    const after = changes[first.detector]!(value);
    if (after !== null) for (const { detector } of matches) hits.add(detector);
    return after;
  };

  return {
    name: "detect",
    begin(record: KafkaRecord) {
      hits = hitsOf.get(record.partition) ?? new ChangedPaths(labels);
      hitsOf.set(record.partition, hits);
      hits.clear();
      for (const action of starting) action.begin?.(record);
    },
    text,
    json: detectInJson(finder, text),
    ...(scope === "field" && detections.some(({ change }) => change.kind === "drop")
      ? {
          drops(value: string) {
            const matches = finder.find(value);
            if (!drops(matches)) return false;
            for (const { detector } of matches) hits.add(detector);
            return true;
          },
        }
      : {}),
    hitsIn: (partition) => hitsOf.get(partition)?.list ?? [],
  };
}

/** What stands in the place of a text; null where it stays. */
type TextChange = (text: string) => string | null;

function textChange(change: FieldChange): TextChange {
  switch (change.kind) {
    case "drop":
      return () => "";
    case "replace": {
      const { value } = change;
      if (typeof value !== "string") throw new StraitError("filter-invalid", "a match is replaced by text only");
      return () => value;
    }
    case "act":
      return (text) => change.action.text(text);
  }
}

function changeMatches(
  text: string,
  matches: readonly Match[],
  changes: readonly TextChange[],
  hits: ChangedPaths,
): string | null {
  let result = "";
  let from = 0;
  for (const { start, end, detector } of matches) {
    const after = changes[detector]!(text.slice(start, end));
    if (after === null) continue;
    result += text.slice(from, start) + after;
    from = end;
    hits.add(detector);
  }
  return from === 0 ? null : result + text.slice(from);
}
