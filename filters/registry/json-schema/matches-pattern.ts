/** Patterns in JSON Schemas. They are somebody else's, so they run on an engine that does not backtrack. */

import { RE2JS } from "re2js";
import { notUnderstood } from "./documents.ts";

/** Whether a pattern matches somewhere in a name. Throws `filter-failed` for one that RE2 cannot run. */
export function matchesPattern(pattern: string, name: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(name).find();
  } catch {
    throw notUnderstood("a pattern needs more than regular expressions, such as a look ahead");
  }
}
