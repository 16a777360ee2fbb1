/** Reads the paths of a filter's options, with every mistake and where it is. */

import { type OptionProblem, StraitError, Type } from "../../src/mod.ts";
import { compileMatcher, type MatchState } from "./matcher.ts";
import { type JsonPath, parsePath, segmentKey } from "./path.ts";

/** The schema of a path that chooses fields. */
export const PathOption = Type.String({
  minLength: 1,
  maxLength: 1024,
  description:
    "An RFC 9535 path: names ($.a.b, $['a-b']), indexes from 0 ($.a[0]), wildcards ($.a[*]) and any depth ($..a); no filter expressions, slices, unions and negative indexes.",
});

/** A path as it stands in the options. */
export interface OptionPath {
  readonly text: string;
  /** JSON Pointer into the options. */
  readonly pointer: string;
}

export type CompiledPaths =
  | { readonly ok: true; readonly matcher: MatchState }
  | { readonly ok: false; readonly problems: readonly OptionProblem[] };

export interface CompileOptions {
  /** Whether matches are sought inside of matches, too. Where not, a path that could never match is a mistake. */
  readonly below: boolean;
  /** The pointer for what is wrong with all paths together. */
  readonly pointer: string;
}

/** Compiles a list of paths; the matcher's indexes are those of the list. */
export function compilePaths(list: readonly OptionPath[], options: CompileOptions): CompiledPaths {
  const problems: OptionProblem[] = [];
  const paths: JsonPath[] = [];
  for (const { text, pointer } of list) {
    const path = problemOf(pointer, problems, () => parsePath(text));
    if (path !== null) paths.push(path);
  }
  if (problems.length === 0 && !options.below) problems.push(...overlaps(list, paths));
  if (problems.length > 0) return { ok: false, problems };
  const matcher = problemOf(options.pointer, problems, () => compileMatcher(paths, { below: options.below }));
  return matcher === null ? { ok: false, problems } : { ok: true, matcher };
}

function problemOf<T>(pointer: string, problems: OptionProblem[], attempt: () => T): T | null {
  try {
    return attempt();
  } catch (thrown) {
    if (!(thrown instanceof StraitError)) throw thrown;
    problems.push({ path: pointer, message: thrown.message });
    return null;
  }
}

/** Paths that are another one over again, or lie below another one, which has already settled everything there. */
function overlaps(list: readonly OptionPath[], paths: readonly JsonPath[]): OptionProblem[] {
  const firstWith = new Map<string, number>();
  for (const [index, path] of paths.entries()) {
    const key = path.map(segmentKey).join("");
    if (!firstWith.has(key)) firstWith.set(key, index);
  }
  const problems: OptionProblem[] = [];
  for (const [index, path] of paths.entries()) {
    const pointer = list[index]?.pointer ?? "";
    let key = "";
    for (let taken = 0; taken <= path.length; taken++) {
      const other = firstWith.get(key);
      const segment = path[taken];
      if (other !== undefined && other !== index) {
        const text = list[other]?.text;
        if (segment === undefined) problems.push({ path: pointer, message: `is the same path as ${text}` });
        else problems.push({ path: pointer, message: `can never match: it lies below ${text}, which is listed, too` });
        break;
      }
      if (segment !== undefined) key += segmentKey(segment);
    }
  }
  return problems;
}
